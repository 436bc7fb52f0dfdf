/** Which source of a post counts, and what else moves the one that does. Proved by test/unit/counts/fold.test.ts, "revisions and annotators". */
import { readPostNotices } from './posts.ts';
import type { Notice } from './records.ts';
import { SOURCE, type SourceRecord } from './source-record.ts';
import { NONE } from './table.ts';
import { takeBack } from './tally.ts';

/** Makes an adopted source the one that counts, unless a newer one is; what is older becomes superseded. */
export function takeEffect(source: SourceRecord): void {
  const { fold, row, post } = source;
  const { sources } = fold;
  const current = sources.get(post, SOURCE.current);
  if (current !== NONE && row <= current) return;
  // Besides the one that counted, those in between stop waiting for the adoption of their annotators.
  if (current !== NONE) takeBack(fold, current);
  for (let at = sources.get(post, SOURCE.newest); at !== current; at = sources.get(at, SOURCE.older)) {
    if (at <= row) takeBack(fold, at);
  }
  sources.set(post, SOURCE.current, row);
}

/** Only the source that counts is moved by it: an older one is superseded all the same, a newer one waits. */
export function addPostNotice(source: SourceRecord, notice: Notice): void {
  const { fold, post } = source;
  const current = fold.sources.get(post, SOURCE.current);
  if (current !== NONE) takeBack(fold, current);
  fold.notices.set(post, [...readPostNotices(source), notice]);
}
