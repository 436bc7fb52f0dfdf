/** SHA-256 where there is no node:crypto: the build of the browser's verifier puts this file in the place of sha256.ts. */
import { sha256 as digest } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';

/** 32 bytes. Parts are hashed as one message. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return digest(parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(...parts));
}
