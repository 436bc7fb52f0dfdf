/** Salts of contents: 32 random bytes each, drawn from the system in blocks, since every draw costs as much as hashing an entry. */
import { randomFillSync } from 'node:crypto';

const SALT_BYTES = 32;
const BLOCK_SALTS = 256;

let block = new Uint8Array(0);
let used = 0;

/** Never twice the same bytes: a salt is copied out, and its place in the block is wiped, so that it lives on with its content only. */
export function newSalt(): Uint8Array {
  if (used === block.length) {
    block = randomFillSync(new Uint8Array(BLOCK_SALTS * SALT_BYTES));
    used = 0;
  }
  const salt = block.slice(used, used + SALT_BYTES);
  block.fill(0, used, used + SALT_BYTES);
  used += SALT_BYTES;
  return salt;
}
