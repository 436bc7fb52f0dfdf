import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commitmentOf, entryHashOf } from '../../src/ledger/chain.ts';
import { hashContentText, hashEntryText } from '../../src/ledger/hash-text.ts';

it('hashes texts to what the chain hashes their bytes to, whatever was hashed before', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 2_000 }), fc.string(), fc.constantFrom('', '🙂'.repeat(900), 'é'));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), text, (hash, each) => {
      expect(hashEntryText(hash, each)).toEqual(entryHashOf(hash, new TextEncoder().encode(each)));
      expect(hashContentText(hash, each)).toEqual(commitmentOf(hash, new TextEncoder().encode(each)));
    }),
    { numRuns: 500 },
  );
});
