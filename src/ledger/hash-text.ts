/**
 * The chain's two hashes (chain.ts) of texts, encoded behind their prefix into one buffer that is used again: a fresh array for every
 * text costs more than its hash. Proved by test/property/hash-text.test.ts: the results are those of chain.ts.
 */
import { HASH_BYTES } from './chain.ts';
import { sha256 } from './sha256.ts';

const encoder = new TextEncoder();
/** A UTF-16 code unit has at most three bytes in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/** Hashes `prefix || hash || UTF-8(text)`; `hash` has 32 bytes. */
export type TextHasher = (hash: Uint8Array, text: string) => Uint8Array;

function createHasher(prefix: string): TextHasher {
  const start = encoder.encode(prefix);
  const textAt = start.length + HASH_BYTES;
  let buffer = new Uint8Array(0);
  return (hash, text) => {
    const needed = textAt + text.length * MAX_BYTES_PER_UNIT;
    if (buffer.length < needed) {
      buffer = new Uint8Array(needed * 2);
      buffer.set(start);
    }
    buffer.set(hash, start.length);
    const { written } = encoder.encodeInto(text, buffer.subarray(textAt));
    return sha256(buffer.subarray(0, textAt + written));
  };
}

/** `entryHashOf(previous, UTF-8(header))` */
export const hashEntryText: TextHasher = createHasher('hearsay/entry/v1\n');

/** `commitmentOf(salt, UTF-8(content))` */
export const hashContentText: TextHasher = createHasher('hearsay/content/v1\n');
