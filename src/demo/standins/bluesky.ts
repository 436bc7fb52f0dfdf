/**
 * Stand-in for Bluesky: sessions and searches at an account's server (bsky.social), searches of first pages at api.bsky.app, posts by address at
 * public.api.bsky.app, over a world of post views. It behaves as docs/sources/bluesky.md says. Proved by test/unit/sources/bluesky*.test.ts.
 */
import { jsonAnswer, type StandInAnswer, startLoopback } from './loopback.ts';
import type { StandIn, StandInOptions, StandInRequest } from './stand-in.ts';

export interface BlueskyWorld {
  /** `app.bsky.feed.defs#postView` objects. Left out of the next world = gone. */
  readonly posts: readonly object[];
}

export interface BlueskyStandInOptions extends StandInOptions {
  /** App password that is accepted; default: any. */
  readonly password?: string;
  /** Requests after which an access token is expired; default: never. */
  readonly tokenUses?: number;
  /** Refuses every refresh token. */
  readonly noRefresh?: boolean;
  /** Offset from which cursors are refused. */
  readonly deepest?: number;
  /** Turns logged-out searches away. */
  readonly closed?: boolean;
  /** Posts per page, at most what is asked for; default: what is asked for. */
  readonly pageSize?: number;
}

interface PostView {
  readonly uri?: unknown;
  readonly record?: { readonly text?: unknown; readonly createdAt?: unknown };
  readonly indexedAt?: unknown;
}

const ACCOUNTS = 'bsky.social';
const SEARCHES = 'api.bsky.app';
const READS = 'public.api.bsky.app';

export async function startBlueskyStandIn(
  world: BlueskyWorld,
  options: BlueskyStandInOptions = {},
): Promise<StandIn & { setWorld(world: BlueskyWorld): void }> {
  let posts = world.posts as readonly PostView[];
  let sessions = 0;
  /** Access token -> requests made with it. */
  const uses = new Map<string, number>();

  function answer(request: StandInRequest): StandInAnswer {
    const url = new URL(request.path, 'https://bsky.social');
    const method = url.pathname.replace(/^\/xrpc\//, '');
    const bearer = (request.headers['authorization'] ?? '').replace(/^Bearer /, '');
    if (request.host === ACCOUNTS) {
      if (method === 'com.atproto.server.createSession' && request.method === 'POST') return createSession(request.body);
      if (method === 'com.atproto.server.refreshSession' && request.method === 'POST') return refreshSession(bearer);
      return refuseToken(bearer) ?? read(method, url.searchParams, { loggedIn: true });
    }
    if (request.host === SEARCHES && method === 'app.bsky.feed.searchPosts' && (options.closed === true || url.searchParams.has('cursor')))
      return blockedAtEdge();
    if (request.host === READS && method === 'app.bsky.feed.searchPosts') return blockedAtEdge();
    return read(method, url.searchParams, { loggedIn: false });
  }

  function createSession(body: string): StandInAnswer {
    const { identifier, password } = JSON.parse(body) as { identifier?: string; password?: string };
    const accepted = Boolean(identifier && password) && (options.password === undefined || password === options.password);
    return accepted ? openSession() : failure(401, 'AuthenticationRequired', 'Invalid identifier or password');
  }

  function refreshSession(bearer: string): StandInAnswer {
    if (options.noRefresh === true || !bearer.startsWith('refresh-')) return failure(400, 'ExpiredToken', 'Token has been revoked');
    return openSession();
  }

  function openSession(): StandInAnswer {
    sessions += 1;
    uses.set(`access-${sessions}`, 0);
    return jsonAnswer(200, {
      did: 'did:plc:operator',
      handle: 'operator.example',
      accessJwt: `access-${sessions}`,
      refreshJwt: `refresh-${sessions}`,
      active: true,
    });
  }

  function refuseToken(bearer: string): StandInAnswer | undefined {
    const used = uses.get(bearer);
    if (used === undefined) return failure(401, 'AuthMissing', 'Authentication Required');
    if (used >= (options.tokenUses ?? Number.POSITIVE_INFINITY)) return failure(400, 'ExpiredToken', 'Token has expired');
    uses.set(bearer, used + 1);
    return undefined;
  }

  function read(method: string, params: URLSearchParams, who: { readonly loggedIn: boolean }): StandInAnswer {
    if (method === 'app.bsky.feed.searchPosts') return search(params, who);
    if (method === 'app.bsky.feed.getPosts') {
      const uris = params.getAll('uris');
      if (uris.length === 0 || uris.length > 25) return failure(400, 'InvalidRequest', 'Error: uris must have 1 to 25 elements');
      return jsonAnswer(200, { posts: posts.filter(({ uri }) => uris.includes(String(uri))) });
    }
    return failure(501, 'MethodNotImplemented', 'Method Not Implemented');
  }

  function search(params: URLSearchParams, { loggedIn }: { readonly loggedIn: boolean }): StandInAnswer {
    const size = Number(params.get('limit') ?? '25');
    const start = Number(params.get('cursor') ?? '0');
    const deepest = options.deepest ?? 10_000;
    if (!params.get('q') || !(size >= 1 && size <= 100) || !Number.isInteger(start) || (loggedIn && start >= deepest))
      return failure(400, 'InvalidRequest', 'Bad parameters');
    const words = String(params.get('q')).toLowerCase().split(/\s+/);
    const [since, until] = [Date.parse(params.get('since') ?? ''), Date.parse(params.get('until') ?? '')];
    const found = posts
      .filter(({ record }) =>
        words.every((word) =>
          JSON.stringify(record?.text ?? '')
            .toLowerCase()
            .includes(word),
        ),
      )
      .filter((post) => !(sortTimeOf(post) < since) && !(sortTimeOf(post) >= until))
      .sort((a, b) => sortTimeOf(b) - sortTimeOf(a));
    const end = start + Math.min(size, options.pageSize ?? size);
    // Logged out, the cursor is named all the same.
    return jsonAnswer(200, { posts: found.slice(start, end), ...(end < found.length ? { cursor: String(end) } : {}), hitsTotal: found.length });
  }

  const standIn = await startLoopback({ ...(options.fault === undefined ? {} : { fault: options.fault }), hosts: [ACCOUNTS, SEARCHES, READS], handle: answer });
  return {
    ...standIn,
    setWorld(next) {
      posts = next.posts as readonly PostView[];
    },
  };
}

/** The earlier of the two times a post has. */
function sortTimeOf(post: PostView): number {
  return Math.min(Date.parse(String(post.record?.createdAt)) || Number.POSITIVE_INFINITY, Date.parse(String(post.indexedAt)) || Number.POSITIVE_INFINITY);
}

function failure(status: number, error: string, message: string): StandInAnswer {
  return jsonAnswer(status, { error, message });
}

function blockedAtEdge(): StandInAnswer {
  return {
    status: 403,
    headers: { 'content-type': 'text/html' },
    body: '<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>',
  };
}
