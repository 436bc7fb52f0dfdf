/**
 * What sources and claims have in common: flags, and what people or platforms did to them. Records are views of the fold, made when
 * asked for.
 */
import type { Flag } from '../model/labels.ts';
import type { FlagSet } from './labels.ts';
import type { Decision, Fold, Standing } from './records.ts';
import { NONE, type Table } from './table.ts';

/** The first columns of `fold.sources` and `fold.claims`. */
export const REVIEWABLE = {
  seq: 0,
  /** Id in `fold.flagSets`. */
  flags: 1,
  /** Index in `fold.standings`, or NONE as long as nothing was done to it. */
  standing: 2,
} as const;

const UNTOUCHED: Standing = Object.freeze({ decisions: Object.freeze([]), last: -1, withheld: undefined, erased: undefined });

export abstract class Reviewable {
  readonly fold: Fold;
  readonly row: number;
  readonly seq: number;
  protected readonly table: Table;
  #standing: Standing;

  protected constructor(fold: Fold, table: Table, row: number) {
    this.fold = fold;
    this.row = row;
    this.seq = table.get(row, REVIEWABLE.seq);
    this.table = table;
    const standing = table.get(row, REVIEWABLE.standing);
    this.#standing = standing === NONE ? UNTOUCHED : (fold.standings[standing] as Standing);
  }

  get flags(): readonly Flag[] {
    return this.#flagSet.flags;
  }

  /** Flags that keep it out of the counts until a person decides. */
  get waiting(): readonly Flag[] {
    return this.#flagSet.waiting;
  }

  /** Oldest first; the last one is in force. */
  get decisions(): readonly Decision[] {
    return this.#standing.decisions;
  }

  /** Seq of the last primary or adjudication review or undo, -1 if none: what a new review must give as `expects`. */
  get last(): number {
    return this.#standing.last;
  }

  /** The reason, while it is withheld. */
  get withheld(): string | undefined {
    return this.#standing.withheld;
  }

  /** The reason, once it is erased. */
  get erased(): string | undefined {
    return this.#standing.erased;
  }

  /** Changes how it stands. Its source must have been taken back from the tallies (tally.ts). */
  change(change: Partial<Standing>): void {
    const at = this.table.get(this.row, REVIEWABLE.standing);
    this.#standing = { ...this.#standing, ...change };
    if (at === NONE) this.table.set(this.row, REVIEWABLE.standing, this.fold.standings.push(this.#standing) - 1);
    else this.fold.standings[at] = this.#standing;
  }

  get #flagSet(): FlagSet {
    return this.fold.flagSets.at(this.table.get(this.row, REVIEWABLE.flags));
  }
}
