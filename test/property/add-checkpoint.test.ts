import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddCheckpoint, parseAddCheckpoint } from '../../src/witness/add-checkpoint.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const request = fc.record({
  oldSize: fc.oneof(fc.nat(), fc.maxSafeNat()),
  proof: fc.array(hash, { maxLength: 63 }),
  note: fc.string(),
});

describe('add-checkpoint requests', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(request, (given) => {
        expect(parseAddCheckpoint(formatAddCheckpoint(given))).toEqual(given);
      }),
    );
  });

  it('have one form: what is read is what would be written', () => {
    const body = formatAddCheckpoint({
      oldSize: 20_852_014,
      proof: [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)],
      note: 'log\n1\nroot\n\n— log AAAA\n',
    });
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.oneof(fc.constant(''), fc.string({ minLength: 1, maxLength: 2 })), (at, inserted) => {
        const changed = body.slice(0, at) + inserted + body.slice(at + 1);
        let parsed: ReturnType<typeof parseAddCheckpoint>;
        try {
          parsed = parseAddCheckpoint(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_request' });
          return;
        }
        expect(formatAddCheckpoint(parsed)).toBe(changed);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['no empty line', 'old 0\n'],
    ['no old size', '\n\nnote\n'],
    ['a leading zero', 'old 00\n\nnote\n'],
    ['a sign', 'old -1\n\nnote\n'],
    ['two spaces', 'old  1\n\nnote\n'],
    ['a capital', 'Old 1\n\nnote\n'],
    ['carriage returns', 'old 1\r\n\r\nnote\r\n'],
    ['a size beyond 2^53', 'old 9007199254740993\n\nnote\n'],
    ['a short hash', `old 1\n${'A'.repeat(40)}\n\nnote\n`],
    ['base64 without padding', `old 1\n${'A'.repeat(43)}\n\nnote\n`],
    ['64 hashes', `old 1\n${`${'A'.repeat(43)}=\n`.repeat(64)}\nnote\n`],
  ])('%s is refused', (_, body) => {
    expect(() => parseAddCheckpoint(body)).toThrow(expect.objectContaining({ code: 'bad_request' }));
  });
  it('63 hashes are read', () => {
    expect(parseAddCheckpoint(`old 1\n${`${'A'.repeat(43)}=\n`.repeat(63)}\nnote\n`).proof).toHaveLength(63);
  });
});
