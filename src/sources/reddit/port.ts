/**
 * The one door to Reddit: every call of the source goes through `RedditPort`, so that what stands behind it
 * (today snoowrap) can be replaced in one file. It keeps one token, asks again once after a 401, and lets one /api/morechildren call out
 * at a time (Reddit answers a second one with 429). The rate limit is the client's to keep (REDDIT_TURN).
 * Spec: docs/sources/reddit.md. Proved by test/unit/sources/reddit-port.test.ts.
 */
import { InvalidInputError } from '../../errors.ts';
import type { HttpClient } from '../../fetch/http.ts';
import type { SourceContext } from '../source.ts';
import { type RedditAnswer, readAnswer } from './answer.ts';
import { createSnoowrapClient } from './snoowrap-client.ts';
import { createTokenHolder } from './token.ts';

export interface RedditPort {
  /** `what` names the call in errors. Raises the four classes only. */
  get(request: {
    readonly path: string;
    readonly params: Readonly<Record<string, string>>;
    readonly what: string;
    readonly signal?: AbortSignal | undefined;
  }): Promise<RedditAnswer>;
}

export interface RedditCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userAgent: string;
  /** With a password: the script grant, as that account. Else the app's own. */
  readonly username?: string;
  readonly password?: string;
}

/** @throws InvalidInputError `missing_credentials` naming the variables that are not set. */
export function readCredentials(values: Readonly<Record<string, string>>): RedditCredentials {
  const { REDDIT_CLIENT_ID: clientId, REDDIT_CLIENT_SECRET: clientSecret, REDDIT_USER_AGENT: userAgent } = values;
  if (!clientId || !clientSecret || !userAgent) {
    const missing = ['REDDIT_CLIENT_ID', 'REDDIT_CLIENT_SECRET', 'REDDIT_USER_AGENT'].filter((name) => !values[name]);
    throw new InvalidInputError('missing_credentials', `Reddit needs ${missing.join(', ')} (docs/sources/reddit.md says how to get them).`);
  }
  const { REDDIT_USERNAME: username, REDDIT_PASSWORD: password } = values;
  return { clientId, clientSecret, userAgent, ...(username && password ? { username, password } : {}) };
}

export async function createRedditPort(options: {
  readonly http: HttpClient;
  readonly credentials: RedditCredentials;
  readonly now: () => Date;
}): Promise<RedditPort> {
  const { http, credentials, now } = options;
  const client = await createSnoowrapClient({ http, ...credentials, currentToken: () => tokens.current() });
  const tokens = createTokenHolder({ request: () => client.requestToken(tokenForm(credentials)), now });
  let lastMoreChildren: Promise<unknown> = Promise.resolve();

  async function ask(request: Parameters<RedditPort['get']>[0]): Promise<RedditAnswer> {
    let exchange = await client.get(request.path, request.params, request.signal);
    if (exchange.response.status === 401) {
      tokens.drop(exchange.bearer);
      exchange = await client.get(request.path, request.params, request.signal);
    }
    return readAnswer(exchange.response, { now, what: request.what });
  }

  return {
    get(request) {
      if (request.path !== '/api/morechildren') return ask(request);
      const turn = lastMoreChildren.then(() => ask(request));
      lastMoreChildren = turn.catch(() => undefined);
      return turn;
    },
  };
}

function tokenForm(credentials: RedditCredentials): Record<string, string> {
  if (credentials.username === undefined || credentials.password === undefined) return { grant_type: 'client_credentials' };
  return { grant_type: 'password', username: credentials.username, password: credentials.password };
}

/** One port per HTTP client and account, so that runs share a token. */
const ports = new WeakMap<HttpClient, Map<string, Promise<RedditPort>>>();

export async function redditPortFor(context: SourceContext): Promise<RedditPort> {
  const credentials = readCredentials(context.credentials);
  const perClient = ports.get(context.http) ?? new Map<string, Promise<RedditPort>>();
  ports.set(context.http, perClient);
  const key = JSON.stringify(credentials);
  const known = perClient.get(key);
  if (known !== undefined) return known;
  const created = createRedditPort({ http: context.http, credentials, now: context.now });
  perClient.set(key, created);
  created.catch(() => perClient.delete(key));
  return created;
}
