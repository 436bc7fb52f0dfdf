/**
 * Finds the recorded exchange that answers a request: same method and path, equal values in the parameters that select
 * what comes back, and of those the one with most other parameters in common.
 */
import type { RecordedAnswer } from './recording.ts';

export interface Exchange {
  /** File it was recorded in. */
  readonly file: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Query, or the form for POST. */
  readonly params: URLSearchParams;
  readonly answer: RecordedAnswer;
}

export interface RequestToMatch {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
}

export function readRequest(request: { readonly method: string; readonly pathWithQuery: string; readonly body: string }): RequestToMatch {
  const url = new URL(request.pathWithQuery, 'http://recorded.invalid');
  const params = request.method === 'POST' ? new URLSearchParams([...url.searchParams, ...new URLSearchParams(request.body)]) : url.searchParams;
  return { method: request.method, path: trimPath(url.pathname), params };
}

/** `selecting`: parameters that must be equal; `equal` compares their values, default by identity. */
export function findExchange(
  exchanges: readonly Exchange[],
  request: RequestToMatch,
  rule: { readonly selecting: readonly string[]; readonly equal?: (recorded: string | null, asked: string | null) => boolean },
): Exchange | undefined {
  const equal = rule.equal ?? ((recorded, asked) => recorded === asked);
  const fitting = exchanges.filter(
    (exchange) =>
      exchange.method === request.method &&
      exchange.path === request.path &&
      rule.selecting.every((name) => equal(exchange.params.get(name), request.params.get(name))),
  );
  const common = (exchange: Exchange) => [...exchange.params].filter(([name, value]) => request.params.get(name) === value).length;
  return fitting.reduce<Exchange | undefined>((best, exchange) => (best === undefined || common(exchange) > common(best) ? exchange : best), undefined);
}

export function trimPath(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** Headers of the recorder's connection, which do not hold for ours. */
const CONNECTION_HEADERS = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'set-cookie',
  'strict-transport-security',
]);

export function keepHeaders(headers: Readonly<Record<string, readonly string[] | string>>): Record<string, string> {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')] as const);
  return Object.fromEntries(lower.filter(([name]) => !CONNECTION_HEADERS.has(name)));
}
