import { describe, expect, it } from 'vitest';
import { openSitemapMemory } from '../../../src/sources/web/sitemap-memory.ts';

const MORNING = Date.parse('2026-03-01T10:00:00Z');
const HOUR = 3_600_000;
const page = (name: string, lastmod?: string) => ({ url: `https://a.example/${name}`, lastmod });
const whole = (...pages: ReturnType<typeof page>[]) => ({ pages, isWhole: true });
const read = { atMs: MORNING, wasRead: true, id: undefined };

describe('the memory of a sitemap', () => {
  it('has what was read under a lastmod asked again when that is another one, or says too little', () => {
    const pages = [
      page('old', '2026-02-01'),
      page('today', '2026-03-01'),
      page('to-the-second', '2026-03-01T09:00:00+00:00'),
      page('silent'),
      page('odd', 'once'),
    ];
    const memory = openSitemapMemory({}, whole(...pages), MORNING);
    for (const one of pages) memory.remember(one, read);
    expect(pages.map((one) => memory.isDue(one))).toEqual([false, false, false, false, false]);
    const later = openSitemapMemory(memory.toCursor('ended'), whole(...pages), MORNING + HOUR);
    expect(pages.map((one) => later.isDue(one))).toEqual([false, true, false, true, true]);
    const weekLater = openSitemapMemory(memory.toCursor('ended'), whole(...pages), MORNING + 200 * HOUR);
    expect(weekLater.isDue(page('old', '2026-02-02'))).toBe(true);
  });

  it('goes on with a run that was left, and asks nothing twice in it', () => {
    const pages = [page('a'), page('b')] as const;
    const first = openSitemapMemory({}, whole(...pages), MORNING);
    first.remember(pages[0], read);
    const second = openSitemapMemory(first.toCursor('open'), whole(...pages), MORNING + HOUR);
    expect(pages.map((one) => second.isDue(one))).toEqual([false, true]);
    // Also where the clock did not move between two runs.
    expect(openSitemapMemory(first.toCursor('ended'), whole(...pages), MORNING).isDue(pages[0])).toBe(true);
  });

  it('keeps identities, and the difference between read and merely asked', () => {
    const pages = [page('a'), page('b')] as const;
    const memory = openSitemapMemory({}, whole(...pages), MORNING);
    memory.remember(pages[0], { ...read, id: 'https://a.example/canonical' });
    memory.remember(pages[1], { ...read, wasRead: false });
    const again = openSitemapMemory(memory.toCursor('ended'), whole(...pages), MORNING + HOUR);
    expect(pages.map((one) => again.idOf(one.url))).toEqual(['https://a.example/canonical', undefined]);
  });

  it('forgets what has left the sitemap, unless a part of it could not be read', () => {
    const memory = openSitemapMemory({}, whole(page('a', '2026-01-01')), MORNING);
    memory.remember(page('a', '2026-01-01'), read);
    for (const isWhole of [true, false]) {
      const without = openSitemapMemory(memory.toCursor('ended'), { pages: [page('b')], isWhole }, MORNING + HOUR);
      const back = openSitemapMemory(without.toCursor('ended'), whole(page('a', '2026-01-01')), MORNING + 2 * HOUR);
      expect(back.isDue(page('a', '2026-01-01'))).toBe(isWhole);
    }
  });

  it('stays small, and takes any cursor', () => {
    const pages = Array.from({ length: 5000 }, (_, at) => page(`a/rather/long/address/of/some/page/${at}`));
    expect(JSON.stringify(openSitemapMemory({}, whole(...pages), MORNING).toCursor('open')).length).toBeLessThan(110_000);
    for (const cursor of [{ visits: 5 }, { visits: '???' }, { visits: 'AAAA' }, { since: -1, renamed: [] }, { other: true }]) {
      expect(openSitemapMemory(cursor, whole(page('a')), MORNING).isDue(page('a'))).toBe(true);
    }
  });
});
