/**
 * Stand-in for www.reddit.com and oauth.reddit.com: tokens, listings, search, comment trees with `more` stubs,
 * /api/morechildren, /api/info, subreddit states and rate-limit headers, over a world of things in Reddit's own
 * wire format. It behaves as docs/sources/reddit.md says Reddit does. Proved by test/unit/sources/reddit.test.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonAnswer, type StandInAnswer, startLoopback } from './loopback.ts';
import { buildTree, continueFrom, fillStub, type Thing } from './reddit-tree.ts';
import type { StandIn, StandInOptions, StandInRequest } from './stand-in.ts';

export type { Thing } from './reddit-tree.ts';

export interface RedditWorld {
  /** Things without `replies`: the tree follows from `parent_id`. What is deleted carries its shell, what is purged is left out. */
  readonly things: readonly Thing[];
  /** Subreddits that exist without things, or are not public. */
  readonly subreddits?: Readonly<Record<string, { readonly state: 'public' | 'private' | 'banned' | 'quarantined' }>>;
}

export interface RedditStandInOptions extends StandInOptions {
  /** Comments in one tree answer before stubs begin; default 200. */
  readonly treeSize?: number;
  /** Levels in one tree answer before "continue this thread"; default 10. */
  readonly treeDepth?: number;
  /** Comments one /api/morechildren call gives; default 100. */
  readonly moreChildrenPerCall?: number;
  /** Account that the password grant accepts; default: any. */
  readonly account?: { readonly username: string; readonly password: string };
  /** Default 86,400. */
  readonly tokenSeconds?: number;
  /** Requests per window; default 1,000 in 600 s. */
  readonly rate?: { readonly limit: number; readonly windowSeconds: number };
  readonly now?: () => Date;
}

const LISTING_CAP = 1_000;

export async function startRedditStandIn(world: RedditWorld, options: RedditStandInOptions = {}): Promise<StandIn & { setWorld(world: RedditWorld): void }> {
  let current = world;
  let issued = 0;
  let moreChildrenBusy = false;
  const tokens = new Map<string, number>();
  const now = options.now ?? (() => new Date());
  const rate = options.rate ?? { limit: 1_000, windowSeconds: 600 };
  let window = { startMs: now().getTime(), used: 0 };

  function answerToken(request: StandInRequest): StandInAnswer {
    const [scheme, encoded] = (request.headers['authorization'] ?? '').split(' ');
    const id = Buffer.from(encoded ?? '', 'base64')
      .toString('utf8')
      .split(':')[0];
    if (scheme?.toLowerCase() !== 'basic' || !id) return jsonAnswer(401, { message: 'Unauthorized', error: 401 });
    const form = new URLSearchParams(request.body);
    const grant = form.get('grant_type');
    if (grant !== 'client_credentials' && grant !== 'password') return jsonAnswer(200, { error: 'unsupported_grant_type' });
    const { account } = options;
    if (grant === 'password' && account !== undefined && (form.get('username') !== account.username || form.get('password') !== account.password)) {
      return jsonAnswer(200, { error: 'invalid_grant' });
    }
    const token = `stand-in-token-${++issued}`;
    const seconds = options.tokenSeconds ?? 86_400;
    tokens.set(token, now().getTime() + seconds * 1000);
    return jsonAnswer(200, { access_token: token, token_type: 'bearer', expires_in: seconds, scope: '*' });
  }

  /** Fixed windows, seconds to their end in `reset`, and 429 once nothing remains. */
  function spend(): { readonly headers: Record<string, string>; readonly exhausted: boolean } {
    const nowMs = now().getTime();
    if (nowMs >= window.startMs + rate.windowSeconds * 1000) window = { startMs: nowMs, used: 0 };
    const exhausted = window.used >= rate.limit;
    if (!exhausted) window.used += 1;
    const reset = Math.ceil((window.startMs + rate.windowSeconds * 1000 - nowMs) / 1000);
    const remaining = (rate.limit - window.used).toFixed(1);
    return {
      headers: { 'x-ratelimit-used': String(window.used), 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': String(reset) },
      exhausted,
    };
  }

  async function answerApi(request: StandInRequest): Promise<StandInAnswer> {
    const [scheme, token] = (request.headers['authorization'] ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || (tokens.get(token ?? '') ?? 0) <= now().getTime())
      return jsonAnswer(401, { message: 'Unauthorized', error: 401 });
    const { headers, exhausted } = spend();
    if (exhausted) return jsonAnswer(429, { message: 'Too Many Requests', error: 429 }, headers);
    const url = new URL(request.path, 'https://oauth.reddit.com');
    const params = request.method === 'POST' ? new URLSearchParams([...url.searchParams, ...new URLSearchParams(request.body)]) : url.searchParams;
    const answer = await route(url.pathname.replace(/\/+$/, ''), params);
    if (!('value' in answer)) return { ...answer, headers: { ...answer.headers, ...headers } };
    return jsonAnswer(200, url.searchParams.get('raw_json') === '1' ? answer.value : escapeStrings(answer.value), headers);
  }

  async function route(path: string, params: URLSearchParams): Promise<StandInAnswer | { readonly value: unknown }> {
    const parts = path.split('/').slice(1);
    if (parts[0] === 'r' && parts[1] !== undefined) {
      const refused = refuseSubreddit(current, parts[1]);
      if (refused !== undefined) return refused;
      const inside = current.things.filter((thing) => parts[1] === 'all' || sameName(thing.data['subreddit'], parts[1]));
      if (parts[2] === 'search') return { value: search(params.get('restrict_sr') === 'true' ? inside : current.things, params) };
      if (parts[2] === 'comments' && parts[3] === undefined) return { value: listPage(newestFirst(inside, 't1'), params) };
      if (parts[2] !== undefined && ['new', 'hot', 'rising', 'top', 'controversial'].includes(parts[2])) {
        const submissions = newestFirst(inside, 't3');
        return {
          value: listPage(
            parts[2] === 'new' || parts[2] === 'rising' ? submissions : submissions.sort((a, b) => numberAt(b, 'score') - numberAt(a, 'score')),
            params,
          ),
        };
      }
    }
    if (path === '/search') return { value: search(current.things, params) };
    if (path === '/subreddits/search') return { value: listing([], null, 0) };
    if (path === '/api/info') return { value: lookUp(params) };
    if (path === '/api/morechildren') return answerMoreChildren(params);
    if (parts[0] === 'comments' && parts[1] !== undefined) return answerTree(parts[1], parts[3] ?? params.get('comment') ?? undefined);
    return jsonAnswer(404, { message: 'Not Found', error: 404 });
  }

  function answerTree(id: string, comment: string | undefined): StandInAnswer | { readonly value: unknown } {
    const submission = current.things.find((thing) => thing.kind === 't3' && thing.data['name'] === `t3_${id}`);
    if (submission === undefined) return jsonAnswer(404, { message: 'Not Found', error: 404 });
    const size = { treeSize: options.treeSize ?? 200, treeDepth: options.treeDepth ?? 10 };
    const children = comment === undefined ? buildTree(current.things, `t3_${id}`, size) : continueFrom(current.things, `t1_${comment}`, size);
    return { value: [listing([submission], null, 1), listing(children, null, null)] };
  }

  /** One call at a time, as Reddit locks it per user. */
  async function answerMoreChildren(params: URLSearchParams): Promise<StandInAnswer | { readonly value: unknown }> {
    if (moreChildrenBusy) return jsonAnswer(429, { message: 'Too Many Requests', error: 429 });
    moreChildrenBusy = true;
    await sleep(2);
    moreChildrenBusy = false;
    const ids = (params.get('children') ?? '').split(',').slice(0, options.moreChildrenPerCall ?? 100);
    const size = { treeSize: options.moreChildrenPerCall ?? 100, treeDepth: options.treeDepth ?? 10 };
    return {
      value: {
        json: {
          errors: [],
          data: {
            things: fillStub(
              current.things,
              ids.map((id) => `t1_${id}`),
              size,
            ),
          },
        },
      },
    };
  }

  function lookUp(params: URLSearchParams): unknown {
    const asked = (params.get('id') ?? '').split(',').slice(0, 100);
    const found = asked.flatMap((name) => current.things.filter((thing) => thing.data['name'] === name));
    return listing(found.map(flat), null, found.length);
  }

  const standIn = await startLoopback({
    ...(options.fault === undefined ? {} : { fault: options.fault }),
    hosts: ['oauth.reddit.com', 'www.reddit.com'],
    handle: (request) => {
      if (request.method === 'POST' && request.path.startsWith('/api/v1/access_token')) return answerToken(request);
      // Followed redirects arrive here without a token.
      if (request.path.startsWith('/subreddits/search')) return jsonAnswer(200, listing([], null, 0));
      return answerApi(request);
    },
  });
  return {
    ...standIn,
    setWorld(next) {
      current = next;
    },
  };
}

function refuseSubreddit(world: RedditWorld, name: string): StandInAnswer | undefined {
  const named = Object.entries(world.subreddits ?? {}).find(([key]) => sameName(key, name));
  const known = named !== undefined || name === 'all' || world.things.some((thing) => sameName(thing.data['subreddit'], name));
  if (!known)
    return {
      status: 302,
      headers: { location: `https://www.reddit.com/subreddits/search?q=${encodeURIComponent(name)}`, 'content-type': 'text/html' },
    };
  switch (named?.[1].state) {
    case 'private':
      return jsonAnswer(403, { reason: 'private', message: 'Forbidden', error: 403 });
    case 'quarantined':
      return jsonAnswer(403, { reason: 'quarantined', quarantine_message: 'Opt in first.', message: 'Forbidden', error: 403 });
    case 'banned':
      return jsonAnswer(404, { reason: 'banned', message: 'Not Found', error: 404 });
    default:
      return undefined;
  }
}

/** Up to 100 things after `after`; an anchor that is no longer listed gives an empty page. */
function listPage(things: readonly Thing[], params: URLSearchParams): unknown {
  const capped = things.slice(0, LISTING_CAP);
  const limit = Math.min(Math.max(Number.parseInt(params.get('limit') ?? '25', 10) || 25, 1), 100);
  const after = params.get('after');
  const anchor = after === null ? -1 : capped.findIndex((thing) => thing.data['name'] === after);
  const page = after !== null && anchor < 0 ? [] : capped.slice(anchor + 1, anchor + 1 + limit);
  const last = page.at(-1)?.data['name'];
  const more = anchor + 1 + limit < capped.length && page.length > 0;
  return listing(page.map(flat), more && typeof last === 'string' ? last : null, page.length);
}

/** Every word, in any order; "quoted phrases"; `OR` between alternatives. Over titles and texts of submissions. */
function search(things: readonly Thing[], params: URLSearchParams): unknown {
  const alternatives = (params.get('q') ?? '')
    .split(/\s+OR\s+/)
    .map((part) => [...part.matchAll(/"([^"]+)"|([^\s"()]+)/g)].map((match) => (match[1] ?? match[2] ?? '').toLowerCase()));
  const found = newestFirst(things, 't3').filter((thing) => {
    const text = `${textAt(thing, 'title')} ${textAt(thing, 'selftext')}`.toLowerCase();
    return alternatives.some((words) => words.length > 0 && words.every((word) => text.includes(word)));
  });
  return listPage(found, params);
}

function newestFirst(things: readonly Thing[], kind: 't3' | 't1'): Thing[] {
  return things.filter((thing) => thing.kind === kind && !isShell(thing)).sort((a, b) => numberAt(b, 'created_utc') - numberAt(a, 'created_utc'));
}

/** Deleted and removed items leave the listings and stay reachable by name. */
function isShell(thing: Thing): boolean {
  const text = textAt(thing, thing.kind === 't3' ? 'selftext' : 'body').trim();
  return typeof thing.data['removed_by_category'] === 'string' || text === '[deleted]' || text === '[removed]';
}

function flat(thing: Thing): unknown {
  return thing.kind === 't1' ? { kind: 't1', data: { ...thing.data, replies: '' } } : thing;
}

function listing(children: readonly unknown[], after: string | null, dist: number | null): unknown {
  return { kind: 'Listing', data: { after, dist, modhash: null, geo_filter: '', children, before: null } };
}

/** Without raw_json=1 Reddit escapes these three in every string. */
function escapeStrings(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (Array.isArray(value)) return value.map(escapeStrings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escapeStrings(inner)]));
}

function sameName(a: unknown, b: string | undefined): boolean {
  return typeof a === 'string' && a.toLowerCase() === b?.toLowerCase();
}

function numberAt(thing: Thing, key: string): number {
  const value = thing.data[key];
  return typeof value === 'number' ? value : 0;
}

function textAt(thing: Thing, key: string): string {
  const value = thing.data[key];
  return typeof value === 'string' ? value : '';
}
