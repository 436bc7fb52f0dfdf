import { afterEach, describe, expect, it } from 'vitest';
import { type RedditStandInOptions, startRedditStandIn, type Thing } from '../../../src/demo/standins/reddit.ts';
import { redditPortFor } from '../../../src/sources/reddit/port.ts';
import { readComments } from '../../../src/sources/reddit/read-comments.ts';
import { comment, shellOf, submission } from '../../fixtures/reddit/things.ts';
import { clientFor, contextFor } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const LINK = 't3_s001';
const name = (n: number) => `t1_c${n.toString(36).padStart(3, '0')}`;
const reply = (n: number, parent: string, changes = {}) => comment(n, { link: LINK, parent }, changes);

async function readFrom(things: readonly Thing[], options: RedditStandInOptions = {}) {
  const standIn = await startRedditStandIn({ things: [submission(1), ...things] }, options);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const read = await readComments({ port: await redditPortFor(contextFor(http)), submissionId: 's001' });
  const calls = standIn.requests.map((request) => request.path).filter((path) => !path.includes('access_token'));
  return {
    read,
    ids: new Set(read.posts.map((post) => post.nativeId)),
    stubCalls: calls.filter((path) => path.startsWith('/api/morechildren')),
    calls,
  };
}

/** A thread with wide and deep places: 260 top comments, each third with replies, and one chain of 30. */
function bigThread(): Thing[] {
  const top = Array.from({ length: 260 }, (_, at) => reply(at + 1, LINK));
  const replies = top.filter((_, at) => at % 3 === 0).map((thing, at) => reply(1000 + at, String(thing.data['name'])));
  const chain = Array.from({ length: 30 }, (_, at) => reply(2000 + at, at === 0 ? LINK : name(1999 + at)));
  return [...chain, ...top, ...replies];
}

describe('readComments', () => {
  it('reads nested replies with the text replied to', async () => {
    const { read } = await readFrom([reply(1, LINK), reply(2, name(1)), reply(3, name(2))]);
    expect(read.posts.map((post) => [post.nativeId, post.parentText, post.title])).toEqual([
      [name(1), 'Text of submission 1', 'Title 1'],
      [name(2), 'Text of comment 1', 'Title 1'],
      [name(3), 'Text of comment 2', 'Title 1'],
    ]);
  });

  it.each([
    ['as Reddit says today', {}],
    ['with small trees', { treeSize: 7, treeDepth: 3 }],
    ['with 20 per call, as in the published source', { treeSize: 50, moreChildrenPerCall: 20 }],
    ['with one per call', { treeSize: 250, moreChildrenPerCall: 9, treeDepth: 4 }],
  ])('reads a big thread to the last reply, %s', async (_name, options) => {
    const things = bigThread();
    const { read, ids, stubCalls } = await readFrom(things, options);
    expect(read.refusals).toEqual([]);
    expect(ids.size).toBe(things.length);
    expect(read.posts).toHaveLength(things.length);
    for (const path of stubCalls) expect((new URL(path, 'https://h').searchParams.get('children') ?? '').split(',').length).toBeLessThanOrEqual(100);
    expect(read.captures.length).toBeGreaterThan(1);
  });

  it('does not give a gone comment’s text as the text replied to', async () => {
    const { read } = await readFrom([shellOf(reply(1, LINK), 'deleted'), reply(2, name(1))]);
    expect(read.posts[0]).toMatchObject({ nativeId: name(1), absence: 'deleted', text: '' });
    expect(read.posts[1]?.parentText).toBeUndefined();
  });

  it('reads the replies of a comment it cannot read', async () => {
    const { read } = await readFrom([reply(1, LINK, { body: 7 }), reply(2, name(1))]);
    expect(read.refusals).toMatchObject([{ code: 'malformed_item', item: name(1) }]);
    expect(read.posts.map((post) => post.nativeId)).toEqual([name(2)]);
  });

  it('counts a submission among comments', async () => {
    const answer = { status: 200, headers: { 'content-type': 'application/json' } };
    const listing = (children: unknown[]) => ({ kind: 'Listing', data: { after: null, dist: null, children, before: null } });
    const { read, ids } = await readFrom([], {
      fault: (request) =>
        request.path.startsWith('/comments/')
          ? { ...answer, body: JSON.stringify([listing([submission(1)]), listing([reply(1, LINK), submission(2)])]) }
          : undefined,
    });
    expect([...ids]).toEqual([name(1)]);
    expect(read.refusals).toMatchObject([{ code: 'unsupported_item', item: 't3_s002' }]);
  });

  it('ends when stubs never end, and says how much is left out', async () => {
    const listing = (children: unknown[]) => ({ kind: 'Listing', data: { after: null, dist: null, children, before: null } });
    const stub = (children: string[]) => ({ kind: 'more', data: { id: '_', name: 't1__', parent_id: LINK, depth: 0, count: 9, children } });
    let served = 0;
    const { read, calls } = await readFrom([], {
      fault: (request) => {
        const headers = { 'content-type': 'application/json' };
        if (request.path.startsWith('/comments/')) return { status: 200, headers, body: JSON.stringify([listing([submission(1)]), listing([stub(['n0'])])]) };
        if (!request.path.startsWith('/api/morechildren')) return undefined;
        served += 1;
        const next = { kind: 't1', data: { ...reply(1, LINK).data, id: `n${served - 1}`, name: `t1_n${served - 1}` } };
        return { status: 200, headers, body: JSON.stringify({ json: { errors: [], data: { things: [next, stub([`n${served}`])] } } }) };
      },
    });
    expect(calls.length).toBeLessThanOrEqual(151);
    expect(read.refusals).toMatchObject([{ code: 'comments_not_read' }]);
  });

  it('counts comments a stub names but Reddit does not give', async () => {
    const { read } = await readFrom(bigThread(), {
      fault: (request) =>
        request.path.startsWith('/api/morechildren')
          ? {
              status: 200,
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ json: { errors: [], data: { things: [] } } }),
            }
          : undefined,
    });
    expect(read.refusals.some((refusal) => refusal.code === 'comments_not_read')).toBe(true);
  });
});
