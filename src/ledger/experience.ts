/**
 * Distinct experiences: same text or near-duplicate text is one experience; on other platforms than X also the
 * same author (design section 7). Authors are compared by keyed hash, and X posts carry none.
 */
import { similarity } from '../normalize/min-hash.ts';
import type { Lookups, SourceRow } from './lookups.ts';
import type { SourceRequest } from './request.ts';

/** Estimated Jaccard similarity of word 5-shingles from which two texts count as one. */
export const NEAR_DUPLICATE = 0.7;

/** Earlier sources that tell of the same experience. */
export function sameExperience(request: SourceRequest, lookups: Lookups): readonly SourceRow[] {
  const { certain, similar } = lookups.candidates(request);
  const { signature } = request;
  if (!signature || similar.length === 0) return certain;
  const own = decodeSignature(signature);
  return [...certain, ...similar.filter((row) => row.signature && similarity(own, decodeSignature(row.signature)) >= NEAR_DUPLICATE)];
}

/** MinHash signature as stored: uint32, little endian. */
export function encodeSignature(signature: readonly number[]): Buffer {
  const bytes = Buffer.alloc(signature.length * 4);
  for (const [index, value] of signature.entries()) bytes.writeUInt32LE(value >>> 0, index * 4);
  return bytes;
}

export function decodeSignature(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4));
}
