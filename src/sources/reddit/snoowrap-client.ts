/**
 * snoowrap 1.23, reduced to what is safe in it: it knows Reddit's hosts, headers and parameters. The bytes go
 * through our HTTP client, and the answers come back untouched: `rawRequest` hands snoowrap a function as the
 * body, which is the one kind of value its object mapping leaves alone.
 *
 * Not left to snoowrap, because of how 1.23 does it (read in dist/request_handler.js and tried):
 * - tokens: several cold calls ask for several tokens, a revoked token is kept for a day (see token.ts)
 * - statuses: a 429's wait is never read, an HTML answer ends in a TypeError (see answer.ts)
 * - rate limits: its RateLimitError names no time, so the headers are kept from it (see answer.ts)
 */
import type { HttpClient, HttpResponse } from '../../fetch/http.ts';
import { REDDIT_TURN } from './answer.ts';

/** One exchange: what came back, and the token it was asked with. */
interface Exchange {
  readonly response: HttpResponse;
  readonly bearer: string | undefined;
}

export interface SnoowrapClient {
  get(path: string, params: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Exchange>;
  /** POST to www.reddit.com/api/v1/access_token with the app's id and secret. */
  requestToken(form: Readonly<Record<string, string>>): Promise<HttpResponse>;
}

export interface SnoowrapOptions {
  readonly http: HttpClient;
  readonly userAgent: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Called before every request that needs a token. */
  readonly currentToken: () => Promise<string>;
}

/** The options snoowrap passes to `rawRequest`, as far as our two calls produce them. */
interface RawRequest {
  readonly uri: string;
  readonly baseUrl: string;
  readonly method: 'get' | 'post';
  readonly headers?: Readonly<Record<string, string>>;
  readonly qs?: Readonly<Record<string, string | number>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly auth?: { readonly bearer?: string; readonly user?: string; readonly pass?: string };
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly transform?: (body: unknown, response: unknown) => unknown;
}

/** What is used of a snoowrap instance; its own types follow `request`, which is not installed for its types. */
interface SnoowrapInstance {
  config(options: Record<string, unknown>): unknown;
  rawRequest: (request: RawRequest) => Promise<unknown>;
  updateAccessToken: () => Promise<string>;
  oauthRequest(request: Record<string, unknown>): PromiseLike<unknown>;
  credentialedClientRequest(request: Record<string, unknown>): PromiseLike<unknown>;
}

/** Loads snoowrap on first use: it takes some 300 ms, which no command without Reddit should pay. */
export async function createSnoowrapClient(options: SnoowrapOptions): Promise<SnoowrapClient> {
  const { default: Snoowrap } = await import('snoowrap');
  const client = new Snoowrap({
    userAgent: options.userAgent,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    // Only satisfies the constructor: updateAccessToken below is what is asked.
    accessToken: 'unused',
  }) as unknown as SnoowrapInstance;
  client.config({ proxies: false, warnings: false, requestDelay: 0, maxRetryAttempts: 1 });
  client.updateAccessToken = options.currentToken;
  client.rawRequest = async (request) => {
    const exchange = await send(options.http, request);
    const body = () => exchange;
    const response = {
      statusCode: exchange.response.status,
      headers: {},
      body,
      request: { method: request.method, uri: { href: exchange.response.url } },
    };
    return request.transform ? request.transform(body, response) : body;
  };
  return {
    async get(path, params, signal) {
      const request = { uri: path, method: 'get', qs: params, ...(signal === undefined ? {} : { signal }) };
      return open(await client.oauthRequest(request));
    },
    async requestToken(form) {
      const exchange = open(await client.credentialedClientRequest({ uri: 'api/v1/access_token', method: 'post', form }));
      return exchange.response;
    },
  };
}

function open(body: unknown): Exchange {
  return (body as () => Exchange)();
}

async function send(http: HttpClient, request: RawRequest): Promise<Exchange> {
  const url = new URL(request.uri, `${request.baseUrl}/`);
  for (const [name, value] of Object.entries(request.qs ?? {})) url.searchParams.set(name, String(value));
  const bearer = request.auth?.bearer;
  const authorization =
    bearer === undefined ? `Basic ${Buffer.from(`${request.auth?.user ?? ''}:${request.auth?.pass ?? ''}`).toString('base64')}` : `bearer ${bearer}`;
  const body = request.form === undefined ? undefined : new URLSearchParams({ ...request.form }).toString();
  const response = await http.fetch({
    url: url.href,
    method: request.method === 'post' ? 'POST' : 'GET',
    headers: {
      ...request.headers,
      authorization,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(body === undefined ? {} : { body }),
    turn: REDDIT_TURN,
    ...(request.timeout === undefined ? {} : { timeoutMs: request.timeout }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  return { response, bearer };
}
