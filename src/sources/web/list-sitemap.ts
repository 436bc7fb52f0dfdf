/**
 * The pages a sitemap lists, an index of sitemaps followed into its parts. Only addresses of the sitemap's own site count: by the protocol a
 * sitemap speaks for its own host. Everything left out is counted. Proved by test/unit/sources/web-sitemap.test.ts.
 */
import { HearsayError, IntegrityError, InvalidInputError, RateLimitedError } from '../../errors.ts';
import { isGone, requireOk } from '../../fetch/require-ok.ts';
import type { Refusal, SourceContext } from '../source.ts';
import type { MatchAddress } from './match-address.ts';
import { sourceOfHost } from './other-platform.ts';
import { isSameSite, normalizePageUrl } from './page-url.ts';
import { MAX_SITEMAP_BYTES, readSitemap, type SitemapEntry, type SitemapFile } from './read-sitemap.ts';
import type { SitemapListing } from './sitemap-memory.ts';

/** An index may name sitemaps only; some sites nest indexes all the same. */
const MAX_DEPTH = 3;
const MAX_FILES = 200;
export const MAX_SITEMAP_PAGES = 50_000;
const TIMEOUT_MS = 120_000;
const ACCEPT = 'application/xml, text/xml, text/plain;q=0.8, */*;q=0.5';

/** Raises when the sitemap itself cannot be had; a part of it that cannot is a refusal. */
export async function listSitemap(
  start: string,
  wanted: MatchAddress,
  context: SourceContext,
): Promise<SitemapListing & { readonly refusals: readonly Refusal[] }> {
  const pages = new Map<string, string | undefined>();
  const refusals: Refusal[] = [];
  const asked = new Set<string>([start]);
  const waiting: { readonly url: string; readonly depth: number }[] = [{ url: start, depth: 1 }];
  let isWhole = true;
  let files = 0;
  function refuse(code: string, detail: string, item: string): void {
    refusals.push({ code, detail: detail.slice(0, 120), item: item.slice(0, 300) });
  }

  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { url, depth } = next;
    files += 1;
    const file = await fetchSitemap(url, context).catch((error: unknown) => {
      if (url === start || !(error instanceof HearsayError) || error instanceof IntegrityError || context.signal?.aborted === true) throw error;
      return error;
    });
    if (file instanceof HearsayError) {
      refuse(file.code, file.message, url);
      isWhole = false;
      // A site that asks for patience is not asked for the rest of its parts.
      if (file instanceof RateLimitedError) break;
      continue;
    }
    if (file.malformed > 0) refuse('malformed_item', `${file.malformed} entries of a sitemap without an address`, url);
    if (file.isCut) refuse('not_fetched', `more than the ${file.entries.length} addresses that a sitemap may hold`, url);
    const { own, foreign } = divide(file.entries, start);
    if (foreign > 0) refuse('other_site', `${foreign} addresses that are none, or of other sites`, url);
    if (file.kind === 'pages') {
      let beyond = 0;
      for (const page of own.filter((entry) => wanted(entry.address))) {
        if (pages.size < MAX_SITEMAP_PAGES || pages.has(page.address)) pages.set(page.address, page.lastmod);
        else beyond += 1;
      }
      if (beyond > 0) refuse('not_fetched', `${beyond} pages beyond the first ${MAX_SITEMAP_PAGES}`, url);
      continue;
    }
    // The newest parts first, so that what is beyond the limits is old.
    const parts = own.filter(({ address }) => !asked.has(address)).sort((a, b) => compare(b.lastmod ?? '', a.lastmod ?? ''));
    const room = depth < MAX_DEPTH ? Math.max(MAX_FILES - files - waiting.length, 0) : 0;
    for (const part of parts.slice(0, room)) {
      asked.add(part.address);
      waiting.push({ url: part.address, depth: depth + 1 });
    }
    if (parts.length > room) refuse('not_fetched', `${parts.length - room} sitemaps, nested too deep or beyond the first ${MAX_FILES}`, url);
  }
  return { pages: [...pages].map(([url, lastmod]) => ({ url, lastmod })), isWhole, refusals };
}

/** W3C dates sort as text. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function fetchSitemap(url: string, context: SourceContext): Promise<SitemapFile> {
  const response = requireOk(
    await context.http.fetch({
      url,
      headers: { accept: ACCEPT },
      obeyRobots: true,
      maxBytes: MAX_SITEMAP_BYTES,
      timeoutMs: TIMEOUT_MS,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    }),
    'sitemap',
  );
  if (isGone(response)) throw new InvalidInputError('not_found', `no sitemap at ${url.slice(0, 200)}`);
  return readSitemap(response.body, response.headers['content-type']);
}

/** Addresses normalized, so that one page under two spellings is asked once. */
function divide(entries: readonly SitemapEntry[], start: string): { readonly own: readonly SitemapEntry[]; readonly foreign: number } {
  const own: SitemapEntry[] = [];
  for (const { address, lastmod } of entries) {
    const url = normalizePageUrl(address);
    if (url !== undefined && isSameSite(url, start) && sourceOfHost(url) === undefined) own.push({ address: url, lastmod });
  }
  return { own, foreign: entries.length - own.length };
}
