/**
 * A page as read: the contract of `hearsay extract` and what the web source stores. Metadata with cheerio, body with Readability on
 * linkedom, posts from a forum's markup or structured data. Fetched HTML is hostile: it is cleaned before it is parsed (clean-html.ts), and no markup throws.
 * Proved by test/unit/sources/web-extract-page.test.ts and web-extract-hostile.test.ts.
 */
import { findCitedRecords } from '../../normalize/cited-records.ts';
import { extractBody } from './extract-body.ts';
import { baseOf, readForum } from './forums/read-forum.ts';
import { textOrHtmlToText } from './html-text.ts';
import { readJsonLd } from './json-ld.ts';
import { normalizePageUrl } from './page-url.ts';
import { flattenHtml, parseHtml } from './parse-html.ts';
import { readMetadata } from './read-metadata.ts';
import { NO_THREAD, type ThreadPost, type ThreadReading } from './thread-post.ts';
import { readThread } from './thread-posts.ts';

export interface ExtractedPage {
  readonly title: string | null;
  readonly byline: string | null;
  /** ISO 8601 UTC; null = unknown. */
  readonly published_at: string | null;
  /** ISO 639-1, as the page says; null = it says nothing. */
  readonly language: string | null;
  /** Paragraphs apart by an empty line, table rows as `a | b`. */
  readonly text: string;
  /** Posts of a forum thread, the opening post first; empty for other pages. */
  readonly posts: readonly ThreadPost[];
}

/** What the source needs beyond the public contract. */
export interface PageReading {
  readonly page: ExtractedPage;
  /** The thread with what is not in `page.posts`: places of posts that are gone, and posts without words. */
  readonly thread: ThreadReading;
  /** Normalized address that stands for the page. */
  readonly canonicalUrl: string;
  /** Next page of a thread, absolute, same host. */
  readonly nextUrl: string | undefined;
  /** The page is one of several. */
  readonly isPaged: boolean;
  /** `generator` meta, e.g. `Discourse 3.4.0`. */
  readonly generator: string | undefined;
  /** Records that its links lead to, those of the site's frame apart. */
  readonly cites: readonly string[];
}

/** Raises `page_too_large` only. */
export function extractPage(html: string, url: string): ExtractedPage {
  return readPage(html, url).page;
}

export function readPage(html: string, url: string): PageReading {
  const parsed = parseHtml(html);
  if (parsed === undefined) {
    const page = { title: null, byline: null, published_at: null, language: null, text: flattenHtml(html), posts: [] };
    return { page, thread: NO_THREAD, canonicalUrl: normalizePageUrl(url) ?? url, nextUrl: undefined, isPaged: false, generator: undefined, cites: [] };
  }
  const { $ } = parsed;
  const nodes = readJsonLd(parsed.jsonLd);
  const metadata = readMetadata($, nodes, url);
  const relations = $('link[rel], a[rel]').toArray();
  const next = relations.find((link) => isRelated(link, 'next'))?.attribs['href'];
  const base = baseOf($, url);
  const forum = readForum($, url);
  const thread = readThread($, nodes, { url, forum });
  const generator = $('meta[name="generator" i]').first().attr('content');
  const isPaged = relations.some((link) => isRelated(link, 'next') || isRelated(link, 'prev'));
  const cites = findCitedRecords(
    ...$('a[href]')
      .not('nav a, aside a')
      .toArray()
      .map((link) => link.attribs['href'] ?? ''),
  );
  // Last, for it takes the tree apart.
  const body = extractBody($);
  const text = body.text === '' ? textOrHtmlToText(metadata.articleBody ?? '') : body.text;
  return {
    page: {
      title: metadata.title ?? body.title ?? null,
      byline: metadata.byline ?? body.byline?.replace(/\s+/g, ' ').trim().slice(0, 300) ?? null,
      published_at: metadata.publishedAt ?? null,
      language: metadata.language ?? null,
      text,
      posts: thread.posts,
    },
    thread,
    canonicalUrl: metadata.canonicalUrl,
    nextUrl: forum?.nextUrl ?? (next === undefined ? undefined : normalizePageUrl(next, { base })),
    isPaged: isPaged || forum?.isPaged === true,
    generator,
    cites,
  };
}

function isRelated(link: { readonly attribs: Readonly<Record<string, string>> }, how: string): boolean {
  return (link.attribs['rel'] ?? '').toLowerCase().split(/\s+/).includes(how);
}
