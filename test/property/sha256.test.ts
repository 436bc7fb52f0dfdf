/** The browser's SHA-256 and Node's give the same bytes, however a message is cut into parts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 as portable } from '../../src/ledger/sha256-portable.ts';
import { sha256 } from '../../src/ledger/sha256.ts';

test('both implementations agree on every message and every cut of it', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (parts) => {
      const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
      const expected = Buffer.from(portable(whole)).toString('hex');
      for (const digest of [portable(...parts), sha256(...parts), sha256(whole)]) expect(Buffer.from(digest).toString('hex')).toBe(expected);
    }),
  );
});
