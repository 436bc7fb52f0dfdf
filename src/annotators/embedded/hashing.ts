/** Feature hashing (Weinberger et al. 2009): a feature is a string, its place in the model a 32-bit FNV-1a hash cut to the model's size. */

/** Features of one example; places repeat rarely and then add up. */
export interface FeatureVector {
  readonly hashes: number[];
  readonly values: number[];
}

export function emptyVector(): FeatureVector {
  return { hashes: [], values: [] };
}

function hashFeature(feature: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < feature.length; index += 1) hash = Math.imul(hash ^ feature.charCodeAt(index), 0x01000193);
  // FNV's low bits are weak for short strings: fold the high ones in
  return (hash ^ (hash >>> 15)) >>> 0;
}

export function addFeature(vector: FeatureVector, feature: string, value = 1): void {
  vector.hashes.push(hashFeature(feature));
  vector.values.push(value);
}
