import { afterEach, describe, expect, it } from 'vitest';
import { startXStandIn, type XStandInOptions } from '../../../src/demo/standins/x.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';
import { readResult, xCompliance } from '../../../src/sources/x/compliance.ts';
import { idAt, xPost } from '../../fixtures/x/posts.ts';
import { contextFor } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const now = () => new Date('2026-06-01T10:00:00Z');
const POSTS = [
  xPost(1),
  xPost(2, { deleted: true }),
  xPost(3, { protected: true }),
  xPost(4, { compliance: 'suspended' }),
  xPost(5, { compliance: 'deactivated' }),
  xPost(6, { compliance: 'scrub_geo' }),
];

async function start(options: XStandInOptions = {}, most = Number.POSITIVE_INFINITY) {
  const standIn = await startXStandIn({ posts: POSTS }, { now, ...options });
  // Routed are X's own host and its place for transfers; anything else goes through the guard.
  const routes = Object.fromEntries(standIn.hosts.slice(0, most).map((host) => [host, standIn.url]));
  const http = createHttpClient({ userAgent: 'Hearsay-Test/1', routes, resolveHost: async () => ['127.0.0.1'] });
  closing.push(standIn.close, http.close);
  return { standIn, context: contextFor(http, { now }) };
}

const ids = [1, 2, 3, 4, 5, 6].map(idAt);

describe('a compliance job', () => {
  it('takes all ids at once and tells deleted from kept back; what it does not name is live', async () => {
    const { context, standIn } = await start({ compliance: { pollsUntilDone: 2 } });
    const job = await xCompliance.start([...ids, 'not-an-id'], context);
    expect(await xCompliance.poll(job, context)).toBe('pending');
    expect(await xCompliance.poll(job, context)).toBe('pending');
    const answer = await xCompliance.poll(job, context);
    expect(answer).toEqual(
      new Map([
        [idAt(2), 'deleted'],
        [idAt(3), 'removed'],
        [idAt(4), 'removed'],
        [idAt(5), 'removed'],
        [idAt(6), 'live'],
      ]),
    );
    expect(standIn.requests.find(({ method }) => method === 'PUT')?.body.split('\n')).toEqual(ids);
  });

  it('sends the token to X alone', async () => {
    const { context, standIn } = await start({ compliance: { pollsUntilDone: 0 } });
    await xCompliance.poll(await xCompliance.start(ids, context), context);
    const toOthers = standIn.requests.filter(({ host }) => host !== 'api.x.com');
    expect(toOthers).toHaveLength(2);
    for (const { headers } of toOthers) expect(headers).not.toHaveProperty('authorization');
  });

  it('says when it failed, and when there is one already', async () => {
    const { context } = await start({ compliance: { pollsUntilDone: 0, end: 'failed' } });
    const job = await xCompliance.start(ids, context);
    expect(await xCompliance.poll(job, context)).toBe('failed');
    await expect(xCompliance.poll('42', context)).rejects.toMatchObject({ code: 'x_not_found' });
    const busy = await start({ compliance: { pollsUntilDone: 9 } });
    await xCompliance.start(ids, busy.context);
    await expect(xCompliance.start(ids, busy.context)).rejects.toMatchObject({ code: 'x_bad_request' });
  });

  it.each([
    ['this machine', 'https://127.0.0.1', 'address_blocked'],
    ['a name that leads to it', 'https://inside.example', 'address_blocked'],
    ['an address without encryption', 'http://compliance-transfer.example', 'x_unexpected_answer'],
    ['a file', 'file:///etc', 'x_unexpected_answer'],
    ['an address with a password', 'https://user:secret@compliance-transfer.example', 'bad_url'],
  ])('does not send ids to %s', async (_what, transferBase, code) => {
    const { context, standIn } = await start({ compliance: { transferBase } });
    await expect(xCompliance.start(ids, context)).rejects.toMatchObject({ code });
    expect(standIn.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('keeps the signature of a transfer out of messages', async () => {
    const { context } = await start({ fault: ({ method }) => (method === 'PUT' ? { status: 403, body: 'denied' } : undefined) });
    const error = await xCompliance.start(ids, context).catch((caught: unknown) => caught);
    expect(String(error)).toContain('HTTP 403');
    expect(String(error)).not.toContain('signature');
  });
});

describe('its result', () => {
  const line = (id: string, reason: string) => JSON.stringify({ id, action: 'delete', created_at: 'x', redacted_at: 'x', reason });
  it('counts the strictest of two words, and hides what it does not know', () => {
    expect([...readResult([line('1', 'scrub_geo'), line('1', 'deleted'), line('1', 'suspended'), line('2', 'constructor'), ''].join('\n'))]).toEqual([
      ['1', 'deleted'],
      ['2', 'removed'],
    ]);
  });
  it.each(['{"id":"1"', '{"id":1,"reason":"deleted"}', '<html>', '[]', 'null'])('is not believed with a line %s', (bad) => {
    expect(() => readResult(`${line('1', 'deleted')}\n${bad}\n`)).toThrow(expect.objectContaining({ code: 'x_unexpected_answer' }) as Error);
  });
});

describe('the operator’s number', () => {
  const from = (value?: string) => xCompliance.from({ credentials: value === undefined ? {} : { X_COMPLIANCE_FROM: value } } as never);
  it('is off by default, and a number of posts', () => {
    expect([from(), from(''), from('5000')]).toEqual([undefined, undefined, 5000]);
    for (const bad of ['0', '-1', 'many', '1e3']) expect(() => from(bad)).toThrow(expect.objectContaining({ code: 'bad_config' }) as Error);
  });
});
