import { afterEach, describe, expect, it } from 'vitest';
import { type RedditStandInOptions, startRedditStandIn } from '../../../src/demo/standins/reddit.ts';
import type { StandIn } from '../../../src/demo/standins/stand-in.ts';
import { InvalidInputError, RateLimitedError, TransientError } from '../../../src/errors.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';
import { createPacer, type Pacer } from '../../../src/fetch/pace.ts';
import { createRedditPort, readCredentials, type RedditPort } from '../../../src/sources/reddit/port.ts';
import { submission } from '../../fixtures/reddit/things.ts';
import { NO_PACING, TEST_CREDENTIALS } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(
  options: RedditStandInOptions & { credentials?: Record<string, string>; clock?: () => Date; pacer?: Pacer } = {},
): Promise<{ port: RedditPort; standIn: StandIn }> {
  const standIn = await startRedditStandIn(
    { things: [submission(1)], subreddits: { Locked: { state: 'private' }, Gone: { state: 'banned' }, Odd: { state: 'quarantined' } } },
    options,
  );
  const routes = Object.fromEntries(standIn.hosts.map((host) => [host, standIn.url] as const));
  const http = createHttpClient({ userAgent: 'test:hearsay:0', routes, pacer: options.pacer ?? NO_PACING });
  closing.push(standIn.close, http.close);
  const port = await createRedditPort({
    http,
    credentials: readCredentials({ ...TEST_CREDENTIALS, ...options.credentials }),
    now: options.clock ?? (() => new Date()),
  });
  return { port, standIn };
}

const listNew = (port: RedditPort, subreddit = 'ExamplePlace') => port.get({ path: `/r/${subreddit}/new`, params: { limit: '100' }, what: 'test' });
const tokenRequests = (standIn: StandIn) => standIn.requests.filter((request) => request.path.includes('access_token'));
const notToken = (path: string) => !path.includes('access_token');

describe('tokens', () => {
  it('asks once for several cold calls, with the app’s id, grant and user agent', async () => {
    const { port, standIn } = await start();
    await Promise.all([listNew(port), listNew(port), listNew(port)]);
    expect(tokenRequests(standIn)).toHaveLength(1);
    const [request] = tokenRequests(standIn);
    expect(request).toMatchObject({ method: 'POST', host: 'www.reddit.com', body: 'grant_type=client_credentials' });
    expect(request?.headers['authorization']).toBe(`Basic ${Buffer.from('test-app:test-secret').toString('base64')}`);
    expect(request?.headers['user-agent']).toBe(TEST_CREDENTIALS['REDDIT_USER_AGENT']);
    const call = standIn.requests.find((other) => notToken(other.path));
    expect(call).toMatchObject({ host: 'oauth.reddit.com', method: 'GET' });
    expect(call?.headers['user-agent']).toBe(TEST_CREDENTIALS['REDDIT_USER_AGENT']);
    expect(call?.path).toContain('raw_json=1');
  });

  it('uses the script grant with an account', async () => {
    const { port, standIn } = await start({
      credentials: { REDDIT_USERNAME: 'example', REDDIT_PASSWORD: 'p&w' },
      account: { username: 'example', password: 'p&w' },
    });
    await listNew(port);
    expect(Object.fromEntries(new URLSearchParams(tokenRequests(standIn)[0]?.body))).toEqual({
      grant_type: 'password',
      username: 'example',
      password: 'p&w',
    });
  });

  it('takes invalid_grant inside a 200 for what it is', async () => {
    const { port } = await start({
      credentials: { REDDIT_USERNAME: 'example', REDDIT_PASSWORD: 'wrong' },
      account: { username: 'example', password: 'right' },
    });
    await expect(listNew(port)).rejects.toMatchObject({
      code: 'reddit_unauthorized',
      message: expect.stringContaining('invalid_grant') as string,
    });
  });

  it('renews a token before the end the answer named', async () => {
    let time = Date.parse('2026-06-01T00:00:00Z');
    const { port, standIn } = await start({ tokenSeconds: 3600, clock: () => new Date(time), now: () => new Date(time) });
    await listNew(port);
    time += 3_500_000;
    await listNew(port);
    expect(tokenRequests(standIn)).toHaveLength(1);
    time += 90_000;
    await listNew(port);
    expect(tokenRequests(standIn)).toHaveLength(2);
  });

  it('renews a revoked token once and asks again, also for parallel calls', async () => {
    let revoked = 0;
    const { port, standIn } = await start({
      fault: (request) =>
        notToken(request.path) && request.headers['authorization'] === 'bearer stand-in-token-1' && revoked++ >= 1
          ? { status: 401, headers: { 'content-type': 'application/json' }, body: '{"message":"Unauthorized","error":401}' }
          : undefined,
    });
    await listNew(port);
    await Promise.all([listNew(port), listNew(port), listNew(port)]);
    expect(tokenRequests(standIn)).toHaveLength(2);
  });

  it('gives up after a second 401', async () => {
    const { port, standIn } = await start({
      fault: (request) => (notToken(request.path) ? { status: 401, headers: { 'content-type': 'application/json' }, body: '{"error":401}' } : undefined),
    });
    await expect(listNew(port)).rejects.toMatchObject({ name: 'InvalidInputError', code: 'reddit_unauthorized' });
    expect(standIn.requests.filter((request) => notToken(request.path))).toHaveLength(2);
  });

  it('names the variables that are missing and never shows the others', () => {
    expect(() => readCredentials({ REDDIT_CLIENT_ID: 'secret-id' })).toThrow(/REDDIT_CLIENT_SECRET, REDDIT_USER_AGENT/);
    expect(() => readCredentials({ REDDIT_CLIENT_ID: 'secret-id' })).not.toThrow(/secret-id/);
  });
});

describe('rate limits', () => {
  it('waits for the reset before the window is used up, without asking', async () => {
    let time = Date.parse('2026-06-01T00:00:00Z');
    const now = () => new Date(time);
    const { port, standIn } = await start({ rate: { limit: 3, windowSeconds: 600 }, now, clock: now, pacer: createPacer({ now: () => time }) });
    await listNew(port);
    await listNew(port);
    const before = standIn.requests.length;
    const error = await listNew(port).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 600_000 });
    expect(standIn.requests).toHaveLength(before);
    time += 600_001;
    await expect(listNew(port)).resolves.toBeDefined();
  });

  it.each([
    ['x-ratelimit-reset', '42.5', 42_500],
    ['retry-after', '7', 7_000],
    ['x-other', '1', 60_000],
  ])('reads a 429’s wait from %s', async (header, value, retryAfterMs) => {
    const { port } = await start({
      fault: (request) => (notToken(request.path) ? { status: 429, headers: { [header]: value, 'content-type': 'text/html' }, body: '<html>' } : undefined),
    });
    await expect(listNew(port)).rejects.toMatchObject({ name: 'RateLimitedError', retryAfterMs });
  });
});

describe('answers that are no listing', () => {
  it.each([
    ['an outage as HTML', { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>' }, TransientError, 'reddit_unavailable'],
    ['500', { status: 500 }, TransientError, 'reddit_unavailable'],
    ['HTML with status 200', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }, TransientError, 'reddit_not_json'],
    ['broken JSON', { status: 200, headers: { 'content-type': 'application/json' }, body: '{"kind":' }, TransientError, 'reddit_not_json'],
    [
      'a network block',
      { status: 403, headers: { 'content-type': 'text/html' }, body: "<html>You've been blocked by network security" },
      TransientError,
      'reddit_blocked',
    ],
    [
      'forbidden',
      { status: 403, headers: { 'content-type': 'application/json' }, body: '{"message":"Forbidden","error":403}' },
      InvalidInputError,
      'reddit_forbidden',
    ],
    ['a bad request', { status: 400, headers: { 'content-type': 'application/json' }, body: '{"error":400}' }, InvalidInputError, 'reddit_refused'],
    ['a closed socket', { status: 0, hangUp: true }, TransientError, 'network'],
  ])('%s', async (_name, fault, kind, code) => {
    const { port } = await start({ fault: (request) => (notToken(request.path) ? fault : undefined) });
    const error = await listNew(port).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ code });
  });

  it('retries nothing by itself: the queue does', async () => {
    const { port, standIn } = await start({ fault: (request) => (notToken(request.path) ? { status: 503 } : undefined) });
    await expect(listNew(port)).rejects.toThrow();
    expect(standIn.requests.filter((request) => notToken(request.path))).toHaveLength(1);
  });

  it.each([
    ['Locked', 'subreddit_private'],
    ['Gone', 'subreddit_banned'],
    ['Odd', 'subreddit_quarantined'],
    ['NeverMade', 'subreddit_not_found'],
  ])('r/%s: %s', async (name, code) => {
    const { port } = await start();
    await expect(listNew(port, name)).rejects.toMatchObject({ name: 'InvalidInputError', code });
  });
});

describe('morechildren', () => {
  it('is asked one call at a time', async () => {
    const { port, standIn } = await start();
    const more = () => port.get({ path: '/api/morechildren', params: { link_id: 't3_s001', children: 'c001', api_type: 'json' }, what: 'test' });
    await Promise.all([more(), more(), more()]);
    expect(standIn.requests.filter((request) => request.path.startsWith('/api/morechildren'))).toHaveLength(3);
  });
});
