/**
 * SHA-256 (FIPS 180-4), the one hash of the ledger. In Node it is node:crypto's, four times as fast on an entry as the portable one
 * of sha256-portable.ts, which the browser's bundle has in this file's place. Equal bytes: test/property/sha256.test.ts.
 */
import { hash } from 'node:crypto';

/** 32 bytes. Parts are hashed as one message. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const digest = hash('sha256', parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts), 'buffer');
  // Not a Buffer: its `slice` shares memory where that of a Uint8Array copies.
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength);
}
