/** The thread that verifies, so that the page stays usable: reads an export as it comes, and runs the core that `hearsay ledger verify` runs. */
import { hashes } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { HearsayError } from '../errors.ts';
import { parseCheckpoint, parseVerifierKey } from '../ledger/checkpoint.ts';
import { readExportLines } from '../ledger/read-export-lines.ts';
import { verifyExport } from '../ledger/verify.ts';
import type { VerifyOptions } from '../ledger/verify-result.ts';
import type { VerifyAnswer, VerifyRequest } from './messages.ts';

// The browser's own SHA-512 is there on https and localhost only; an article may be read over plain http in a home network.
hashes.sha512Async = async (message) => sha512(message);

export function startThread(scope: DedicatedWorkerGlobalScope): void {
  const answer = (message: VerifyAnswer): void => scope.postMessage(message);
  scope.addEventListener('message', (event: MessageEvent<VerifyRequest>) => {
    verify(event.data, answer).catch((error: unknown) => answer({ kind: 'unread', why: error instanceof Error ? error.message : String(error) }));
  });
}

async function verify(request: VerifyRequest, answer: (message: VerifyAnswer) => void): Promise<void> {
  const options = readOptions(request);
  if (typeof options === 'string') return answer({ kind: 'unread', why: options });
  const { body, size } = await open(request.from);
  let bytes = 0;
  const pieces = read(body, (length) => {
    bytes += length;
  });
  const onProgress = (entries: number): void => answer({ kind: 'progress', entries, bytes, of: size });
  answer({ kind: 'done', result: await verifyExport(readExportLines(pieces), { ...options, onProgress }) });
}

function readOptions({ key, checkpoint }: VerifyRequest): VerifyOptions | string {
  try {
    return {
      ...(key.trim() === '' ? {} : { key: parseVerifierKey(key.trim()) }),
      // Pasting loses or adds empty lines at the end; a note ends with one newline.
      ...(checkpoint.trim() === '' ? {} : { oldCheckpoint: parseCheckpoint(`${checkpoint.replaceAll('\r', '').trim()}\n`) }),
    };
  } catch (error) {
    if (error instanceof HearsayError) return error.message;
    throw error;
  }
}

/** `size`: in bytes, where it is known ahead. */
async function open(from: string | File): Promise<{ readonly body: ReadableStream<Uint8Array>; readonly size: number | undefined }> {
  if (typeof from !== 'string') return { body: from.stream(), size: from.size };
  const response = await fetch(from);
  if (!response.ok || response.body === null) throw new Error(`The server answers ${response.status} for the ledger's file.`);
  return { body: response.body, size: undefined };
}

/** By its reader: not every browser's stream can be iterated. */
async function* read(body: ReadableStream<Uint8Array>, onBytes: (length: number) => void): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    onBytes(piece.value.length);
    yield piece.value;
  }
}
