import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CursorValue, withoutId } from '../../src/ledger/cursor-without-id.ts';
import { readCursor, writeCursor } from '../../src/sources/reddit/cursor.ts';

const ID = 't3_gone';
const spellings = new Set([ID, 'gone']);
const cursors = fc.jsonValue({ depthSize: 'small' }).chain((value) =>
  // The id in any place: as a value, in a list, in a pair, as a key.
  fc.constantFrom<CursorValue>(value as CursorValue, { pages: { [ID]: value, other: ID }, since: value } as CursorValue, [ID, [ID, 3], value] as CursorValue),
);

describe('withoutId', () => {
  it('leaves the id nowhere', () => {
    fc.assert(
      fc.property(cursors, (cursor) => {
        const text = JSON.stringify(withoutId(cursor, spellings) ?? null);
        expect(text).not.toContain(`"${ID}"`);
        expect(text).not.toContain('"gone"');
      }),
    );
  });

  it('changes nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('gone'));
        expect(withoutId(value as CursorValue, spellings)).toEqual(value);
      }),
    );
  });

  it('gives cursors that sources go on from', () => {
    const run = { after: ID, pages: 2, listed: false, pending: ['gone', 'b'], fresh: [[ID, 4] as [string, number], ['t3_b', 1] as [string, number]] };
    const stored = writeCursor({
      seen: [
        [ID, 2],
        ['t3_c', 1],
      ],
      run,
    });
    expect(readCursor(withoutId(stored as CursorValue, spellings) as never)).toEqual({
      seen: [['t3_c', 1]],
      run: { pages: 2, listed: false, pending: ['b'], fresh: [['t3_b', 1]] },
    });
    expect(withoutId({ since_id: '179', run: { newest_id: '179', next_token: 'n', pages: 1 } }, new Set(['179']))).toEqual({
      run: { next_token: 'n', pages: 1 },
    });
    expect(withoutId({ pages: { 'https://a.example/': { id: 'https://a.example/', etag: 'x' } } }, new Set(['https://a.example/']))).toEqual({ pages: {} });
    expect(withoutId(ID, spellings)).toBeUndefined();
  });
});
