/**
 * Near-duplicate detection: MinHash (Broder 1997) over the set of 5-word shingles of the matching form, with
 * locality-sensitive bands (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3).
 * 64 hash functions in 16 bands of 4 rows: texts with Jaccard similarity s share a band with probability
 * 1 - (1 - s^4)^16, i.e. 0.64 at s = 0.5 and 0.9998 at s = 0.8.
 * Proved by test/unit/normalize/min-hash.test.ts.
 */
import { wordsOf } from './matching-form.ts';

export const SIGNATURE_LENGTH = 64;
export const BAND_COUNT = 16;
const ROWS = SIGNATURE_LENGTH / BAND_COUNT;
const SHINGLE_WORDS = 5;
/** Below this many words, shared shingles say nothing ("this works for me" is written by many): no bands. */
const MIN_WORDS = 8;

export interface MinHash {
  /** 64 unsigned 32-bit values; empty for texts under 8 words. */
  readonly signature: readonly number[];
  /** One signed 64-bit key per band (fits PostgreSQL `bigint`); empty for texts under 8 words. */
  readonly bands: readonly bigint[];
}

/** FNV-1a, 32 bit: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Murmur3's finalizer: spreads a 32-bit value over all bits. */
function mixBits(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** One odd multiplier and one offset per hash function, fixed for ever: signatures are stored. */
const MULTIPLIERS = Array.from({ length: SIGNATURE_LENGTH }, (_, index) => (mixBits(index * 2 + 1) | 1) >>> 0);
const OFFSETS = Array.from({ length: SIGNATURE_LENGTH }, (_, index) => mixBits(index * 2 + 0x9e3779b9));

export function minHash(text: string): MinHash {
  const words = wordsOf(text);
  if (words.length < MIN_WORDS) return { signature: [], bands: [] };
  const shingles = new Set<number>();
  for (let start = 0; start + SHINGLE_WORDS <= words.length; start += 1) {
    shingles.add(hashText(words.slice(start, start + SHINGLE_WORDS).join(' ')));
  }
  const signature = new Array<number>(SIGNATURE_LENGTH).fill(0xffffffff);
  for (const shingle of shingles) {
    for (let index = 0; index < SIGNATURE_LENGTH; index += 1) {
      const value = mixBits((Math.imul(shingle, MULTIPLIERS[index] as number) + (OFFSETS[index] as number)) >>> 0);
      if (value < (signature[index] as number)) signature[index] = value;
    }
  }
  return { signature, bands: bandKeys(signature) };
}

/** Two different 32-bit digests of a band's rows side by side, with the band's number mixed in. */
function bandKeys(signature: readonly number[]): bigint[] {
  return Array.from({ length: BAND_COUNT }, (_, band) => {
    let high = mixBits(band + 1);
    let low = mixBits(band + 0x51ed270b);
    for (let row = 0; row < ROWS; row += 1) {
      const value = signature[band * ROWS + row] as number;
      high = mixBits((Math.imul(high, 31) + value) >>> 0);
      low = mixBits((Math.imul(low, 0x01000193) ^ value) >>> 0);
    }
    return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
  });
}

/** Estimated Jaccard similarity, 0 to 1; 0 where either text was too short for a signature. */
export function similarity(left: readonly number[], right: readonly number[]): number {
  if (left.length !== SIGNATURE_LENGTH || right.length !== SIGNATURE_LENGTH) return 0;
  let equal = 0;
  for (let index = 0; index < SIGNATURE_LENGTH; index += 1) if (left[index] === right[index]) equal += 1;
  return equal / SIGNATURE_LENGTH;
}
