/** Hosts with a source and rules of their own: read as mere pages, their deletions and their people would escape those rules. Proved by test/unit/sources/web.test.ts. */

const OWN_SOURCE: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)(reddit\.com|redd\.it)$/, 'reddit'],
  [/(^|\.)(x\.com|twitter\.com|t\.co)$/, 'x'],
  [/(^|\.)(youtube\.com|youtu\.be)$/, 'youtube'],
  [/(^|\.)bsky\.app$/, 'bluesky'],
];

/** Name of the source that collects this host; undefined where the web source does. */
export function sourceOfHost(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const host = new URL(address).hostname.toLowerCase();
  return OWN_SOURCE.find(([pattern]) => pattern.test(host))?.[1];
}
