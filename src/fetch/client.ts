/**
 * The polite HTTP client: one request port for every source (http.ts). Adds the address guard, redirects by hand (each hop
 * through the same guard), caps on headers, body, time and redirects, pacing per host, and robots.txt.
 * Specs: RFC 9110 (semantics), RFC 9309 (robots). Proved by test/unit/fetch/client.test.ts.
 *
 * `routes` sends the requests for a host name to another server, with the Host header kept: that is how tests and the demo
 * put stand-ins in the place of platforms. It and `allow` are injected by the caller and never read from the environment.
 */
import { Agent, type Dispatcher } from 'undici';
import { HearsayError, InvalidInputError, TransientError } from '../errors.ts';
import { checkUrl, hostPortOf, type ResolveHost } from './address-guard.ts';
import { createGuardedAgent } from './guarded-agent.ts';
import type { HostTurn, HttpClient, HttpRequest, HttpResponse } from './http.ts';
import { createPacer, type Pacer } from './pace.ts';
import { ACCEPT_ENCODING, type BodyCap, readBody } from './read-body.ts';
import { followHop, type Hop, REDIRECTS, resolveLocation } from './redirect.ts';
import { restAskedFor } from './retry-after.ts';
import { createRobotsCache, MAX_ROBOTS_BYTES } from './robots.ts';

export interface HttpClientOptions {
  /** Sent with every request that sets none of its own: `Hearsay/0.1 (+https://example.org/about)`. */
  readonly userAgent: string;
  /** `host:port` pairs that may be reached although not public: HEARSAY_ALLOW_HOSTS, and only for addresses that the operator names. Default: none. */
  readonly allow?: readonly string[];
  /** Host -> base address that answers for it, e.g. `{'www.reddit.com': 'http://127.0.0.1:4567'}`. */
  readonly routes?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
  /** Milliseconds between starts of requests to one host, where robots.txt is obeyed; default 1,000. */
  readonly hostIntervalMs?: number;
  /** Milliseconds between starts for single hosts, whether robots.txt is obeyed or not. Default: none. */
  readonly hostIntervalsMs?: Readonly<Record<string, number>>;
  /** Whole exchanges that name no limit of their own, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** Replaces the system's name look-up; for tests of the guard. */
  readonly resolveHost?: ResolveHost;
  /** Who hands out the turns at a host; default: one of this client's own. */
  readonly pacer?: Pacer;
}

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_HOST_INTERVAL_MS = 1000;
const CONNECT_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 32 * 1024;
const MAX_REDIRECTS = 5;

export function createHttpClient(options: HttpClientOptions): HttpClient & { close(): Promise<void> } {
  const now = options.now ?? (() => new Date());
  const routes = new Map(Object.entries(options.routes ?? {}).map(([host, base]) => [host.toLowerCase(), new URL(base)] as const));
  const allowed = new Set(options.allow ?? []);
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, connections: 8, pipelining: 1 };
  const guarded = createGuardedAgent({ allowed, connectTimeoutMs: CONNECT_TIMEOUT_MS, resolveHost: options.resolveHost }, limits);
  // Routed requests go where the caller said, loopback included; no other request uses this agent.
  const routed = new Agent(limits);
  const pacer = options.pacer ?? createPacer();
  const robots = createRobotsCache({
    userAgent: options.userAgent,
    now,
    fetchRobots: (url) => fetchFollowing({ url, maxBytes: MAX_ROBOTS_BYTES }, 'cut'),
  });

  /** Routed hosts have no address of their own here, so only the shape of the address is checked. */
  function checkTarget(address: string): { readonly url: URL; readonly route: URL | undefined } {
    const route = URL.canParse(address) ? routes.get(new URL(address).host.toLowerCase()) : undefined;
    const exempt = route === undefined ? allowed : new Set([...allowed, hostPortOf(new URL(address))]);
    return { url: checkUrl(address, exempt), route };
  }

  /** The longest interval of those that are asked for; undefined where nothing is. */
  async function turnOf(url: URL, request: HttpRequest): Promise<HostTurn | undefined> {
    const own = Math.max(options.hostIntervalsMs?.[url.host] ?? 0, request.turn?.intervalMs ?? 0);
    const page = request.obeyRobots === true ? Math.max((await robots.check(url)).crawlDelayMs, options.hostIntervalMs ?? DEFAULT_HOST_INTERVAL_MS) : 0;
    const intervalMs = Math.max(own, page);
    return intervalMs === 0 && request.turn === undefined ? undefined : { ...request.turn, intervalMs };
  }

  async function fetchFollowing(request: HttpRequest, beyond: BodyCap['beyond']): Promise<HttpResponse> {
    const cap: BodyCap = { maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES, beyond };
    const clock = createClock(request.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    let target = checkTarget(request.url);
    let hop: Hop = { method: request.method ?? 'GET', headers: request.headers ?? {}, body: request.body };
    for (let redirects = 0; ; redirects += 1) {
      const { url } = target;
      const turn = await turnOf(url, request);
      if (turn !== undefined) await pacer.wait(url.host, turn.intervalMs, request.signal);
      const answer = await clock.run(request.signal, async (signal) => {
        const data = await send(target, hop, signal);
        const location = REDIRECTS.has(data.statusCode) ? joinHeaders(data.headers)['location'] : undefined;
        if (location === undefined) return { response: await receive(data, url, cap) };
        await data.body.dump({ limit: 16 * 1024 });
        return { location, status: data.statusCode };
      });
      if (answer.response !== undefined) {
        const restMs = turn === undefined ? undefined : (turn.restMs ?? restAskedFor)(answer.response);
        if (restMs !== undefined && restMs > 0) await pacer.rest(url.host, restMs);
        return answer.response;
      }
      if (redirects === MAX_REDIRECTS)
        throw new InvalidInputError('too_many_redirects', `more than ${MAX_REDIRECTS} redirects from ${describeUrl(request.url)}`);
      target = checkTarget(resolveLocation(answer.location, url));
      hop = followHop(hop, answer.status, { from: url, to: target.url, toIsRouted: target.route !== undefined });
    }
  }

  async function send(target: { readonly url: URL; readonly route: URL | undefined }, hop: Hop, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { url, route } = target;
    const prefix = route === undefined ? '' : route.pathname.replace(/\/$/, '');
    return await (route === undefined ? guarded : routed).request({
      origin: (route ?? url).origin,
      path: `${prefix}${url.pathname}${url.search}`,
      method: hop.method,
      headers: { 'user-agent': options.userAgent, 'accept-encoding': ACCEPT_ENCODING, ...hop.headers, host: url.host },
      ...(hop.body === undefined ? {} : { body: hop.body }),
      signal,
    });
  }

  async function receive(data: Dispatcher.ResponseData, url: URL, cap: BodyCap): Promise<HttpResponse> {
    const headers = joinHeaders(data.headers);
    const empty = data.statusCode === 304 || data.statusCode === 204;
    const body = await readBody(data.body, empty ? undefined : headers['content-encoding'], cap);
    return { url: url.href, status: data.statusCode, headers, body, fetchedAt: now().toISOString() };
  }

  return {
    async fetch(request) {
      try {
        return await fetchFollowing(request, 'refuse');
      } catch (error) {
        throw explain(error, request);
      }
    },
    async close() {
      await Promise.all([guarded.destroy(), routed.destroy()]);
    },
  };
}

/** Time the exchange may take in all, over its hops; waiting for one's turn is not the server's doing and does not count. */
function createClock(timeoutMs: number): { run<T>(outer: AbortSignal | undefined, act: (signal: AbortSignal) => Promise<T>): Promise<T> } {
  let leftMs = timeoutMs;
  return {
    async run(outer, act) {
      const controller = new AbortController();
      const stop = () => controller.abort(outer?.reason);
      const timer = setTimeout(() => controller.abort(new TransientError('timeout', `no whole answer within ${timeoutMs} ms`)), Math.max(leftMs, 0));
      const start = performance.now();
      if (outer?.aborted === true) stop();
      outer?.addEventListener('abort', stop, { once: true });
      try {
        return await act(controller.signal);
      } catch (error) {
        throw controller.signal.aborted ? controller.signal.reason : error;
      } finally {
        leftMs -= performance.now() - start;
        clearTimeout(timer);
        outer?.removeEventListener('abort', stop);
      }
    },
  };
}

function joinHeaders(headers: Dispatcher.ResponseData['headers']): Readonly<Record<string, string>> {
  const joined = Object.entries(headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined);
  return Object.fromEntries(joined.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}

/** Address for messages: no query, which may hold a key. */
function describeUrl(address: string): string {
  return URL.canParse(address) ? `${new URL(address).origin}${new URL(address).pathname}`.slice(0, 200) : address.slice(0, 80);
}

function explain(error: unknown, request: HttpRequest): HearsayError {
  if (error instanceof HearsayError) return error;
  if (request.signal?.aborted === true) return new TransientError('aborted', `stopped while fetching ${describeUrl(request.url)}`, { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return new InvalidInputError('headers_too_large', `headers larger than ${MAX_HEADER_BYTES} bytes from ${describeUrl(request.url)}`);
  }
  if (code === 'UND_ERR_INVALID_ARG') return new InvalidInputError('bad_url', `not a request that can be sent: ${describeUrl(request.url)}`, { cause: error });
  if (/TIMEOUT/.test(code)) return new TransientError('timeout', `${describeUrl(request.url)}: ${code}`, { cause: error });
  return new TransientError('network', `${describeUrl(request.url)}: ${code || 'connection failed'}`, { cause: error });
}
