/**
 * Which post an address is of, by its form alone: for erasing what somebody can only link to. Pure, asks nobody.
 * Proved by test/unit/sources/post-address.test.ts.
 */
import type { Platform } from '../model/labels.ts';
import { normalizePageUrl } from './web/page-url.ts';

interface AddressedPost {
  readonly platform: Platform;
  readonly nativeId: string;
}

const FORMS: readonly {
  readonly host: RegExp;
  readonly path: RegExp;
  readonly in?: 'query';
  readonly platform: Platform;
  readonly id: (found: RegExpExecArray) => string;
}[] = [
  // A comment's address goes on after its submission's: /r/NAME/comments/ID/TITLE/COMMENT.
  { host: /(?:^|\.)reddit\.com$/, path: /\/comments\/\w+\/[^/]*\/(\w+)/, platform: 'reddit', id: ([, id]) => `t1_${id?.toLowerCase()}` },
  { host: /(?:^|\.)reddit\.com$/, path: /\/comments\/(\w+)/, platform: 'reddit', id: ([, id]) => `t3_${id?.toLowerCase()}` },
  { host: /^redd\.it$/, path: /^\/(\w+)/, platform: 'reddit', id: ([, id]) => `t3_${id?.toLowerCase()}` },
  { host: /(?:^|\.)(?:x|twitter)\.com$/, path: /\/status(?:es)?\/(\d+)/, platform: 'x', id: ([, id]) => String(id) },
  { host: /^pubmed\.ncbi\.nlm\.nih\.gov$/, path: /^\/(\d+)/, platform: 'pubmed', id: ([, id]) => `pmid:${id}` },
  { host: /(?:^|\.)europepmc\.org$/, path: /^\/(?:article|abstract)\/med\/(\d{1,9})/i, platform: 'pubmed', id: ([, id]) => `pmid:${id}` },
  {
    host: /(?:^|\.)europepmc\.org$/,
    path: /^\/(?:article|abstract)\/(ppr|pmc|nbk)\/((?:ppr|pmc|nbk)\d+)/i,
    platform: 'europepmc',
    id: ([, source, id]) => `${source?.toLowerCase()}:${id?.toUpperCase()}`,
  },
  {
    host: /(?:^|\.)europepmc\.org$/,
    path: /^\/(?:article|abstract)\/(agr|cba|ctx|eth|hir)\/([\w.-]+)/i,
    platform: 'europepmc',
    id: ([, source, id]) => `${source?.toLowerCase()}:${id}`,
  },
  { host: /(?:^|\.)clinicaltrials\.gov$/, path: /\/study\/(NCT\d{8})/i, platform: 'clinicaltrials', id: ([, id]) => `nct:${id?.toUpperCase()}` },
  { host: /(?:^|\.)youtube\.com$/, path: /[?&]lc=([\w-]{20,80}(?:\.[\w-]{1,80})?)(?:&|$)/, in: 'query', platform: 'youtube', id: ([, id]) => String(id) },
  // Handles change, so posts are known by their writer's DID; an address with the handle leads to no post.
  {
    host: /^bsky\.app$/,
    path: /^\/profile\/(did:[a-z]+:[\w.:%-]+)\/post\/([\w.~:-]+)$/,
    platform: 'bluesky',
    id: ([, did, key]) => `at://${did}/app.bsky.feed.post/${key}`,
  },
];

/** Undefined for what is no http(s) address. An address of no known form is that of a page, whose id is the address itself. */
export function readPostAddress(address: string): AddressedPost | undefined {
  const page = normalizePageUrl(address, { keepFragment: true });
  if (page === undefined) return undefined;
  const { hostname, pathname, search } = new URL(page);
  for (const { host, path, in: part, platform, id } of FORMS) {
    const found = host.test(hostname.toLowerCase()) ? path.exec(part === 'query' ? search : pathname) : null;
    if (found) return { platform, nativeId: id(found) };
  }
  return { platform: 'web', nativeId: page };
}
