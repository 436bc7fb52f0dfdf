/** Verification of what an address leads to: an export, an article, the files of a log. */
import { InvalidInputError } from '../errors.ts';
import type { Failed, Verified, VerifyOptions } from '../ledger/verify-result.ts';
import { parseAddress, readAddress, streamAddress } from './read-address.ts';
import { verifyExportBytes } from './verify-bytes.ts';
import { type LogVerified, verifyLog } from './verify-log.ts';

const MAX_ANSWER = 1024 * 1024;

/** `onBytes`: told how much of an export has come. */
export async function verifyAddress(
  text: string,
  options: VerifyOptions,
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void },
): Promise<Verified | LogVerified | Failed> {
  const address = parseAddress(text);
  if (address.kind === 'export') return verifyExportBytes(counted(streamAddress(address.url, signal), onBytes), options);
  const { prefix, slug } = address;
  return verifyLog(
    {
      slug,
      read: (path, maxBytes) => readAddress(`${prefix}/${path}`, maxBytes, signal),
      readKey: () => readToldKey(`${prefix.slice(0, -`/log/${slug}`.length)}/api/topics/${slug}/checkpoint`, signal),
    },
    options,
  );
}

/** Another server of the same files need not have the API. */
async function readToldKey(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const told = JSON.parse(new TextDecoder().decode(await readAddress(url, MAX_ANSWER, signal))) as { vkey?: unknown } | null;
    return typeof told?.vkey === 'string' ? told.vkey : undefined;
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The stream, telling how many bytes have passed. */
export async function* counted(stream: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    onBytes(piece.length);
    yield piece;
  }
}
