/**
 * All comments of one submission: the tree, then every stub (`more`) of it. A stub with ids is filled by
 * /api/morechildren, up to 100 ids per call and one call at a time; a stub without ids ("continue this thread") by asking
 * for the thread from its parent on. Proved by test/unit/sources/reddit-comments.test.ts.
 */
import { TransientError } from '../../errors.ts';
import type { IncomingPost } from '../../model/post.ts';
import { captureOf } from '../capture.ts';
import type { Capture, Refusal } from '../source.ts';
import type { RedditAnswer } from './answer.ts';
import { mapThing } from './map-thing.ts';
import type { RedditPort } from './port.ts';
import { listingSchema, type More, moreChildrenSchema, repliesOf } from './things.ts';

/** Calls for stubs per submission. A thread that needs more has over ten thousand comments. */
const MAX_STUB_CALLS = 150;
const IDS_PER_CALL = 100;

export interface CommentsRead {
  readonly captures: readonly Capture[];
  readonly posts: readonly IncomingPost[];
  readonly refusals: readonly Refusal[];
}

export async function readComments(request: {
  readonly port: RedditPort;
  readonly submissionId: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<CommentsRead> {
  const { port, submissionId, signal } = request;
  const captures: Capture[] = [];
  const posts = new Map<string, IncomingPost>();
  const refusals: Refusal[] = [];
  /** Every comment that came, readable or not. */
  const met = new Set<string>();
  const texts = new Map<string, string>();
  const stubs: More[] = [];
  const continued = new Set<string>();
  let title: string | undefined;

  /** Takes in things of one answer, nested or flat, parents before children as Reddit orders them. */
  function take(children: readonly unknown[], answer: RedditAnswer, capture: Capture): void {
    const waiting: unknown[] = [...children];
    for (let at = 0; at < waiting.length; at++) {
      const origin = {
        observedAt: answer.response.fetchedAt,
        captureDigest: capture.digest,
        textOf: (name: string) => texts.get(name),
        ...(title === undefined ? {} : { title }),
      };
      const mapped = mapThing(waiting[at], origin);
      if ('refusal' in mapped) {
        if (mapped.refusal.item === undefined || !met.has(mapped.refusal.item)) refusals.push(mapped.refusal);
        if (mapped.refusal.item !== undefined) met.add(mapped.refusal.item);
      } else if ('more' in mapped) stubs.push(mapped.more);
      else if (mapped.post.nativeId === undefined || mapped.post.kind !== 'comment') {
        const item = mapped.post.nativeId;
        refusals.push({ code: 'unsupported_item', detail: 'a submission among comments', ...(item === undefined ? {} : { item }) });
      } else {
        if (mapped.post.absence === undefined) texts.set(mapped.post.nativeId, mapped.post.text);
        met.add(mapped.post.nativeId);
        posts.set(mapped.post.nativeId, mapped.post);
      }
      waiting.push(...repliesOf(waiting[at]));
    }
  }

  async function readTree(params: Record<string, string>): Promise<void> {
    const answer = await port.get({
      path: `/comments/${submissionId}`,
      params: { limit: '500', sort: 'new', ...params },
      what: `comments of t3_${submissionId}`,
      signal,
    });
    const capture = captureOf(answer.response);
    captures.push(capture);
    const [head, tree] = Array.isArray(answer.json) ? (answer.json as unknown[]) : [];
    const headListing = listingSchema.safeParse(head);
    const treeListing = listingSchema.safeParse(tree);
    if (!headListing.success || !treeListing.success)
      throw new TransientError('reddit_unexpected_answer', `Comments of t3_${submissionId} are not two listings.`);
    const submission = mapThing(headListing.data.data.children[0], {
      observedAt: answer.response.fetchedAt,
      captureDigest: capture.digest,
    });
    if ('post' in submission && submission.post.absence === undefined) {
      title = submission.post.title;
      texts.set(`t3_${submissionId}`, submission.post.text);
    }
    take(treeListing.data.data.children, answer, capture);
  }

  async function readStub(ids: readonly string[]): Promise<void> {
    const params = { link_id: `t3_${submissionId}`, children: ids.join(','), api_type: 'json', sort: 'new' };
    const answer = await port.get({ path: '/api/morechildren', params, what: `more comments of t3_${submissionId}`, signal });
    const capture = captureOf(answer.response);
    captures.push(capture);
    const parsed = moreChildrenSchema.safeParse(answer.json);
    if (!parsed.success || parsed.data.json.data === undefined)
      throw new TransientError('reddit_unexpected_answer', `More comments of t3_${submissionId} came without things.`);
    take(parsed.data.json.data.things, answer, capture);
  }

  await readTree({});
  const fruitless = new Set<string>();
  let calls = 0;
  for (let stub = stubs.shift(); stub !== undefined; stub = stubs.shift()) {
    const fromParent = stub.children.length === 0 && stub.parent_id.startsWith('t1_') && !continued.has(stub.parent_id);
    if (fromParent && calls < MAX_STUB_CALLS) {
      continued.add(stub.parent_id);
      calls += 1;
      await readTree({ comment: stub.parent_id.slice(3) });
      continue;
    }
    let ids = stub.children.filter((id) => !fruitless.has(id) && !met.has(`t1_${id}`));
    while (ids.length > 0 && calls < MAX_STUB_CALLS) {
      const chunk = ids.slice(0, IDS_PER_CALL);
      const metBefore = met.size;
      calls += 1;
      await readStub(chunk);
      // Reddit may give fewer than asked, without saying so: ask for the rest for as long as anything new comes.
      const left = chunk.filter((id) => !met.has(`t1_${id}`));
      if (met.size === metBefore) for (const id of left) fruitless.add(id);
      ids = [...left.filter((id) => !fruitless.has(id)), ...ids.slice(IDS_PER_CALL)];
    }
    const pointsNowhere = stub.children.length === 0 && stub.count > 0 && !continued.has(stub.parent_id);
    if (ids.length > 0 || fromParent || pointsNowhere) {
      const why = calls < MAX_STUB_CALLS ? 'the stub names none of them' : `${MAX_STUB_CALLS} calls made`;
      refusals.push({
        code: 'comments_not_read',
        detail: `about ${Math.max(stub.count, ids.length, 1)} replies left out: ${why}`,
        item: stub.parent_id,
      });
    }
  }
  const withheld = [...fruitless].filter((id) => !met.has(`t1_${id}`)).length;
  if (withheld > 0) refusals.push({ code: 'comments_not_read', detail: `${withheld} replies named by a stub but not given`, item: `t3_${submissionId}` });
  return { captures, posts: [...posts.values()], refusals };
}
