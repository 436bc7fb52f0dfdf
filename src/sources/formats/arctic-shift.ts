/**
 * Arctic Shift and Pushshift NDJSON: Reddit submissions (t3) and comments (t1), one object per line, told apart by their fields.
 * Shape: https://github.com/ArthurHeitmann/arctic_shift (file_content_explanations.md and schemas). Texts are taken as stored: the dumps
 * do not say whether `&`, `<` and `>` were escaped on the way (Reddit does so without raw_json=1), so nothing is un-escaped by guess.
 *
 * Gone or not, in this order: the text itself says so; `_meta` of the second retrieval says so (`was_deleted_later`); else
 * `removed_by_category`, unless `_meta.was_initially_deleted` says that the item came back after it was set.
 * Proved by test/unit/sources/formats-arctic-shift.test.ts.
 */
import { z } from 'zod';
import type { Absence, IncomingPost } from '../../model/post.ts';
import { parseEpochSeconds } from '../parse-time.ts';
import { readAbsence, readAuthor } from '../reddit/presence.ts';
import type { ImportFormat, Refusal } from '../source.ts';

const time = z.union([z.number(), z.string()]).nullish();
const metaSchema = z.object({
  was_deleted_later: z.boolean().nullish(),
  retrieved_2nd_on: time,
  was_initially_deleted: z.boolean().nullish(),
  removal_type: z.string().nullish(),
  edited_title: z.string().nullish(),
});
const itemSchema = z.object({
  id: z.string().regex(/^(t[13]_)?[a-z0-9]{1,13}$/i),
  name: z.string().nullish(),
  author: z.string().nullish(),
  created_utc: time,
  retrieved_on: time,
  retrieved_utc: time,
  permalink: z.string().nullish(),
  removed_by_category: z.string().nullish(),
  title: z.string().nullish(),
  selftext: z.string().nullish(),
  body: z.string().nullish(),
  link_id: z.union([z.string().regex(/^(t3_)?[a-z0-9]{1,13}$/i), z.number()]).nullish(),
  _meta: metaSchema.nullish().catch(undefined),
});
type Item = z.infer<typeof itemSchema>;

export const arcticShift: ImportFormat = {
  name: 'arctic-shift',
  framing: 'ndjson',
  map(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { refusal: { code: 'not_an_object', detail: 'a line holds one JSON object' } };
    const parsed = itemSchema.safeParse(value);
    if (!parsed.success) return { refusal: refuseItem(parsed.error, value) };
    const item = parsed.data;
    if (typeof item.body === 'string') return { post: mapComment(item, item.body) };
    if (typeof item.title === 'string' || typeof item.selftext === 'string') return { post: mapSubmission(item) };
    return { refusal: { code: 'missing_text', detail: 'neither body (comment) nor title or selftext (submission)', item: item.id } };
  },
};

function mapSubmission(item: Item): IncomingPost {
  const id = prefixId(item.id, 't3_');
  const absence = absenceOf(item, item.selftext ?? '');
  return {
    ...shared(item),
    nativeId: id,
    kind: 'submission',
    threadId: id,
    url: addressOf(item, `/comments/${id.slice(3)}/`),
    ...(absence === undefined && item.title ? { title: item.title } : {}),
    text: absence === undefined ? (item.selftext ?? '') : '',
    ...(absence === undefined ? {} : { absence }),
  };
}

function mapComment(item: Item, body: string): IncomingPost {
  const id = prefixId(item.id, 't1_');
  // Pushshift wrote some early link ids as numbers: the id36 in decimal.
  const link = typeof item.link_id === 'number' ? item.link_id.toString(36) : item.link_id;
  const thread = link === null || link === undefined ? undefined : prefixId(link, 't3_');
  const absence = absenceOf(item, body);
  return {
    ...shared(item),
    nativeId: id,
    kind: 'comment',
    ...(thread === undefined ? {} : { threadId: thread }),
    url: addressOf(item, thread === undefined ? `/api/info?id=${id}` : `/comments/${thread.slice(3)}/_/${id.slice(3)}/`),
    text: absence === undefined ? body : '',
    ...(absence === undefined ? {} : { absence }),
  };
}

function shared(item: Item): Pick<IncomingPost, 'platform' | 'author' | 'createdAt' | 'observedAt'> {
  const author = readAuthor(item.author);
  const createdAt = parseEpochSeconds(item.created_utc);
  // The second look is the one that found it deleted.
  const second = item._meta?.was_deleted_later === true ? parseEpochSeconds(item._meta.retrieved_2nd_on) : undefined;
  const observedAt = second ?? parseEpochSeconds(item.retrieved_on) ?? parseEpochSeconds(item.retrieved_utc);
  return {
    platform: 'reddit',
    ...(author === undefined ? {} : { author }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(observedAt === undefined ? {} : { observedAt }),
  };
}

const TITLE_REMOVED = /^\[ ?(removed|deleted)\b[^\]]*\]$/i;

function absenceOf(item: Item, text: string): Absence | undefined {
  const said = readAbsence({ author: item.author, text, ...(item.removed_by_category === null ? { removed_by_category: null } : {}) });
  if (said !== undefined) return said;
  const meta = item._meta ?? {};
  if (meta.was_deleted_later === true || TITLE_REMOVED.test(meta.edited_title ?? '')) return nameRemoval(meta.removal_type ?? item.removed_by_category);
  if (meta.was_initially_deleted === true) return undefined;
  return typeof item.removed_by_category === 'string' && item.removed_by_category !== '' ? nameRemoval(item.removed_by_category) : undefined;
}

/** `deleted` and `author` are the author's doing, everything else may come back. Not said at all: the safer of the two. */
function nameRemoval(type: string | null | undefined): Absence {
  return type === null || type === undefined || type === 'deleted' || type === 'author' ? 'deleted' : 'removed';
}

function prefixId(id: string, prefix: 't1_' | 't3_'): string {
  return prefix + id.toLowerCase().replace(/^t[13]_/, '');
}

/** The permalink is a path on www.reddit.com. Anything else in its place is not used, nor one that names a person (/user/x, /r/u_x). */
function addressOf(item: Item, fallback: string): string {
  const path = item.permalink ?? '';
  return `https://www.reddit.com${/^\/(?:r\/(?!u_)\w+\/)?comments\/[\p{L}\p{N}_/%.~-]*$/u.test(path) ? path : fallback}`;
}

function refuseItem(error: z.ZodError, value: object): Refusal {
  const id = 'id' in value && typeof value.id === 'string' && value.id !== '' ? value.id.slice(0, 60) : undefined;
  if (id === undefined) return { code: 'missing_id', detail: 'no "id"' };
  const issue = error.issues[0];
  return { code: 'bad_field', detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 120), item: id };
}
