/** Base64 and hex against those of Node. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../src/ledger/base64.ts';
import { equalBytes, readHex } from '../../../src/ledger/hex.ts';

const bytes = fc.uint8Array({ maxLength: 40 });

describe('base64', () => {
  it('is that of Node, and is read back', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const text = encodeBase64(given);
        expect(text).toBe(Buffer.from(given).toString('base64'));
        expect(decodeBase64(text)).toEqual(given);
      }),
    );
  });

  it('has one text for some bytes: any other is none', () => {
    const digit = fc.constantFrom('A', 'Q', 'g', '/', '+', '=', '-', '_', '\n', ' ', 'é');
    fc.assert(
      fc.property(fc.string({ unit: digit, maxLength: 9 }), (text) => {
        const read = decodeBase64(text);
        if (Buffer.from(text, 'base64').toString('base64') === text) expect(read && encodeBase64(read)).toBe(text);
        else expect(read).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
    // RFC 4648 sections 3.2, 3.3, 3.5 and 5: padding, white space, stray bits, the other alphabet.
    for (const text of ['QQ', 'QQ=', 'QQ==\n', ' QQ==', 'QR==', 'Q===', '====', 'QQ==QQ==', '-_-_', 'QUI']) expect(decodeBase64(text), text).toBeUndefined();
    expect(decodeBase64('')).toEqual(new Uint8Array());
  });
});

describe('hex', () => {
  it('is read as Node reads it', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        expect(readHex(Buffer.from(given).toString('hex'))).toEqual(given);
      }),
    );
  });
});

describe('bytes', () => {
  it('are equal when all of them are', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, any, mask) => {
        expect(equalBytes(given, given.slice())).toBe(true);
        expect(equalBytes(given, Uint8Array.of(...given, 0))).toBe(false);
        expect(equalBytes(Uint8Array.of(...given, 0), given)).toBe(false);
        if (given.length > 0)
          expect(
            equalBytes(
              given,
              given.map((byte, at) => (at === any % given.length ? byte ^ mask : byte)),
            ),
          ).toBe(false);
      }),
    );
  });
});
