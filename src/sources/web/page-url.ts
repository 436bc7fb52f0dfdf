/**
 * Addresses as identities: the same page under two spellings is one post. Normalized by https://url.spec.whatwg.org (host case, default port,
 * dot segments), then without fragment and without parameters that only say where a reader came from.
 * Proved by test/unit/sources/web-page-url.test.ts.
 */

/** Parameters that never change what a page shows: campaign tags and click ids. */
const TRACKING = /^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hs(enc|mi)|ref_src)$/i;
const MAX_URL_LENGTH = 2_000;

/** Undefined for what is no http(s) address, or too long to be one. `keepFragment`: posts of a thread share a page and differ by fragment. */
export function normalizePageUrl(address: string, options: { readonly base?: string; readonly keepFragment?: boolean } = {}): string | undefined {
  if (address.length > MAX_URL_LENGTH || !URL.canParse(address, options.base)) return undefined;
  const url = new URL(address, options.base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  url.username = '';
  url.password = '';
  if (options.keepFragment !== true) url.hash = '';
  // Rewriting the query re-encodes it, so it is left alone unless something goes.
  const tracking = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
  for (const name of tracking) url.searchParams.delete(name);
  return url.href;
}

/** Same host, or one a subdomain of the other; `www.` aside. */
export function isSameSite(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return false;
  const [first, second] = [bareHost(a), bareHost(b)];
  return first === second || first.endsWith(`.${second}`) || second.endsWith(`.${first}`);
}

/** Same host, `www.` aside: what a page's canonical link may point at. A page cannot make itself another site's. */
export function isSameHost(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && bareHost(a) === bareHost(b);
}

function bareHost(address: string): string {
  return new URL(address).hostname.toLowerCase().replace(/^www\./, '');
}
