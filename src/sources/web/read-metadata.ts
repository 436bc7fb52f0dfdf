/**
 * What a page says about itself: title, author, time, language, address. Order: JSON-LD > Open Graph and meta > canonical link >
 * <title>. Proved by test/unit/sources/web-extract-page.test.ts.
 */
import type { CheerioAPI } from 'cheerio';
import { parseTime } from '../parse-time.ts';
import { hasType, isNode, type JsonLdNode, nameOf, stringOf } from './json-ld.ts';
import { textOrHtmlToText } from './html-text.ts';
import { isSameHost, normalizePageUrl } from './page-url.ts';

export interface PageMetadata {
  readonly title: string | undefined;
  readonly byline: string | undefined;
  readonly publishedAt: string | undefined;
  /** ISO 639-1 code, lower case. */
  readonly language: string | undefined;
  /** Normalized; the page's own address where its canonical link points elsewhere. */
  readonly canonicalUrl: string;
  /** The article's text as JSON-LD gives it; used where nothing can be extracted. */
  readonly articleBody: string | undefined;
}

const ARTICLE_TYPES: ReadonlySet<string> = new Set([
  'Article',
  'NewsArticle',
  'BlogPosting',
  'ScholarlyArticle',
  'MedicalScholarlyArticle',
  'TechArticle',
  'Report',
  'OpinionNewsArticle',
  'ReportageNewsArticle',
  'AnalysisNewsArticle',
  'ReviewNewsArticle',
  'SocialMediaPosting',
  'DiscussionForumPosting',
  'QAPage',
  'Question',
  'WebPage',
  'MedicalWebPage',
  'Review',
]);
/** The page as such says less about its text than the article on it. */
const PAGE_TYPES: ReadonlySet<string> = new Set(['WebPage', 'MedicalWebPage', 'QAPage']);
const MAX_TITLE_CHARS = 500;

export function readMetadata($: CheerioAPI, nodes: readonly JsonLdNode[], url: string): PageMetadata {
  const article = pickArticle(nodes, url);
  const metas = readMetas($);
  const meta = (...names: readonly string[]) => firstOf(metas, names);
  return {
    title: tidy(
      stringOf(article['headline']) ??
        stringOf(article['name']) ??
        meta('og:title', 'twitter:title', 'dc.title', 'citation_title') ??
        $('head > title, title').first().text(),
    ),
    byline: tidy(
      nameOf(article['author']) ??
        nameOf(article['creator']) ??
        personIn(meta('author', 'article:author', 'dc.creator', 'citation_author', 'parsely-author', 'sailthru.author')),
    ),
    publishedAt:
      parseTime(article['datePublished']) ??
      parseTime(article['dateCreated']) ??
      parseTime(
        meta(
          'article:published_time',
          'og:article:published_time',
          'datepublished',
          'date',
          'dc.date',
          'dc.date.issued',
          'citation_publication_date',
          'parsely-pub-date',
          'pubdate',
        ),
      ) ??
      parseTime($('[itemprop="datePublished"]').first().attr('datetime') ?? $('[itemprop="datePublished"]').first().attr('content')) ??
      parseTime($('article time[datetime], time[pubdate][datetime]').first().attr('datetime')),
    language:
      languageIn($('html').attr('lang') ?? $('html').attr('xml:lang')) ??
      languageIn(stringOf(article['inLanguage'])) ??
      languageIn(meta('og:locale', 'content-language', 'dc.language')),
    canonicalUrl: pickCanonical($, { url, said: meta('og:url') }),
    articleBody: stringOf(article['articleBody']) ?? stringOf(article['text']),
  };
}

/** The node about this address, else the first article, else the page's own node. */
function pickArticle(nodes: readonly JsonLdNode[], url: string): JsonLdNode {
  const candidates = nodes
    .filter((node) => hasType(node, ARTICLE_TYPES))
    .map((node) => (hasType(node, PAGE_TYPES) && isNode(node['mainEntity']) && hasType(node['mainEntity'], ARTICLE_TYPES) ? node['mainEntity'] : node));
  const articles = candidates.filter((node) => !hasType(node, PAGE_TYPES));
  const own = normalizePageUrl(url);
  const about = (node: JsonLdNode) => [
    node['url'],
    node['@id'],
    node['mainEntityOfPage'],
    isNode(node['mainEntityOfPage']) ? node['mainEntityOfPage']['@id'] : undefined,
  ];
  return (
    articles.find((node) => about(node).some((address) => typeof address === 'string' && normalizePageUrl(address, { base: url }) === own)) ??
    articles[0] ??
    candidates[0] ??
    {}
  );
}

/** Only the page's own host can be named: a canonical link to another site would let one page stand in for another. */
function pickCanonical($: CheerioAPI, { url, said }: { readonly url: string; readonly said: string | undefined }): string {
  for (const address of [$('link[rel~="canonical" i]').first().attr('href'), said]) {
    const canonical = address === undefined ? undefined : normalizePageUrl(address, { base: url });
    if (canonical !== undefined && isSameHost(canonical, url) && !isFrontPageInstead(canonical, url)) return canonical;
  }
  return normalizePageUrl(url) ?? url;
}

/** A frequent mistake: every page of a site names the front page. */
function isFrontPageInstead(canonical: string, url: string): boolean {
  return new URL(canonical).pathname === '/' && new URL(canonical).search === '' && new URL(url).pathname !== '/';
}

/** Name, lower case -> content of the first element of that name. One walk over the page, for some twenty names are asked for. */
function readMetas($: CheerioAPI): ReadonlyMap<string, string> {
  const metas = new Map<string, string>();
  for (const { attribs } of $('meta[content]').toArray()) {
    for (const key of ['property', 'name', 'itemprop', 'http-equiv']) {
      const name = attribs[key]?.toLowerCase();
      if (name !== undefined && !metas.has(name)) metas.set(name, attribs['content'] as string);
    }
  }
  return metas;
}

function firstOf(metas: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  return names.map((name) => metas.get(name)).find((content) => content !== undefined && content.trim() !== '');
}

/** article:author is often the address of a profile. */
function personIn(value: string | undefined): string | undefined {
  return value === undefined || /^(https?:)?\/\//i.test(value) ? undefined : value.slice(0, 300);
}

function languageIn(tag: string | undefined): string | undefined {
  return /^([a-z]{2})(?:[-_]|$)/i.exec(tag?.trim() ?? '')?.[1]?.toLowerCase();
}

function tidy(value: string | undefined): string | undefined {
  const text = textOrHtmlToText(value ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_TITLE_CHARS);
  return text === '' ? undefined : text;
}
