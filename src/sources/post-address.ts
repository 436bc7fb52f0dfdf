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

const FORMS: readonly { readonly host: RegExp; readonly path: RegExp; readonly platform: Platform; readonly id: (found: RegExpExecArray) => string }[] = [
  // A comment's address goes on after its submission's: /r/NAME/comments/ID/TITLE/COMMENT.
  { host: /(?:^|\.)reddit\.com$/, path: /\/comments\/\w+\/[^/]*\/(\w+)/, platform: 'reddit', id: ([, id]) => `t1_${id?.toLowerCase()}` },
  { host: /(?:^|\.)reddit\.com$/, path: /\/comments\/(\w+)/, platform: 'reddit', id: ([, id]) => `t3_${id?.toLowerCase()}` },
  { host: /^redd\.it$/, path: /^\/(\w+)/, platform: 'reddit', id: ([, id]) => `t3_${id?.toLowerCase()}` },
  { host: /(?:^|\.)(?:x|twitter)\.com$/, path: /\/status(?:es)?\/(\d+)/, platform: 'x', id: ([, id]) => String(id) },
  { host: /^pubmed\.ncbi\.nlm\.nih\.gov$/, path: /^\/(\d+)/, platform: 'pubmed', id: ([, id]) => `pmid:${id}` },
  { host: /(?:^|\.)clinicaltrials\.gov$/, path: /\/study\/(NCT\d{8})/i, platform: 'clinicaltrials', id: ([, id]) => `nct:${id?.toUpperCase()}` },
];

/** Undefined for what is no http(s) address. An address of no known form is that of a page, whose id is the address itself. */
export function readPostAddress(address: string): AddressedPost | undefined {
  const page = normalizePageUrl(address, { keepFragment: true });
  if (page === undefined) return undefined;
  const { hostname, pathname } = new URL(page);
  for (const { host, path, platform, id } of FORMS) {
    const found = host.test(hostname.toLowerCase()) ? path.exec(pathname) : null;
    if (found) return { platform, nativeId: id(found) };
  }
  return { platform: 'web', nativeId: page };
}
