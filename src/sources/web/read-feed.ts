/**
 * RSS (all versions), Atom and JSON Feed to one shape, with feedsmith. Times: the time of publication only; Atom's `updated` says
 * when something changed, not when it was written. Proved by test/unit/sources/web-feed.test.ts.
 */
import { parseFeed } from 'feedsmith';
import { InvalidInputError } from '../../errors.ts';
import { parseTime } from '../parse-time.ts';
import { textOrHtmlToText } from './html-text.ts';
import { stringOf } from './json-ld.ts';
import { normalizePageUrl } from './page-url.ts';

export interface FeedEntry {
  /** Address of the entry, normalized; else the feed's address with the entry's own id as fragment. Undefined: it has neither. */
  readonly nativeId: string | undefined;
  readonly url: string | undefined;
  readonly title: string | undefined;
  /** Markup or plain text, as the feed has it. */
  readonly content: string;
  readonly author: string | undefined;
  readonly publishedAt: string | undefined;
}

/** Entries that are read of one feed. */
export const MAX_ENTRIES = 1_000;

/** One entry more than MAX_ENTRIES tells that there are more. Raises `bad_feed`. */
export function readFeed(text: string, feedUrl: string): readonly FeedEntry[] {
  const entries = readEntries(text, feedUrl);
  const ids = new Map<string, Set<string>>();
  for (const { url, ownId } of entries) if (url !== undefined && ownId !== undefined) ids.set(url, (ids.get(url) ?? new Set()).add(ownId));
  // Where several entries link to one page, the page's address names none of them.
  return entries.map(({ ownId, ...entry }) =>
    entry.url !== undefined && ownId !== undefined && (ids.get(entry.url)?.size ?? 0) > 1 ? { ...entry, nativeId: ownId } : entry,
  );
}

interface ReadEntry extends FeedEntry {
  /** By the id that the feed gives it. */
  readonly ownId: string | undefined;
}

function readEntries(text: string, feedUrl: string): readonly ReadEntry[] {
  const parsed = parseOrRaise(text, feedUrl);
  switch (parsed.format) {
    case 'atom':
      return (parsed.feed.entries ?? []).map((entry) =>
        toEntry(feedUrl, {
          address: (entry.links ?? []).find((link) => (link.rel ?? 'alternate') === 'alternate')?.href,
          id: entry.id,
          title: entry.title?.value,
          content: entry.content?.value ?? entry.summary?.value,
          author: (entry.authors ?? []).map((author) => author.name).find((name) => stringOf(name) !== undefined) ?? entry.dc?.creators?.[0],
          time: entry.published ?? entry.dc?.dates?.[0],
        }),
      );
    case 'json':
      requireItems(text, feedUrl);
      return (parsed.feed.items ?? []).map((item) =>
        toEntry(feedUrl, {
          address: item.url,
          id: item.id,
          title: item.title,
          content: item.content_html ?? item.content_text ?? item.summary,
          author: item.authors?.[0]?.name,
          time: item.date_published,
        }),
      );
    case 'rss':
      return (parsed.feed.items ?? []).map((item) =>
        toEntry(feedUrl, {
          // A guid is an address unless it says otherwise (https://www.rssboard.org/rss-specification#ltguidgtSubelementOfLtitemgt).
          address: item.link ?? (item.guid?.isPermaLink === false ? undefined : item.guid?.value),
          id: item.guid?.value,
          title: item.title,
          content: item.content?.encoded ?? item.description,
          author: item.dc?.creators?.[0] ?? item.authors?.[0]?.name,
          time: item.pubDate ?? item.dc?.dates?.[0],
        }),
      );
    case 'rdf':
      return (parsed.feed.items ?? []).map((item) =>
        toEntry(feedUrl, {
          address: item.link,
          id: item.rdf?.about,
          title: item.title,
          content: item.content?.encoded ?? item.description,
          author: item.dc?.creators?.[0],
          time: item.dc?.dates?.[0],
        }),
      );
  }
}

function parseOrRaise(text: string, feedUrl: string): ReturnType<typeof parseFeed<string>> {
  try {
    return parseFeed(text, { maxItems: MAX_ENTRIES + 1 });
  } catch (error) {
    throw new InvalidInputError('bad_feed', `neither RSS, Atom nor JSON Feed: ${new URL(feedUrl).host}`, { cause: error });
  }
}

/** An empty JSON Feed has an empty list (https://www.jsonfeed.org/version/1.1/#items-a-name-items-a); the parser takes a missing one for that. */
function requireItems(text: string, feedUrl: string): void {
  const { items } = JSON.parse(text) as { readonly items?: unknown };
  if (!Array.isArray(items)) throw new InvalidInputError('bad_feed', `a JSON Feed without items: ${new URL(feedUrl).host}`);
}

interface RawEntry {
  readonly address: unknown;
  readonly id: unknown;
  readonly title: unknown;
  readonly content: unknown;
  readonly author: unknown;
  readonly time: unknown;
}

function toEntry(feedUrl: string, raw: RawEntry): ReadEntry {
  const address = stringOf(raw.address);
  const url = address === undefined ? undefined : normalizePageUrl(address, { base: feedUrl });
  const id = stringOf(raw.id);
  const title = textOrHtmlToText(stringOf(raw.title)?.slice(0, 2000) ?? '').replace(/\s+/g, ' ');
  const ownId = id === undefined ? undefined : `${normalizePageUrl(feedUrl) ?? feedUrl}#${encodeURIComponent(id.slice(0, 200).toWellFormed())}`;
  return {
    nativeId: url ?? ownId,
    ownId,
    url,
    title: title === '' ? undefined : title.slice(0, 500),
    content: stringOf(raw.content) ?? '',
    author: stringOf(raw.author)?.slice(0, 300),
    publishedAt: parseTime(raw.time),
  };
}
