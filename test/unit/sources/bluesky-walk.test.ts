/** Walked by time over any search: everything is met, in order and once, but for what one crowded millisecond hides, and that is said. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlueskyRun, NEW_RUN } from '../../../src/sources/bluesky/cursor.ts';
import { freshOf, newestOf, nextPlace } from '../../../src/sources/bluesky/walk.ts';

interface Item {
  readonly uri: string;
  readonly sortAt: string;
}

const START_MS = Date.parse('2026-06-01T00:00:00Z');

/** Newest first, `size` a page, before `until`. */
function pageOf(items: readonly Item[], run: BlueskyRun, size: number): { readonly items: readonly Item[]; readonly cursor: string | undefined } {
  const found = items.filter(({ sortAt }) => run.until === undefined || sortAt < run.until).sort((a, b) => b.sortAt.localeCompare(a.sortAt));
  return { items: found.slice(0, size), cursor: found.length > size ? String(size) : undefined };
}

function walk(items: readonly Item[], size: number): { readonly met: readonly string[]; readonly crowded: number; readonly newest: string | undefined } {
  const met: string[] = [];
  let crowded = 0;
  let run: BlueskyRun = NEW_RUN;
  for (let pages = 0; pages <= 4 * items.length + 4; pages++) {
    const page = pageOf(items, run, size);
    met.push(...freshOf(run, page.items).map(({ uri }) => uri));
    const step = nextPlace(run, { ...page, byToken: false });
    if (step.crowded) crowded += 1;
    if (step.next === undefined) return { met, crowded, newest: newestOf(run, page.items) };
    run = step.next;
  }
  throw new Error('the walk does not end');
}

const itemsArbitrary = fc
  .array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 })
  .map((offsets) => offsets.map((offset, at): Item => ({ uri: `at://${at}`, sortAt: new Date(START_MS + offset).toISOString() })));

describe('a walk by time', () => {
  it('ends, meets nothing twice, and misses nothing it does not tell of', () => {
    fc.assert(
      fc.property(itemsArbitrary, fc.integer({ min: 1, max: 8 }), (items, size) => {
        const { met, crowded, newest } = walk(items, size);
        expect(new Set(met).size).toBe(met.length);
        if (crowded === 0) expect([...met].sort()).toEqual(items.map(({ uri }) => uri).sort());
        // What is missed is of a moment with at least as many posts as a page holds.
        for (const { uri, sortAt } of items) if (!met.includes(uri)) expect(items.filter((item) => item.sortAt === sortAt).length).toBeGreaterThanOrEqual(size);
        expect(newest).toBe(
          items
            .map(({ sortAt }) => sortAt)
            .sort()
            .at(-1),
        );
      }),
    );
  });

  it('goes by the cursor where it may, and ends when that repeats itself', () => {
    const items = [{ uri: 'at://1', sortAt: new Date(START_MS).toISOString() }];
    const { next } = nextPlace(NEW_RUN, { items, cursor: '1', byToken: false });
    expect(next).toMatchObject({ token: '1', pages: 1 });
    expect(nextPlace(next as BlueskyRun, { items: [], cursor: '2', byToken: true }).next).toBeUndefined();
    expect(nextPlace(next as BlueskyRun, { items, cursor: '1', byToken: true }).next).toBeUndefined();
  });

  it('ends where no post tells its time', () => {
    expect(nextPlace(NEW_RUN, { items: [{ uri: 'at://1' }], cursor: '1', byToken: false })).toEqual({ next: undefined, crowded: false });
  });

  it('goes on past posts that no address tells apart, and past posts that tell a later time than they are sorted by', () => {
    const run: BlueskyRun = { ...NEW_RUN, until: new Date(START_MS + 1).toISOString(), edge: ['at://1'] };
    const sortAt = new Date(START_MS).toISOString();
    const unread = nextPlace(run, { items: [{ uri: 'at://1', sortAt }, { sortAt }], cursor: '2', byToken: false });
    expect([unread.crowded, unread.next?.until]).toEqual([true, sortAt]);
    const late = nextPlace(run, { items: [{ uri: 'at://2', sortAt: new Date(START_MS + 5_000).toISOString() }], cursor: '2', byToken: false });
    expect([late.crowded, late.next?.until]).toEqual([true, sortAt]);
  });
});
