/**
 * Every answer of PRAW's recordings through the Reddit source: a list as the page of a listing, a submission with its comments as a thread, things
 * without a list as what fills a stub. What is none of these is given as a listing, which must end in an error and never in "nothing there".
 */
import { redditPortFor } from '../../../src/sources/reddit/port.ts';
import { redditQuerySchema } from '../../../src/sources/reddit/query.ts';
import { readComments } from '../../../src/sources/reddit/read-comments.ts';
import { redditSource } from '../../../src/sources/reddit.ts';
import type { Exchange } from '../match-recording.ts';
import type { RecordedAnswer } from '../recording.ts';
import { readRedditExchanges } from '../recordings-reddit.ts';
import { type Desk, json, openDesk } from './ask-source.ts';
import { countRedditItems } from './count-items.ts';
import { type CountedAnswer, onePage, type Row, rowOf, type Tally, tallyPages } from './row.ts';

const LISTING = redditQuerySchema.parse({ subreddit: 'recorded' });
const NOTHING = Buffer.from('');
const THREAD = 'recorded';
const listingOf = (children: readonly unknown[]) => ({ kind: 'Listing', data: { after: null, dist: children.length, children } });
const opening = { kind: 't3', data: { name: `t3_${THREAD}`, title: 'Recorded', created_utc: 1 } };

export async function redditRows(dir: string): Promise<readonly Row[]> {
  const desk = await openDesk('oauth.reddit.com', 'www.reddit.com');
  try {
    const answers = new Map<string, CountedAnswer[]>();
    for (const { file, answer } of await readRedditExchanges(dir)) {
      const counted = answers.get(file) ?? [];
      answers.set(file, counted);
      counted.push({ tally: await readAnswer(desk, answer), expected: countRedditItems(answer.status === 200 ? answer.body : NOTHING) });
    }
    return [...answers].map(([file, counted]) => rowOf(`praw/${file}`, 'reddit', counted));
  } finally {
    await desk.close();
  }
}

async function readAnswer(desk: Desk, answer: RecordedAnswer): Promise<Tally> {
  const value = parse(answer.body);
  const things = (value as { readonly json?: { readonly data?: { readonly things?: unknown } } } | undefined)?.json?.data?.things;
  if (Array.isArray(value) && value.length === 2) {
    const head = await readListing(desk, { ...answer, body: Buffer.from(JSON.stringify(value[0])) });
    const rest = holdsSubmissions(value[1])
      ? await readListing(desk, { ...answer, body: Buffer.from(JSON.stringify(value[1])) })
      : await readThread(desk, answer, json({ json: { errors: [], data: { things: [] } } }));
    return { ...rest, posts: head.posts + rest.posts, absent: head.absent + rest.absent, refused: [...head.refused, ...rest.refused] };
  }
  if (!Array.isArray(things)) return await readListing(desk, answer);
  if (holdsSubmissions(listingOf(things))) return await readListing(desk, { ...answer, body: Buffer.from(JSON.stringify(listingOf(things))) });
  const stub = { kind: 'more', data: { id: 'recorded', parent_id: `t3_${THREAD}`, count: 1, children: ['recorded'] } };
  return await readThread(desk, json([listingOf([opening]), listingOf([stub])]), answer);
}

/** Such a list is no part of a thread: duplicates of a submission, what an edit gave back. */
function holdsSubmissions(listing: unknown): boolean {
  const { data } = listing as { readonly data?: { readonly children?: readonly { readonly kind?: unknown }[] } };
  return data?.children?.some(({ kind }) => kind === 't3') === true;
}

async function readListing(desk: Desk, answer: RecordedAnswer): Promise<Tally> {
  serve(desk, (path) => (path.startsWith('/r/recorded/new') && !path.includes('after=') ? withoutPace(answer) : json(listingOf([]))));
  return await tallyPages(redditSource.crawl({ query: LISTING, cursor: {} }, desk.context));
}

/** `stubs` is given once; later stubs stay empty. */
async function readThread(desk: Desk, tree: ReturnType<typeof json>, stubs: ReturnType<typeof json>): Promise<Tally> {
  let filled = 0;
  serve(desk, (path) => {
    if (!path.startsWith('/api/morechildren')) return tree;
    filled += 1;
    return filled === 1 ? stubs : json({ json: { errors: [], data: { things: [] } } });
  });
  const port = await redditPortFor(desk.context);
  return await tallyPages(onePage(readComments({ port, submissionId: THREAD })));
}

function serve(desk: Desk, handle: (path: string) => ReturnType<typeof json>): void {
  desk.answerWith(({ path }) =>
    path.includes('access_token') ? json({ access_token: 'recorded', token_type: 'bearer', expires_in: 86_400, scope: '*' }) : handle(path),
  );
}

/** The recorder's rate limit is not ours, and a redirect would lead out of the recording. */
function withoutPace(answer: Exchange['answer']): RecordedAnswer {
  return { ...answer, headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !/^(?:x-ratelimit-.*|location)$/.test(name))) };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
