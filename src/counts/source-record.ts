/** A source in the fold: the columns of its row, and a view of it. */
import type { HeaderOf } from '../ledger/header.ts';
import type { Platform } from '../model/labels.ts';
import type { SourceLabels } from './labels.ts';
import type { Fold } from './records.ts';
import { REVIEWABLE, Reviewable } from './reviewable.ts';
import { NONE } from './table.ts';

/** Columns of `fold.sources`. Rows follow the chain: of two, the higher is the newer source. */
export const SOURCE = {
  ...REVIEWABLE,
  number: 3,
  /** Ids in `fold.platforms`, `sourceLabels`, `annotators` and `records` (or NONE). */
  platform: 4,
  labels: 5,
  annotator: 6,
  record: 7,
  /** Seqs. */
  thread: 8,
  experience: 9,
  /** Rows of its first and last claim, or NONE. */
  firstClaim: 10,
  lastClaim: 11,
  /** Rows of sources: the first one of the same post, and the one of the same post before this one, or NONE. */
  post: 12,
  older: 13,
  /** In the row of a post's first source only: rows of the post's newest source, and of the one that counts, or NONE. */
  newest: 14,
  current: 15,
} as const;

export class SourceRecord extends Reviewable {
  constructor(fold: Fold, row: number) {
    super(fold, fold.sources, row);
  }

  /** N of `sN`. */
  get number(): number {
    return this.#get(SOURCE.number);
  }
  get platform(): Platform {
    return this.fold.platforms.at(this.#get(SOURCE.platform));
  }
  /** The annotator's labels; as they stand: `sourceLabels`. */
  get labels(): SourceLabels {
    return this.fold.sourceLabels.at(this.#get(SOURCE.labels));
  }
  get annotator(): string {
    return this.fold.annotators.at(this.#get(SOURCE.annotator));
  }
  get thread(): number {
    return this.#get(SOURCE.thread);
  }
  get experience(): number {
    return this.#get(SOURCE.experience);
  }
  get record(): string | undefined {
    const id = this.#get(SOURCE.record);
    return id === NONE ? undefined : this.fold.records.at(id);
  }
  /** Row of the first source of the same post. */
  get post(): number {
    return this.#get(SOURCE.post);
  }

  #get(column: number): number {
    return this.table.get(this.row, column);
  }
}

/** Adds the row of a source; its post and claims come after. Returns the row. */
export function addSourceRow(fold: Fold, header: HeaderOf<'source'>): number {
  const { sources } = fold;
  const row = sources.add();
  sources.set(row, SOURCE.seq, header.seq);
  sources.set(row, SOURCE.number, header.number);
  sources.set(row, SOURCE.platform, fold.platforms.idOf(header.platform));
  sources.set(row, SOURCE.labels, fold.sourceLabels.idOf(header));
  sources.set(row, SOURCE.flags, fold.flagSets.idOf(header.flags));
  sources.set(row, SOURCE.annotator, fold.annotators.idOf(header.annotator));
  if (header.record !== undefined) sources.set(row, SOURCE.record, fold.records.idOf(header.record));
  // No entry after it can be the first of its thread: a chain that says so is refused by the verifier, here the source is its own first.
  sources.set(row, SOURCE.thread, Math.min(header.thread, header.seq));
  sources.set(row, SOURCE.experience, Math.min(header.experience, header.seq));
  return row;
}

/** All sources, in the order of the chain. */
export function* readSources(fold: Fold): Generator<SourceRecord> {
  for (let row = 0; row < fold.sources.size; row += 1) yield new SourceRecord(fold, row);
}
