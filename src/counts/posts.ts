/**
 * The sources of one post, joined by `supersedes`, and the notices about it. A post is named by the row of its first source, where its
 * cells are (source-record.ts). Which source counts is changed by succession.ts.
 */
import type { Notice } from './records.ts';
import { SOURCE, type SourceRecord } from './source-record.ts';
import { NONE } from './table.ts';

const NO_NOTICES: readonly Notice[] = [];

/** Adds a new source to the post of the one it supersedes, or to a post of its own. It does not count yet. */
export function joinPost({ fold: { sources }, row }: SourceRecord, superseded: SourceRecord | undefined): void {
  const post = superseded?.post ?? row;
  sources.set(row, SOURCE.post, post);
  if (superseded !== undefined) sources.set(row, SOURCE.older, sources.get(post, SOURCE.newest));
  sources.set(post, SOURCE.newest, row);
}

export function isSuperseded({ fold: { sources }, row, post }: SourceRecord): boolean {
  const current = sources.get(post, SOURCE.current);
  return current !== NONE && row < current;
}

export function readPostNotices({ fold, post }: SourceRecord): readonly Notice[] {
  return fold.notices.get(post) ?? NO_NOTICES;
}
