/**
 * SHA-256 (FIPS 180-4), the one hash of the ledger. In Node it is node:crypto's, four times as fast on an entry as the portable one
 * of sha256-portable.ts, which the browser's bundle has in this file's place. Equal bytes: test/property/sha256.test.ts.
 */
import { hash } from 'node:crypto';

const BYTES = 32;

/** Parts are put together here: a Buffer of its own for every message costs more than hashing it. */
const message = Buffer.allocUnsafeSlow(16_384);

/** 32 bytes. Parts are hashed as one message. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  // As a string of bytes: a Buffer for every digest has its memory outside the heap, and costs more than the hash does.
  const bytes = hash('sha256', join(parts), 'binary');
  const digest = new Uint8Array(BYTES);
  for (let at = 0; at < BYTES; at++) digest[at] = bytes.charCodeAt(at);
  return digest;
}

/** The result holds until the next call. */
function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > message.length) return Buffer.concat(parts);
  let at = 0;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message.subarray(0, length);
}
