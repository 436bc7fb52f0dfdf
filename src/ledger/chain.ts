/**
 * The hash chain of one topic (docs/ledger-format.md):
 *
 *   commitment_i = SHA-256("hearsay/content/v1\n" || salt_i || content_i)
 *   entry_i      = SHA-256("hearsay/entry/v1\n" || entry_(i-1) || header_i)     32 zero bytes before the first
 *
 * Proved by test/vectors/hearsay.test.ts (the worked example, byte for byte).
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from './sha256.ts';

const CONTENT_PREFIX = utf8ToBytes('hearsay/content/v1\n');
const ENTRY_PREFIX = utf8ToBytes('hearsay/entry/v1\n');

/** Bytes of a salt, a commitment and an entry hash. */
export const HASH_BYTES = 32;
/** What stands before the first entry. */
export const GENESIS: Uint8Array = new Uint8Array(HASH_BYTES);

/** Binds a header to content that can be destroyed: without the 32-byte random salt it cannot be guessed back. */
export function commitmentOf(salt: Uint8Array, content: Uint8Array): Uint8Array {
  return sha256(CONTENT_PREFIX, salt, content);
}

/** Hash of an entry from its predecessor's hash and its exact header bytes. */
export function entryHashOf(previous: Uint8Array, header: Uint8Array): Uint8Array {
  return sha256(ENTRY_PREFIX, previous, header);
}
