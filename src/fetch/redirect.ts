/**
 * What is sent on after a redirect (RFC 9110 section 15.4). Fails closed: credentials stay with their origin, https never
 * becomes http, and a body never goes to another origin. Proved by test/unit/fetch/client.test.ts.
 */
import { InvalidInputError } from '../errors.ts';

export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Sent to the first origin only. */
const CREDENTIAL_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key', 'api-key']);

/** One request of the chain. */
export interface Hop {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Raises `insecure_redirect`. */
export function followHop(hop: Hop, status: number, step: { readonly from: URL; readonly to: URL; readonly toIsRouted: boolean }): Hop {
  const { from, to } = step;
  if (from.protocol === 'https:' && to.protocol === 'http:' && !step.toIsRouted) {
    throw new InvalidInputError('insecure_redirect', `${from.host} redirects from https to http`);
  }
  const sameOrigin = from.origin === to.origin;
  const headers = sameOrigin ? hop.headers : Object.fromEntries(Object.entries(hop.headers).filter(([name]) => !CREDENTIAL_HEADERS.has(name)));
  // RFC 9110 sections 15.4.2 to 15.4.4: after 301, 302 and 303 a POST is repeated as GET; 307 and 308 keep it.
  if (hop.method === 'POST' && status !== 307 && status !== 308) {
    const { 'content-type': _type, ...rest } = headers;
    return { method: 'GET', headers: rest, body: undefined };
  }
  if (hop.body !== undefined && !sameOrigin) throw new InvalidInputError('insecure_redirect', `${from.host} redirects a request with a body to ${to.host}`);
  return { ...hop, headers };
}

/** Raises `bad_url`. */
export function resolveLocation(location: string, base: URL): string {
  if (!URL.canParse(location, base.href)) throw new InvalidInputError('bad_url', `${base.host} redirects to something that is no address`);
  return new URL(location, base).href;
}
