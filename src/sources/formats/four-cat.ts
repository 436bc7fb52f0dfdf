/**
 * 4CAT datasets (https://github.com/digitalmethodsinitiative/4cat), CSV or NDJSON. Columns as its sources' `map_item` writes them:
 * id, thread_id, author, body, subject, timestamp or unix_timestamp, url or link, and for Reddit subreddit and parent. NDJSON downloads of X may also hold
 * the item as the browser saw it (Zeeschuimer) or as the API gave it; both are read.
 * Proved by test/unit/sources/formats-four-cat.test.ts.
 */
import type { IncomingPost } from '../../model/post.ts';
import { parseEpochSeconds, parseTime } from '../parse-time.ts';
import { readAbsence, readAuthor } from '../reddit/presence.ts';
import type { ImportFormat } from '../source.ts';
import { detectPlatform, type FourCatPlatform } from './four-cat-platform.ts';
import { flattenItem } from './four-cat-raw.ts';
import { withoutProfile } from './without-profile.ts';

export const fourCat: ImportFormat = {
  name: '4cat',
  // readRecords finds out by itself when a file of this format is NDJSON.
  framing: 'csv',
  map(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { refusal: { code: 'not_an_object', detail: 'a line holds one item' } };
    const item = flattenItem(value as Readonly<Record<string, unknown>>);
    const id = readText(item, 'id', 'post_id', 'comment_id');
    if (id === undefined) return { refusal: { code: 'missing_id', detail: 'no id column' } };
    const platform = detectPlatform(item);
    if (platform === undefined) {
      const named = readText(item, 'datasource', 'source_platform') ?? readText(item, 'url', 'link') ?? '';
      return { refusal: { code: 'bad_platform', detail: `cannot tell the platform, or it is not supported: ${named}`.slice(0, 120), item: id.slice(0, 120) } };
    }
    // An empty body is a post without words (a link, a picture); a missing column is a file that holds no texts.
    const body = typeof item['body'] === 'string' ? item['body'] : typeof item['text'] === 'string' ? item['text'] : undefined;
    if (body === undefined) return { refusal: { code: 'missing_text', detail: 'no body column', item: id.slice(0, 120) } };
    return { post: withoutProfile(platform === 'reddit' ? mapRedditItem(item, id, body) : mapItem(item, { id, body, platform })) };
  },
};

type Item = Readonly<Record<string, unknown>>;

/** Reddit ids come without prefix; a submission is its own thread. Its url column is the linked page, so the address is made from the ids. */
function mapRedditItem(item: Item, rawId: string, body: string): IncomingPost {
  const id = rawId.replace(/^t[13]_/, '').toLowerCase();
  const thread = (readText(item, 'thread_id') ?? '').replace(/^t3_/, '').toLowerCase();
  const isSubmission = rawId.startsWith('t3_') || (!rawId.startsWith('t1_') && (thread === id || thread === ''));
  const category = readText(item, 'removed_by_category');
  const absence = readAbsence({ author: readText(item, 'author'), text: body, ...(category === undefined ? {} : { removed_by_category: category }) });
  const author = readAuthor(readText(item, 'author'));
  const title = readText(item, 'subject', 'title');
  const root = isSubmission ? id : thread;
  return {
    platform: 'reddit',
    nativeId: `${isSubmission ? 't3_' : 't1_'}${id}`,
    kind: isSubmission ? 'submission' : 'comment',
    text: absence === undefined ? body : '',
    ...(title === undefined || absence !== undefined ? {} : { title }),
    url: isSubmission
      ? `https://www.reddit.com/comments/${id}/`
      : root === ''
        ? `https://www.reddit.com/api/info?id=t1_${id}`
        : `https://www.reddit.com/comments/${root}/_/${id}/`,
    ...(root === '' ? {} : { threadId: `t3_${root}` }),
    ...(author === undefined ? {} : { author }),
    ...readTime(item),
    ...(absence === undefined ? {} : { absence }),
  };
}

function mapItem(item: Item, known: { readonly id: string; readonly body: string; readonly platform: Exclude<FourCatPlatform, 'reddit'> }): IncomingPost {
  const url = readText(item, 'link', 'url', 'post_url');
  const title = readText(item, 'subject', 'title');
  const thread = readText(item, 'thread_id', 'conversation_id');
  const author = readText(item, 'author_id', 'author');
  return {
    platform: known.platform,
    nativeId: known.id,
    kind: known.platform === 'web' ? 'page' : known.platform === 'youtube' ? 'comment' : 'post',
    text: known.body,
    ...(title === undefined ? {} : { title }),
    ...(url === undefined ? {} : { url }),
    ...(thread === undefined ? {} : { threadId: thread }),
    ...(author === undefined ? {} : { author }),
    ...readTime(item),
  };
}

/** 4CAT writes times in UTC without saying so. */
function readTime(item: Item): { createdAt?: string } {
  for (const column of ['unix_timestamp', 'timestamp', 'created_utc', 'created_at']) {
    const time = parseEpochSeconds(item[column]) ?? parseTime(item[column]);
    if (time !== undefined) return { createdAt: time };
  }
  return {};
}

/** The first of the columns that holds something; numbers as digits. */
function readText(item: Item, ...columns: readonly string[]): string | undefined {
  for (const column of columns) {
    const value = item[column];
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return undefined;
}
