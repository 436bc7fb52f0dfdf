/** What becomes of kept posts that their platforms no longer show: patience, restoring, and what files say of the past. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { startRedditStandIn } from '../../src/demo/standins/reddit.ts';
import { startWebStandIn, type WebPage } from '../../src/demo/standins/web.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import { redditSource } from '../../src/sources/reddit.ts';
import type { Source } from '../../src/sources/source.ts';
import { webSource } from '../../src/sources/web.ts';
import { shellOf, submission } from '../fixtures/reddit/things.ts';
import { createEdge, type TestEdge } from './edge.ts';
import { type KeptPosts, openKeptPosts } from './recheck-fixture.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('pages', () => {
  const [A, B] = ['https://site.example/a', 'https://site.example/b'];
  const page = (name: string): WebPage => ({ path: `/${name}`, body: `<p>${name}</p>` });
  const WHOLE = [page(''), page('a'), page('b')];
  let kept: KeptPosts;
  let show: (pages: readonly WebPage[]) => void;
  const look = (days: number) => kept.look(days, [webSource as Source]);

  beforeEach(async () => {
    const standIn = await startWebStandIn({ sites: [{ host: 'site.example', pages: WHOLE }] });
    show = (pages) => standIn.setWorld({ sites: [{ host: 'site.example', pages }] });
    kept = await openKeptPosts({ routes: { 'site.example': standIn.url } });
    closing.push(standIn.close, kept.close);
    await kept.store(
      'web',
      [A, B].map((nativeId) => ({ platform: 'web', nativeId, kind: 'page', text: `Semax helped me, says ${nativeId}.` })),
    );
  });

  it('are asked about every week, withheld when missing, restored when back, and erased after three looks over two weeks', async () => {
    expect(await look(6)).toMatchObject({ checked: 0 });
    show([page(''), page('b')]);
    expect(await look(8)).toMatchObject({ checked: 2, unknown: 0 });
    expect(await kept.states()).toEqual({ [A]: 'removed', [B]: 'live' });
    await look(16);
    expect(await kept.states()).toEqual({ [A]: 'removed', [B]: 'live' });
    show(WHOLE);
    await look(24);
    expect(await kept.states()).toEqual({ [A]: 'live', [B]: 'live' });
    expect(await kept.ask('SELECT 1 FROM absence')).toEqual([]);

    show([page(''), page('b')]);
    for (const day of [32, 40]) await look(day);
    expect(await kept.states()).toEqual({ [A]: 'removed', [B]: 'live' });
    await look(48);
    expect(await kept.states()).toEqual({ erased: 'erased', [B]: 'live' });
    expect(await kept.ask('SELECT 1 FROM absence')).toEqual([]);
  });

  it('that are gone for good are erased at the second look', async () => {
    show([page(''), { ...page('a'), status: 410 }, page('b')]);
    await look(8);
    expect(await kept.states()).toEqual({ [A]: 'removed', [B]: 'live' });
    await look(16);
    expect(await kept.states()).toEqual({ erased: 'erased', [B]: 'live' });
  });

  it('of a site that is down are never erased, and are there again with it', async () => {
    show([]);
    for (const day of [8, 16, 24, 32, 40]) await look(day);
    expect(await kept.states()).toEqual({ [A]: 'removed', [B]: 'removed' });
    show(WHOLE.map((one) => ({ ...one, status: 503 })));
    expect(await look(48)).toMatchObject({ checked: 2, unknown: 2 });
    expect(await kept.states()).toEqual({ [A]: 'removed', [B]: 'removed' });
    show(WHOLE);
    await look(56);
    expect(await kept.states()).toEqual({ [A]: 'live', [B]: 'live' });
  });

  it('that a crawl finds missing get the same patience', async () => {
    const absent = [{ platform: 'web', nativeId: A, kind: 'page', text: '', absence: 'gone' }] as const;
    await kept.store('web', absent);
    expect(await kept.ask('SELECT observed FROM post ORDER BY native_id')).toEqual([{ observed: 'removed' }, { observed: 'live' }]);
    kept.turnTo(1);
    await kept.store('web', absent);
    expect(await kept.ask('SELECT observed FROM post ORDER BY native_id')).toEqual([{ observed: 'deleted' }, { observed: 'live' }]);
  });
});

describe('Reddit', () => {
  const CREDENTIALS = { REDDIT_CLIENT_ID: 'a', REDDIT_CLIENT_SECRET: 'b', REDDIT_USER_AGENT: 'test:hearsay:1 (by /u/nobody)' };
  const things = [1, 2, 3, 4].map((n) => submission(n));
  const [one, two, three, four] = ['t3_s001', 't3_s002', 't3_s003', 't3_s004'];

  it('erases what its author deleted at once, what it no longer names the day after, and forgets authors whose account is gone', async () => {
    const standIn = await startRedditStandIn({ things });
    const kept = await openKeptPosts({ routes: Object.fromEntries(standIn.hosts.map((host) => [host, standIn.url])), credentials: CREDENTIALS });
    closing.push(standIn.close, kept.close);
    const body = Buffer.from('{"author":"somebody"}');
    const digest = createHash('sha256').update(body).digest('hex');
    const capture = { digest, url: 'https://oauth.reddit.com/', status: 200, headers: {}, body, fetchedAt: kept.hearsay.now().toISOString() };
    const post = { platform: 'reddit', kind: 'submission', author: 'somebody' } as const;
    await kept.store('reddit', [{ ...post, nativeId: four, text: 'Semax four', captureDigest: digest }], [capture]);
    await kept.store(
      'reddit',
      [one, two, three].map((nativeId) => ({ ...post, nativeId, text: `Semax ${nativeId}` })),
    );
    const authored = () => kept.ask('SELECT p.native_id FROM post_revision r JOIN post p ON p.id = r.post_id WHERE r.author_key IS NOT NULL ORDER BY 1');
    expect(await authored()).toHaveLength(4);
    expect(await kept.ask('SELECT 1 FROM capture')).toHaveLength(1);

    const look = (days: number) => kept.look(days, [redditSource as Source]);
    standIn.setWorld({ things: [submission(1), shellOf(submission(2), 'deleted'), shellOf(submission(4), 'account')] });
    await look(2);
    expect(await kept.states()).toEqual({ [one]: 'live', erased: 'erased', [three]: 'removed', [four]: 'live' });
    expect(await authored()).toEqual([{ native_id: one }, { native_id: three }]);
    expect(await kept.ask('SELECT 1 FROM capture')).toEqual([]);
    expect(await kept.ask(`SELECT text FROM post_revision r JOIN post p ON p.id = r.post_id WHERE p.native_id = $1`, four)).toEqual([{ text: 'Semax four' }]);

    // An answer with nothing at all proves nothing, whenever it comes.
    standIn.setWorld({ things: [] });
    expect(await look(4)).toMatchObject({ checked: 3, unknown: 3 });
    expect(await kept.states()).toEqual({ [one]: 'live', erased: 'erased', [three]: 'removed', [four]: 'live' });
    standIn.setWorld({ things: [submission(1), submission(4)] });
    await look(6);
    expect(await kept.states()).toEqual({ [one]: 'live', erased: 'erased', [four]: 'live' });
  });
});

describe('a file', () => {
  let edge: TestEdge;
  beforeEach(async () => {
    edge = await createEdge();
    closing.push(edge.close);
  });
  const LIVE = { id: 'abc12', subreddit: 'Nootropics', author: 'somebody', created_utc: 1_700_000_000, link_id: 't3_xyz', parent_id: 't3_xyz' };
  const TEXT = 'I took Semax for three weeks and my focus got much better. No headaches at all.';
  const gone = (retrieved?: number) => ({ ...LIVE, body: '[deleted]', author: '[deleted]', ...(retrieved ? { retrieved_on: retrieved } : {}) });
  const live = (retrieved?: number) => ({ ...LIVE, body: TEXT, ...(retrieved ? { retrieved_on: retrieved } : {}) });
  /** More than one transaction of lines between two. */
  const FAR = Array.from({ length: 600 }, () => []);

  async function importFile(name: string, lines: readonly unknown[]): Promise<void> {
    const file = path.join(edge.config.dataDir, name);
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await runCli(['import', file, '--format', 'arctic-shift', '--topic', 'semax'], edge);
  }
  async function posts(): Promise<number> {
    const before = edge.written.out.length;
    await runCli(['counts', 'semax', '--json'], edge);
    return (JSON.parse(edge.written.out.slice(before)) as PublishedCounts).posts;
  }

  it.each([
    ['without times', gone(), live()],
    ['earlier', gone(1_700_000_100), live(1_700_000_200)],
    ['without a time of the later', gone(1_700_000_100), live()],
  ])('that says gone, %s, long before the same post live comes to the same when it is read again', async (_what, first, second) => {
    for (let times = 0; times < 2; times++) {
      await importFile('posts.ndjson', [first, ...FAR, second]);
      expect(await posts()).toBe(1);
    }
  });

  it('that says gone after the post was seen live takes it out, in any order of its lines', async () => {
    await importFile('posts.ndjson', [live(1_700_000_100), ...FAR, gone(1_700_000_200)]);
    expect(await posts()).toBe(0);
  });

  it('of long ago does not bring back what was seen removed since, nor one from the future make it stay', async () => {
    await importFile('new.ndjson', [live(1_700_000_100)]);
    await importFile('removed.ndjson', [{ ...LIVE, body: '[removed]', retrieved_on: 1_700_000_300 }]);
    expect(await posts()).toBe(0);
    await importFile('old.ndjson', [live(1_700_000_200)]);
    expect(await posts()).toBe(0);
    await importFile('future.ndjson', [live(4_000_000_000)]);
    expect(await posts()).toBe(1);
    await importFile('later.ndjson', [{ ...LIVE, body: '[removed]' }]);
    expect(await posts()).toBe(0);
  });
});
