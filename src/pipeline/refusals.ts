/** The counted drop table: everything that was not kept, once per item and reason. Nothing is lost silently. */
import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Keys } from '../keys.ts';
import { type Platform, PLATFORMS } from '../model/labels.ts';
import type { Refusal } from '../sources/source.ts';

type RefusalStage = 'crawl' | 'import' | 'normalize' | 'gate' | 'annotate' | 'append';

export interface RefusalPlace {
  readonly topic: string;
  readonly stage: RefusalStage;
  readonly source: string;
}

export async function recordRefusals(client: ClientBase, place: RefusalPlace, refusals: readonly Refusal[]): Promise<void> {
  if (refusals.length === 0) return;
  const { topic, stage, source } = place;
  const clean = refusals.map((refusal) => ({ code: refusal.code, item: storable(refusal.item), detail: storable(refusal.detail) }));
  await client.query(
    `INSERT INTO refusal (topic, key, stage, code, source, item, detail)
     SELECT $1, r.key, $2, r.code, $3, r.item, r.detail FROM unnest($4::bytea[], $5::text[], $6::text[], $7::text[]) AS r (key, code, item, detail)
     ON CONFLICT DO NOTHING`,
    [
      topic,
      stage,
      source,
      clean.map((refusal) => keyOf(place, refusal)),
      clean.map(({ code }) => code),
      clean.map(({ item }) => item),
      clean.map(({ detail }) => detail),
    ],
  );
}

/** An item counts once per reason; without an id its description stands in for it. */
function keyOf({ stage, source }: RefusalPlace, { code, item, detail }: { code: string; item: string | null; detail: string | null }): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([stage, code, source, item ?? detail]))
    .digest();
}

/** Which of these the same place has refused before. All name their item. */
export async function findRepeated(client: ClientBase, place: RefusalPlace, refusals: readonly Refusal[]): Promise<ReadonlySet<Refusal>> {
  const keys = refusals.map((refusal) => keyOf(place, { code: refusal.code, item: storable(refusal.item), detail: null }));
  const found = await client.query<{ key: Buffer }>('SELECT key FROM refusal WHERE topic = $1 AND key = ANY ($2)', [place.topic, keys]);
  const known = new Set(found.rows.map(({ key }) => key.toString('hex')));
  return new Set(refusals.filter((_refusal, at) => known.has((keys[at] as Buffer).toString('hex'))));
}

export const ERASED_BEFORE: Refusal = { code: 'erased_before', detail: 'the post was erased; it stays out' };

/** Of what was erased not even the id comes back: a refused item may be one on any platform, where the caller does not know on which. */
export async function withoutErased(
  client: ClientBase,
  { keys, platforms = PLATFORMS }: { readonly keys: Pick<Keys, 'hmac'>; readonly platforms?: readonly Platform[] },
  refusals: readonly Refusal[],
): Promise<readonly Refusal[]> {
  const keysOf = (item: string): string[] => platforms.map((platform) => keys.hmac('dedup', 'post', platform, item).toString('hex'));
  const named = refusals.map(({ item }) => (item === undefined ? [] : keysOf(item)));
  const found = await client.query<{ key: string }>(`SELECT encode(post_key, 'hex') AS key FROM blocked_post WHERE post_key = ANY ($1)`, [
    named.flat().map((key) => Buffer.from(key, 'hex')),
  ]);
  const blocked = new Set(found.rows.map(({ key }) => key));
  return refusals.map((refusal, at) => (named[at]?.some((key) => blocked.has(key)) ? ERASED_BEFORE : refusal));
}

/** Postgres text holds no NUL and no lone surrogate; a description is cut, not the item. */
function storable(value: string | undefined): string | null {
  return value === undefined ? null : value.toWellFormed().replaceAll('\0', '\uFFFD').slice(0, 300);
}
