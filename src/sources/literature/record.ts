/** The record beside a post's text: absent values are absent keys, never empty texts or lists. */
import type { LiteratureRecord } from '../../model/post.ts';

export type LooseRecord = { readonly [K in keyof LiteratureRecord]?: LiteratureRecord[K] | undefined };

export function dropEmpty(record: LooseRecord): LiteratureRecord {
  const kept = Object.entries(record).filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(kept) as LiteratureRecord;
}
