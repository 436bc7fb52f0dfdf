/**
 * Normalization of one incoming post: what is stored is well-formed, bounded and free of what a platform's terms
 * forbid to keep; whatever is changed or refused gets a code. Pure but for the keys handed in.
 */
import { createHash } from 'node:crypto';
import type { Keys } from '../keys.ts';
import { LITERATURE_PLATFORMS } from '../model/labels.ts';
import { type Absence, type IncomingPost, MAX_TEXT_BYTES } from '../model/post.ts';
import { findCitedRecords, mergeCited } from '../normalize/cited-records.ts';
import { matchingForm, wordCount } from '../normalize/matching-form.ts';
import { minHash } from '../normalize/min-hash.ts';
import { stripHandles } from '../normalize/strip-handles.ts';
import { normalizeText } from '../normalize/text.ts';
import { encodeSignature } from '../ledger/experience.ts';
import type { Refusal } from '../sources/source.ts';
import { jcsText } from '../ledger/canonical.ts';

/** Two short texts may be equal by chance ("thanks!"): only from this many words on are they one experience. */
const MIN_SAME_WORDS = 8;
/** Clocks differ; a post dated later than this after now has no believable date. */
const FUTURE_TOLERANCE_MS = 24 * 3_600_000;
const EARLIEST = Date.UTC(1990, 0, 1);

export interface PreparedPost {
  readonly postKey: Buffer;
  readonly platform: string;
  readonly nativeId: string;
  readonly digest: Buffer;
  readonly kind: string;
  readonly title: string | null;
  readonly text: string;
  readonly parentText: string | null;
  readonly url: string | null;
  readonly threadKey: Buffer | null;
  readonly authorKey: Buffer | null;
  readonly textDigest: Buffer;
  readonly signature: Buffer | null;
  readonly bands: readonly bigint[];
  readonly createdAt: string | null;
  readonly observedAt: string | null;
  readonly captureDigest: Buffer | null;
  readonly record: object | null;
  readonly compounds: readonly string[] | null;
  /** Names of records; of a study none, for its references are not its own. */
  readonly cites: readonly string[];
}

export interface AbsentPost {
  readonly postKey: Buffer;
  readonly nativeId: string;
  readonly absence: Absence;
  /** When it was seen to be absent; null for files of unknown age. */
  readonly observedAt: string | null;
}

export type Prepared =
  | { readonly kind: 'post'; readonly post: PreparedPost; readonly notes: readonly string[] }
  | ({ readonly kind: 'absent' } & AbsentPost)
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export function preparePost(incoming: IncomingPost, keys: Keys, now: Date): Prepared {
  const { platform } = incoming;
  if (Buffer.byteLength(incoming.text) > MAX_TEXT_BYTES) return refuse(incoming, 'text_too_large', `the text is over ${MAX_TEXT_BYTES} bytes`);
  const notes: string[] = [];
  const clean = (raw: string): string => {
    const { text, notes: found } = normalizeText(platform === 'x' ? stripHandles(raw) : raw);
    notes.push(...found);
    return text;
  };
  const text = clean(incoming.text);
  const title = incoming.title === undefined ? null : cut(clean(incoming.title), 1_000);
  const nativeId =
    incoming.nativeId === undefined
      ? `digest:${sha256(JSON.stringify([title, text]))
          .toString('hex')
          .slice(0, 32)}`
      : clean(incoming.nativeId);
  if (nativeId.length > 2_000) return refuse(incoming, 'id_too_long', 'a native id has at most 2,000 characters');
  const postKey = keys.hmac('dedup', 'post', platform, nativeId);
  if (incoming.absence) return { kind: 'absent', postKey, nativeId, absence: incoming.absence, observedAt: toIso(incoming.observedAt) };
  if (text.trim() === '' && (title ?? '').trim() === '') return refuse(incoming, 'missing_text', 'neither text nor title');

  const record = incoming.record === undefined ? null : cleanStrings(incoming.record, clean);
  const enough = wordCount(text) >= MIN_SAME_WORDS;
  const { signature, bands } = minHash(text);
  const url = cleanUrl(incoming.url, platform, notes);
  return {
    kind: 'post',
    notes: [...new Set(notes.concat(dateNotes(incoming.createdAt, now)))],
    post: {
      postKey,
      platform,
      nativeId,
      // The record counts as text: indexing and retraction notices arrive later and change what an annotator says.
      digest: sha256(JSON.stringify([title, text, jcsText(record ?? undefined)])),
      kind: incoming.kind,
      title,
      text,
      parentText: incoming.parentText === undefined ? null : cut(clean(incoming.parentText), 20_000),
      url,
      threadKey: incoming.threadId === undefined ? null : keys.hmac('dedup', 'thread', platform, incoming.threadId),
      // X: no user id, handle or profile is stored, not even hashed (design section 4).
      authorKey: incoming.author === undefined || platform === 'x' ? null : keys.hmac('author', platform, incoming.author),
      textDigest: enough ? keys.hmac('dedup', 'text', matchingForm(text)) : keys.hmac('dedup', 'short', postKey),
      signature: bands.length > 0 ? encodeSignature(signature) : null,
      bands,
      createdAt: dateNotes(incoming.createdAt, now).length > 0 ? null : toIso(incoming.createdAt),
      observedAt: toIso(incoming.observedAt),
      captureDigest: incoming.captureDigest === undefined ? null : Buffer.from(incoming.captureDigest, 'hex'),
      record,
      compounds: incoming.compounds?.map(clean) ?? null,
      cites: LITERATURE_PLATFORMS.includes(platform) ? [] : mergeCited(incoming.cites ?? [], findCitedRecords(title ?? '', text)),
    },
  };
}

/** At most `most` UTF-16 units, never half a character. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

/** A record's strings come from outside as well: PostgreSQL's jsonb takes neither NUL nor lone surrogates. */
function cleanStrings<T>(value: T, clean: (raw: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => (typeof inner === 'string' ? clean(inner) : inner)) as T;
}

/** Why a date is not kept: the post is kept with an unknown time. */
function dateNotes(createdAt: string | undefined, now: Date): string[] {
  if (createdAt === undefined) return [];
  const time = Date.parse(createdAt);
  if (Number.isNaN(time) || time < EARLIEST) return ['date_unreadable'];
  return time > now.getTime() + FUTURE_TOLERANCE_MS ? ['date_in_future'] : [];
}

function toIso(date: string | undefined): string | null {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

/** Only web addresses are kept, without credentials; on X without the handle in the path. */
function cleanUrl(url: string | undefined, platform: string, notes: string[]): string | null {
  if (url === undefined) return null;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.username !== '' || url.length > 4_000) {
    notes.push('url_dropped');
    return null;
  }
  if (platform !== 'x') return parsed.href;
  const status = /\/status(?:es)?\/(\d+)/.exec(parsed.pathname)?.[1];
  return status ? `https://x.com/i/status/${status}` : null;
}

function refuse(incoming: IncomingPost, code: string, detail: string): Prepared {
  return { kind: 'refused', refusal: { code, detail, ...(incoming.nativeId === undefined ? {} : { item: incoming.nativeId.slice(0, 200) }) } };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
