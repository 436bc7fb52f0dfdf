/** Rounds of re-checks: what is due, in which order, how much at once, and all X posts by one job. */
import { afterEach, expect, it } from 'vitest';
import { startXStandIn, type XStandInOptions } from '../../src/demo/standins/x.ts';
import { TransientError } from '../../src/errors.ts';
import { shareOfRound } from '../../src/pipeline/recheck-due.ts';
import { recheckPosts } from '../../src/pipeline/recheck.ts';
import { redditSource } from '../../src/sources/reddit.ts';
import type { RecheckOutcome, Source } from '../../src/sources/source.ts';
import { xSource } from '../../src/sources/x.ts';
import { idAt, xPost } from '../fixtures/x/posts.ts';
import { openKeptPosts } from './recheck-fixture.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

it('catches up on a month of neglect in shares, oldest look first', async () => {
  const kept = await openKeptPosts({});
  closing.push(kept.close);
  kept.turnTo(0);
  // One look each, a second apart, the last of them first.
  await kept.ask(
    `INSERT INTO post (post_key, platform, native_id, source, checked_at)
     SELECT sha256(convert_to(n::text, 'UTF8')), 'reddit', 't3_' || n, 'reddit', $1::timestamptz - n * interval '1 second' FROM generate_series(1, 1000) AS n RETURNING 1`,
    kept.hearsay.now(),
  );
  const asked: string[][] = [];
  const source: Source = {
    ...(redditSource as Source),
    async recheck(ids) {
      asked.push([...ids]);
      return new Map(ids.map((id): [string, RecheckOutcome] => [id, 'live']));
    },
  };
  const hour = 1 / 24;
  const first = await kept.look(30, [source]);
  expect(first.checked).toBe(125);
  expect(asked.map((ids) => ids.length)).toEqual([100, 25]);
  expect(asked.flat()).toEqual(Array.from({ length: 125 }, (_, n) => `t3_${1000 - n}`));
  const rounds = [];
  for (let n = 1; n <= 8; n++) rounds.push((await kept.look(30 + n * hour, [source])).checked);
  expect(rounds).toEqual([125, 125, 125, 125, 125, 125, 125, 0]);
  expect(new Set(asked.flat()).size).toBe(1000);
  // And goes on in the same shares, a day later.
  expect((await kept.look(31.01, [source])).checked).toBe(125);
  kept.turnTo(31.02);
  expect((await recheckPosts(kept.hearsay, { all: true, sources: [source] })).checked).toBe(1000);
});

it('asks for three times the even share, and never for less than one call', () => {
  expect([shareOfRound(0, 24), shareOfRound(100, 24), shareOfRound(24_000, 24), shareOfRound(168_000, 168)]).toEqual([100, 100, 3000, 3000]);
});

it('goes on with the next source when one cannot be asked, and keeps what it was told before', async () => {
  const kept = await openKeptPosts({});
  closing.push(kept.close);
  await kept.ask(
    `INSERT INTO post (post_key, platform, native_id, source)
     SELECT sha256(convert_to(n::text, 'UTF8')), 'reddit', 't3_' || n, 'reddit' FROM generate_series(1, 150) AS n RETURNING 1`,
  );
  let calls = 0;
  const failing: Source = {
    ...(redditSource as Source),
    async recheck(ids) {
      if (++calls > 1) throw new TransientError('reddit_unavailable', 'Reddit answered 503.');
      return new Map(ids.map((id): [string, RecheckOutcome] => [id, 'live']));
    },
  };
  const report = await recheckPosts(kept.hearsay, { all: true, sources: [failing, { ...failing, name: 'nobody' }] });
  expect(report).toMatchObject({ checked: 100, failures: [{ source: 'reddit', error: { code: 'reddit_unavailable' } }] });
  expect(await kept.ask('SELECT count(*)::int AS left FROM post WHERE checked_at IS NULL')).toEqual([{ left: 50 }]);
});

async function openX(options: XStandInOptions = {}) {
  const posts = [xPost(1), xPost(2, { deleted: true }), xPost(3, { protected: true }), xPost(4)];
  const standIn = await startXStandIn({ posts }, options);
  const kept = await openKeptPosts({
    routes: Object.fromEntries(standIn.hosts.map((host) => [host, standIn.url])),
    credentials: { X_BEARER_TOKEN: 'token', X_COMPLIANCE_FROM: '4' },
  });
  closing.push(standIn.close, kept.close);
  await kept.store(
    'x',
    [1, 2, 3, 4].map((n) => ({ platform: 'x', nativeId: idAt(n), kind: 'post', text: `Semax, post ${n}` })),
  );
  const asked = () => standIn.requests.map(({ method, path }) => `${method} ${path.split('?')[0]?.replace(/\d{5,}$/, 'ID')}`);
  return { standIn, kept, asked, look: (days: number) => kept.look(days, [xSource as Source]) };
}

it('asks X about everything by one job, and applies its answer when it is there', async () => {
  const { kept, look, asked, standIn } = await openX();
  expect((await look(0.5)).checked).toBe(0);
  expect(asked()).toEqual([]);
  expect((await look(2)).checked).toBe(0);
  // What a crawl sees meanwhile is newer than the answer.
  kept.turnTo(2.01);
  await kept.store('x', [{ platform: 'x', nativeId: idAt(3), kind: 'post', text: 'Semax, post 3' }]);
  expect((await look(2.05)).checked).toBe(0);
  expect((await look(2.1)).checked).toBe(3);
  expect(asked()).toEqual(['POST /2/compliance/jobs', 'PUT /upload/ID', 'GET /2/compliance/jobs/ID', 'GET /2/compliance/jobs/ID', 'GET /download/ID']);
  expect(await kept.states()).toEqual({ [idAt(1)]: 'live', erased: 'erased', [idAt(3)]: 'live', [idAt(4)]: 'live' });
  expect(await kept.ask('SELECT 1 FROM recheck_job')).toEqual([]);

  // One post less than the operator's number: by look-ups again.
  standIn.setWorld({ posts: [xPost(1, { protected: true }), xPost(3), xPost(4)] });
  expect((await look(4)).checked).toBe(3);
  expect(asked().at(-1)).toBe('GET /2/tweets');
  expect(await kept.states()).toEqual({ [idAt(1)]: 'removed', erased: 'erased', [idAt(3)]: 'live', [idAt(4)]: 'live' });
});

it('looks posts up one by one when the job fails, is refused, or has no answer after a day', async () => {
  const failed = await openX({ compliance: { pollsUntilDone: 0, end: 'failed' } });
  await failed.look(2);
  expect((await failed.look(2.05)).checked).toBe(4);
  expect(failed.asked().at(-1)).toBe('GET /2/tweets');

  const refused = await openX({ fault: ({ path }) => (path.startsWith('/2/compliance') ? { status: 403, body: '{}' } : undefined) });
  const report = await refused.look(2);
  expect(report).toMatchObject({ checked: 4, failures: [{ source: 'x', error: { code: 'x_forbidden' } }] });

  // Its cap ends the round, and holds for crawls and the rounds after.
  const json = { 'content-type': 'application/json' };
  const capped = await openX({
    fault: ({ path }) =>
      path.startsWith('/2/compliance') ? { status: 429, headers: json, body: '{"type":"https://api.x.com/2/problems/usage-capped"}' } : undefined,
  });
  expect(await capped.look(2)).toMatchObject({ checked: 0, failures: [{ source: 'x', error: { code: 'usage_capped' } }] });
  expect(await capped.look(2.1)).toMatchObject({ checked: 0, failures: [] });
  expect(capped.asked()).not.toContain('GET /2/tweets');
  expect(await capped.kept.ask('SELECT command FROM source_switch')).toEqual([{ command: 're-check' }]);

  const silent = await openX({ compliance: { pollsUntilDone: 99 } });
  await silent.look(2);
  expect((await silent.look(2.9)).checked).toBe(0);
  expect((await silent.look(3.1)).checked).toBe(4);
  expect(await silent.kept.ask('SELECT 1 FROM recheck_job')).toEqual([]);
});
