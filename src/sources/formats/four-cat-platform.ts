/** Which platform a 4CAT item is from: its data source column, else columns only one platform has, else its address. Proved by test/unit/sources/formats-four-cat.test.ts. */

export type FourCatPlatform = 'reddit' | 'x' | 'bluesky' | 'youtube' | 'instagram' | 'web';

/** Names of 4CAT's data sources and of Zeeschuimer's platforms. Telegram, TikTok, 4chan and others are not kept by Hearsay. */
const BY_NAME: readonly (readonly [RegExp, FourCatPlatform])[] = [
  [/^reddit/, 'reddit'],
  [/^(twitter|x$|x\.com|dmi-tcat)/, 'x'],
  [/^(bsky|bluesky)/, 'bluesky'],
  [/^youtube/, 'youtube'],
  [/^instagram/, 'instagram'],
  [/^(web|url|url_fetcher|selenium)/, 'web'],
];
const BY_HOST: readonly (readonly [RegExp, FourCatPlatform])[] = [
  [/(^|\.)(reddit\.com|redd\.it)$/, 'reddit'],
  [/(^|\.)(twitter|x)\.com$/, 'x'],
  [/(^|\.)bsky\.app$/, 'bluesky'],
  [/(^|\.)(youtube\.com|youtu\.be)$/, 'youtube'],
  [/(^|\.)instagram\.com$/, 'instagram'],
];
/** Hosts of data sources that are known and not kept: their items are refused, not taken for web pages. */
const NOT_KEPT =
  /(^|\.)(t\.me|telegram\.org|tiktok\.com|4chan\.org|4cdn\.org|8kun\.top|douyin\.com|facebook\.com|linkedin\.com|tumblr\.com|vk\.com|truthsocial\.com|gab\.com)$/;

export function detectPlatform(item: Readonly<Record<string, unknown>>): FourCatPlatform | undefined {
  const named = textOf(item['datasource']) || textOf(item['source_platform']) || textOf(item['platform']);
  if (named !== '') return BY_NAME.find(([pattern]) => pattern.test(named))?.[1];
  if (textOf(item['subreddit']) !== '') return 'reddit';
  if (textOf(item['id']).startsWith('at://')) return 'bluesky';
  const address = textOf(item['link']) || textOf(item['url']) || textOf(item['post_url']);
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  if (host === '' || NOT_KEPT.test(host)) return undefined;
  return BY_HOST.find(([pattern]) => pattern.test(host))?.[1] ?? 'web';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : '';
}
