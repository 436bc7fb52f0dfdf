/** A fetched page as one post. Proved by test/unit/sources/web.test.ts. */
import { HearsayError } from '../../errors.ts';
import { decodeBody, mediaTypeOf } from '../../fetch/decode.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import type { IncomingPost } from '../../model/post.ts';
import type { Refusal } from '../source.ts';
import { type PageReading, readPage } from './extract.ts';
import { normalizePageUrl } from './page-url.ts';
import { NO_THREAD } from './thread-post.ts';

const HTML_TYPES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml', '']);

export type ReadResult = { readonly reading: PageReading } | { readonly refusal: Refusal };

/** Reads HTML and plain text; everything else (PDF, images, archives) is refused. */
export function readResponse(response: Pick<HttpResponse, 'url' | 'headers' | 'body'>): ReadResult {
  const contentType = response.headers['content-type'];
  const mediaType = mediaTypeOf(contentType);
  try {
    if (HTML_TYPES.has(mediaType)) return { reading: readPage(decodeBody(response.body, contentType).text, response.url) };
    if (mediaType === 'text/plain') return { reading: readPlainText(decodeBody(response.body, contentType).text, response.url) };
  } catch (error) {
    if (!(error instanceof HearsayError)) throw error;
    return { refusal: { code: error.code, detail: error.message.slice(0, 120), item: response.url.slice(0, 300) } };
  }
  return { refusal: { code: 'unsupported_content_type', detail: `cannot read ${mediaType.slice(0, 80)}`, item: response.url.slice(0, 300) } };
}

export function toPagePost(
  reading: PageReading,
  seen: { readonly at: string; readonly captureDigest: string },
): { readonly post: IncomingPost } | { readonly refusal: Refusal } {
  const { page, canonicalUrl } = reading;
  if (page.text === '') return { refusal: { code: 'missing_text', detail: 'the page holds no text that can be read', item: canonicalUrl.slice(0, 300) } };
  return {
    post: {
      platform: 'web',
      nativeId: canonicalUrl,
      kind: 'page',
      ...(page.title === null ? {} : { title: page.title }),
      text: page.text,
      url: canonicalUrl,
      ...(page.byline === null ? {} : { author: page.byline }),
      ...(page.published_at === null ? {} : { createdAt: page.published_at }),
      ...(reading.cites.length === 0 ? {} : { cites: reading.cites }),
      observedAt: seen.at,
      captureDigest: seen.captureDigest,
    },
  };
}

function readPlainText(text: string, url: string): PageReading {
  const page = { title: null, byline: null, published_at: null, language: null, text: text.trim(), posts: [] };
  return { page, thread: NO_THREAD, canonicalUrl: normalizePageUrl(url) ?? url, nextUrl: undefined, isPaged: false, generator: undefined, cites: [] };
}
