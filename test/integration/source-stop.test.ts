/** Stopped sources: by the operator, in running crawls too and for good; by a platform's cap until it is set back. Deletion goes on. */
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { recheckPosts } from '../../src/pipeline/recheck.ts';
import { startSource, stopSource } from '../../src/pipeline/source-stop.ts';
import { type CrawlFixture, openCrawl } from './crawl-fixture.ts';

const X = '{ source: x, query: { search: examplide }, schedule: { every: 1d } }';

let crawl: CrawlFixture;
afterEach(() => crawl.close());

async function run(...argv: string[]): Promise<{ code: number; out: string; talk: string }> {
  const before = { ...crawl.edge.written };
  const code = await runCli(argv, crawl.edge);
  return { code, out: crawl.edge.written.out.slice(before.out.length), talk: crawl.edge.written.talk.slice(before.talk.length) };
}

describe('a source that the operator stops', () => {
  it('ends running crawls at the next page and lets none begin, until it is started', async () => {
    crawl = await openCrawl({ communities: [X], posts: 250 });
    const { pool } = crawl.hearsay;
    const stopped = await crawl.crawl(undefined, {
      onRevisions: () => stopSource(pool, 'x', { reason: 'terms changed', now: crawl.clock.now }),
    });
    expect(stopped).toMatchObject({ status: 'stopped', pages: 1, why: { code: 'source_stopped', message: expect.stringContaining(': terms changed') } });
    crawl.clock.now = new Date(crawl.clock.now.getTime() + 365 * 86_400_000);
    expect(await crawl.crawl()).toMatchObject({ status: 'skipped', why: { code: 'source_stopped' } });
    expect(crawl.standIn.requests).toHaveLength(1);

    expect(await startSource(pool, 'x', crawl.clock.now)).toBe(true);
    expect(await crawl.crawl()).toMatchObject({ status: 'done', tally: { newPosts: 150 } });
  });

  it('is still asked whether posts are deleted', async () => {
    crawl = await openCrawl({ communities: [X], posts: 5 });
    await crawl.crawl();
    await stopSource(crawl.hearsay.pool, 'x', { reason: undefined, now: crawl.clock.now });
    crawl.clock.now = new Date(Date.now() + 60_000);
    expect(await recheckPosts(crawl.hearsay, { all: true, source: 'x' })).toMatchObject({ checked: 5, failures: [] });
  });

  it('is stopped and started by commands, and shown', async () => {
    crawl = await openCrawl({ communities: [X], posts: 5 });
    expect(await run('source', 'stop', 'x', '--reason', 'terms changed')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^x stopped by the operator since .*Z: terms changed\n$/),
    });
    expect((await run('sources')).out).toContain('x\n  STOPPED   stopped by the operator since');
    const listed = (await run('sources', '--json')).out.split('\n').filter((line) => line.startsWith('{"name":"x"'));
    expect(JSON.parse(listed[0] as string)).toMatchObject({ stopped: [expect.stringContaining('terms changed')] });
    const skipped = await run('crawl', 'semax');
    expect([skipped.code, skipped.talk]).toEqual([1, expect.stringContaining('skipped (source_stopped): x is stopped by the operator')]);
    expect(crawl.standIn.requests).toEqual([]);
    expect((await run('source', 'start', 'x')).out).toBe('x is crawled again\n');
    expect((await run('source', 'start', 'x')).out).toBe('x was not stopped\n');
    expect((await run('sources')).out).not.toContain('STOPPED');
    await run('source', 'stop', 'reddit');
    const log = (await run('source', 'log', 'x')).out;
    expect(log.split('\n')).toEqual([
      expect.stringMatching(/^\S+Z {2}x stopped \(source stop\): terms changed$/),
      expect.stringMatching(/^\S+Z {2}x started \(source start\)$/),
      '',
    ]);
    expect((await run('source', 'log')).out.split('\n')[2]).toMatch(/ {2}reddit stopped \(source stop\)$/);
    const lines = (await run('source', 'log', 'x', '--json')).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { source: 'x', act: 'stop', command: 'source stop', reason: 'terms changed', at: expect.any(String) },
      { source: 'x', act: 'start', command: 'source start', reason: null },
    ]);
    expect((await run('source', 'log', 'nonsuch')).code).toBe(1);
    expect(await run('source', 'stop', 'nonsuch')).toMatchObject({ code: 1, talk: expect.stringContaining('(unknown_source)') });
  });
});

describe('a source at its platform’s cap', () => {
  it('is left alone, by crawls and re-checks, until the day the platform names', async () => {
    let capped = true;
    const json = { 'content-type': 'application/json' };
    crawl = await openCrawl({
      communities: [X],
      posts: 5,
      fault: ({ path }) => {
        if (path.startsWith('/2/usage')) return { status: 200, headers: json, body: '{"data":{"cap_reset_day":4}}' };
        return capped ? { status: 429, headers: json, body: '{"type":"https://api.x.com/2/problems/usage-capped"}' } : undefined;
      },
    });
    await expect(crawl.crawl()).rejects.toMatchObject({ code: 'usage_capped' });
    expect(await crawl.crawl()).toMatchObject({
      status: 'skipped',
      why: { code: 'source_stopped', message: expect.stringContaining('2026-06-04T00:00:00.000Z') },
    });
    expect(await recheckPosts(crawl.hearsay, { all: true, source: 'x' })).toMatchObject({ checked: 0, failures: [] });
    expect(crawl.standIn.requests).toHaveLength(2);
    expect(await crawl.ask('SELECT act, command, until FROM source_switch')).toEqual([
      { act: 'cap', command: 'crawl', until: new Date('2026-06-04T00:00:00Z') },
    ]);

    capped = false;
    crawl.clock.now = new Date('2026-06-04T00:00:01Z');
    expect(await crawl.crawl()).toMatchObject({ status: 'done', tally: { newPosts: 5 } });
  });
});
