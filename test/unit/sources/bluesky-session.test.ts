import { afterEach, describe, expect, it } from 'vitest';
import { type BlueskyStandInOptions, startBlueskyStandIn } from '../../../src/demo/standins/bluesky.ts';
import { readLogin, sessionFor } from '../../../src/sources/bluesky/session.ts';
import { views } from '../../fixtures/bluesky/posts.ts';
import { clientFor } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const LOGIN = { pds: 'https://bsky.social', identifier: 'operator.example', password: 'invented-password' };
const SEARCH = 'https://bsky.social/xrpc/app.bsky.feed.searchPosts?q=examplide';

async function start(options: BlueskyStandInOptions = {}) {
  const standIn = await startBlueskyStandIn({ posts: views(1, 3) }, options);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const asked = (name: string) => standIn.requests.filter(({ path }) => path.includes(name)).length;
  return { standIn, http, asked, send: () => sessionFor(http, LOGIN).send(SEARCH, undefined) };
}

describe('the session', () => {
  it('is made once for calls that come together, and used by all that follow', async () => {
    const { send, asked } = await start();
    const answers = await Promise.all([send(), send(), send()]);
    await send();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(asked('createSession')).toBe(1);
  });

  it('is renewed when a call finds it expired', async () => {
    const { send, asked } = await start({ tokenUses: 2 });
    for (let call = 0; call < 6; call++) expect((await send()).status).toBe(200);
    expect([asked('createSession'), asked('refreshSession')]).toEqual([1, 2]);
  });

  it('is renewed once for calls that find it expired together', async () => {
    const { send, asked } = await start({ tokenUses: 4 });
    for (let call = 0; call < 4; call++) await send();
    await Promise.all([send(), send(), send()]);
    expect(asked('refreshSession')).toBe(1);
  });

  it('is made anew when its refresh token is refused', async () => {
    const { send, asked } = await start({ tokenUses: 1, noRefresh: true });
    await send();
    expect((await send()).status).toBe(200);
    expect(asked('createSession')).toBe(2);
  });

  it('is asked for again after a failure, and nothing of it is remembered', async () => {
    const { send } = await start({ fault: (_request, nth) => (nth === 1 ? { status: 502, body: '' } : undefined) });
    await expect(send()).rejects.toMatchObject({ code: 'http_502' });
    expect((await send()).status).toBe(200);
  });

  it('that is refused names the variables, not their values', async () => {
    const { send } = await start({ password: 'another' });
    const failure = (await send().catch((caught: unknown) => caught)) as Error;
    expect(failure).toMatchObject({ code: 'bluesky_unauthorized', message: expect.stringContaining('BLUESKY_APP_PASSWORD') });
    expect(failure.message).not.toContain(LOGIN.password);
  });

  it('is not made for who was asked to stop', async () => {
    const { http, standIn } = await start();
    await expect(sessionFor(http, LOGIN).send(SEARCH, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    expect(standIn.requests).toEqual([]);
  });
});

describe('readLogin', () => {
  const BLUESKY_IDENTIFIER = 'operator.example';
  const BLUESKY_APP_PASSWORD = 'invented-password';

  it('reads the account, at Bluesky’s own server or another', () => {
    expect(readLogin({ credentials: {} })).toBeUndefined();
    expect(readLogin({ credentials: { BLUESKY_IDENTIFIER, BLUESKY_APP_PASSWORD } })).toEqual(LOGIN);
    expect(readLogin({ credentials: { BLUESKY_IDENTIFIER, BLUESKY_APP_PASSWORD, BLUESKY_PDS: 'https://pds.example/' } })).toMatchObject({
      pds: 'https://pds.example',
    });
  });

  it.each([
    [{ BLUESKY_IDENTIFIER }, 'missing_credentials', 'BLUESKY_APP_PASSWORD'],
    [{ BLUESKY_APP_PASSWORD }, 'missing_credentials', 'BLUESKY_IDENTIFIER'],
    [{ BLUESKY_IDENTIFIER, BLUESKY_APP_PASSWORD, BLUESKY_PDS: 'http://pds.example' }, 'bad_config', 'BLUESKY_PDS'],
    [{ BLUESKY_IDENTIFIER, BLUESKY_APP_PASSWORD, BLUESKY_PDS: 'https://user@pds.example' }, 'bad_config', 'BLUESKY_PDS'],
    [{ BLUESKY_IDENTIFIER, BLUESKY_APP_PASSWORD, BLUESKY_PDS: 'pds.example' }, 'bad_config', 'BLUESKY_PDS'],
  ])('refuses %j', (credentials, code, named) => {
    expect(() => readLogin({ credentials: credentials as Readonly<Record<string, string>> })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(named) }),
    );
  });
});
