/** Gaps that no later run will close: by a file of that time, or by a person with name and reason. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { readCoverage } from '../../src/pipeline/read-coverage.ts';
import { type CrawlFixture, openCrawl } from './crawl-fixture.ts';

const COMMUNITIES = [
  '{ source: x, query: { search: examplide }, schedule: { every: 1d } }',
  '{ source: x, query: { search: other }, schedule: { every: 1d } }',
];

let crawl: CrawlFixture;
let first: number;
beforeEach(async () => {
  crawl = await openCrawl({ communities: COMMUNITIES, posts: 1 });
  first = (await crawl.communities())[0]?.id ?? 0;
});
afterEach(() => crawl.close());

const day = (n: number): string => new Date(Date.UTC(2026, 2, n)).toISOString();

async function addGap(gap: { community?: number; kind?: string; from: number; to: number }): Promise<number> {
  const [added] = await crawl.ask<{ id: number }>(
    'INSERT INTO coverage_gap (community_id, kind, since, until, opened_at) VALUES ($1, $2, $3, $4, now()) RETURNING id',
    gap.community ?? first,
    gap.kind ?? 'cap',
    day(gap.from),
    day(gap.to),
  );
  return added?.id ?? 0;
}
async function run(...argv: string[]): Promise<{ code: number; out: string; talk: string }> {
  const before = { ...crawl.edge.written };
  const code = await runCli(argv, crawl.edge);
  return { code, out: crawl.edge.written.out.slice(before.out.length), talk: crawl.edge.written.talk.slice(before.talk.length) };
}
/** A file of posts of X, one for each day of March, and what it is said to cover. */
async function importDays(days: readonly number[], covers: number, options: { platform?: string; topic?: string } = {}) {
  const file = path.join(crawl.edge.config.dataDir, 'march.ndjson');
  const line = (n: number) => JSON.stringify({ id: `90${n}`, platform: options.platform ?? 'x', text: `Semax on day ${n}.`, created_at: day(n) });
  await writeFile(file, days.map(line).join('\n'));
  return run('import', file, '--format', 'ndjson', '--topic', options.topic ?? 'semax', '--covers', String(covers), '--json');
}
const openGaps = async () => (await crawl.ask<{ id: number }>('SELECT id FROM coverage_gap WHERE closed_at IS NULL ORDER BY id')).map(({ id }) => id);

it('closes by a file what lies within its time, in the community it is said to cover', async () => {
  const second = (await crawl.communities())[1]?.id ?? 0;
  const within = await addGap({ from: 10, to: 12 });
  const older = await addGap({ from: 2, to: 4 });
  const reachesOut = await addGap({ kind: 'budget', from: 14, to: 22 });
  const ofOther = await addGap({ community: second, from: 10, to: 12 });
  const passing = await addGap({ kind: 'quiet', from: 10, to: 12 });
  const { code, out, talk } = await importDays([20, 5, 11], first);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ newPosts: 3, closed_gaps: [within] });
  expect(talk).toContain(`closes gap ${within}: the file reaches from ${day(5)} to ${day(20)}`);
  expect(await openGaps()).toEqual([older, reachesOut, ofOther, passing]);
  const coverage = await readCoverage(crawl.hearsay.pool, 'semax');
  expect(coverage[0]?.gaps.find(({ id }) => id === within)).toMatchObject({ closed_by: 'import', closed_who: 'march.ndjson', closed_why: null });
  const { out: status } = await run('crawl', 'status');
  expect(status).toMatch(new RegExp(`gap ${within} \\(cap\\) \\S+ to \\S+: closed \\S+ by the file march\\.ndjson\n`));
  expect(status).toContain(`GAP ${older} (cap)`);
  expect(status).toContain(`  community ${first}\n`);
});

it('closes nothing by a file of another platform, of another topic, or of no community', async () => {
  const gap = await addGap({ from: 10, to: 12 });
  expect(await importDays([5, 20], first, { platform: 'reddit' })).toMatchObject({ code: 0, talk: expect.stringContaining('closes no gap') });
  expect(await importDays([5, 20], first, { topic: 'ghk-cu' })).toMatchObject({ code: 1, talk: expect.stringContaining('(unknown_topic)') });
  expect(await importDays([5, 20], 999)).toMatchObject({ code: 1, talk: expect.stringContaining('(unknown_community)') });
  expect(await importDays([11], first)).toMatchObject({ code: 0, talk: expect.stringContaining('for none lies within it') });
  expect(await openGaps()).toEqual([gap]);
});

it('is accepted by a person, once, with name and reason', async () => {
  const gap = await addGap({ from: 10, to: 12 });
  const quiet = await addGap({ kind: 'quiet', from: 10, to: 12 });
  const accept = (id: number | string, why = 'nobody kept that week') => run('crawl', 'accept-gap', String(id), '--who', 'Ada', '--why', why);
  expect(await accept(gap, '  ')).toMatchObject({ code: 2, talk: expect.stringContaining('(bad_reason)') });
  expect((await run('crawl', 'accept-gap', String(gap), '--why', 'x')).code).toBe(2);
  expect(await openGaps()).toEqual([gap, quiet]);
  expect(await accept(gap)).toMatchObject({ code: 0, out: `gap ${gap} is closed, accepted by Ada: nobody kept that week\n` });
  expect((await run('crawl', 'status')).out).toMatch(new RegExp(`gap ${gap} \\(cap\\) \\S+ to \\S+: closed \\S+ accepted by Ada: nobody kept that week\n`));
  for (const other of [gap, quiet, 999, 'x']) expect(await accept(other)).toMatchObject({ code: 1, talk: expect.stringContaining('(unknown_gap)') });
  expect(await openGaps()).toEqual([quiet]);
});
