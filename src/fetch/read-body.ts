/**
 * Reads a response body under a cap, decompressing as it goes. The cap is on the decompressed bytes and is checked chunk
 * by chunk, so a decompression bomb is dropped after `maxBytes`, not after it has been inflated.
 * Content codings: RFC 9110 section 8.4.1. Proved by test/unit/fetch/read-body.test.ts.
 */
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { InvalidInputError } from '../errors.ts';

export const ACCEPT_ENCODING = 'gzip, deflate, br';
/** Small output chunks keep what one compressed chunk can inflate to small. */
const CHUNK_BYTES = 64 * 1024;
const MAX_CODINGS = 2;

export interface BodyCap {
  /** On the decompressed bytes. */
  readonly maxBytes: number;
  /** What to do beyond it; `cut` is for robots.txt, where RFC 9309 section 2.5 says so. */
  readonly beyond: 'refuse' | 'cut';
}

/** Raises `body_too_large`, `unsupported_encoding` and `bad_body_encoding`; network errors pass through. */
export async function readBody(body: Readable, contentEncoding: string | undefined, cap: BodyCap): Promise<Buffer> {
  const codings = parseCodings(contentEncoding);
  if (codings.length > MAX_CODINGS || codings.some((coding) => !(coding in DECODERS))) {
    body.on('error', () => undefined).destroy();
    throw new InvalidInputError('unsupported_encoding', `content-encoding ${codings.join(', ').slice(0, 60)}`);
  }
  try {
    if (codings.at(-1) !== 'deflate') return await collect(body, codings, cap);
    const raw = await collect(body, [], cap);
    return await collect(Readable.from([raw]), [...codings.slice(0, -1), isZlib(raw) ? 'deflate' : 'raw-deflate'], cap);
  } catch (error) {
    if (isZlibError(error)) throw new InvalidInputError('bad_body_encoding', `body is not valid ${codings.join(', ')}`, { cause: error });
    throw error;
  }
}

/** Codings are listed in the order they were applied, so they come off from the last. */
async function collect(source: Readable, codings: readonly string[], cap: BodyCap): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  let received = 0;
  const decoders = codings.toReversed().map((coding) => (DECODERS[coding] as DecoderFactory)());
  const tooLarge = new InvalidInputError('body_too_large', `body is larger than ${cap.maxBytes} bytes`);
  async function* count(raw: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of raw) {
      received += chunk.length;
      yield chunk;
    }
  }
  async function keep(decoded: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of decoded) {
      size += chunk.length;
      chunks.push(chunk);
      if (size > cap.maxBytes) throw tooLarge;
    }
  }
  try {
    // The declared type of the list form knows streams only; its function form is documented.
    await pipeline([source, count as unknown as Transform, ...decoders, keep as unknown as NodeJS.WritableStream]);
  } catch (error) {
    // Breaking off makes the source fail too, and which of the two errors comes out is the pipeline's choice.
    if (size <= cap.maxBytes) {
      // No bytes at all are no error: servers announce gzip on empty bodies too.
      if (received === 0 && isZlibError(error)) return Buffer.alloc(0);
      throw error;
    }
    if (cap.beyond === 'refuse') throw tooLarge;
  }
  return Buffer.concat(chunks, Math.min(size, cap.maxBytes));
}

type DecoderFactory = () => Transform;
const OPTIONS = { chunkSize: CHUNK_BYTES };
const DECODERS: Readonly<Record<string, DecoderFactory>> = {
  gzip: () => zlib.createGunzip(OPTIONS),
  'x-gzip': () => zlib.createGunzip(OPTIONS),
  br: () => zlib.createBrotliDecompress(OPTIONS),
  deflate: () => zlib.createInflate(OPTIONS),
  'raw-deflate': () => zlib.createInflateRaw(OPTIONS),
};

/** "deflate" is the zlib format (RFC 1950), but some servers send bare RFC 1951; the first byte tells. */
function isZlib(raw: Buffer): boolean {
  return raw[0] === undefined || (raw[0] & 0x0f) === 8;
}

function parseCodings(header: string | undefined): string[] {
  return (header ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

function isZlibError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Brotli's codes are spelled ERR__ERROR_FORMAT_... in Node.
  return code.startsWith('Z_') || code.startsWith('ERR__');
}
