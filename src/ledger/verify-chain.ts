/**
 * Second half of verification: what entries say of each other, in the order of the chain. References and quotes, tombstones, the
 * tree, the fold. Of each entry it keeps a few bytes. Proved by test/property/export.test.ts.
 */
import { emptyFold, type Fold, foldHeader } from '../counts/fold.ts';
import { ByteColumn } from './byte-column.ts';
import { GENESIS } from './chain.ts';
import { ReferenceChecker } from './references.ts';
import type { CheckedEntry, Presence } from './verify-entry.ts';
import { Failure, toFailure } from './verify-result.ts';
import { VerifiedTree } from './verify-tree.ts';

const PROGRESS_EVERY = 10_000;
/** Bits kept of each entry's content. */
const OPEN = 1;
const MARKED_ERASED = 2;
const TOMBSTONED = 4;
const BITS: Readonly<Record<Presence, number>> = { none: 0, open: OPEN, withheld: 0, erased: MARKED_ERASED };

export class VerifiedChain {
  readonly tree = new VerifiedTree();
  readonly fold: Fold = emptyFold();
  readonly #references = new ReferenceChecker();
  readonly #contents = new ByteColumn();
  readonly #onProgress: ((entries: number) => void) | undefined;
  #head: Uint8Array = GENESIS;
  #open = 0;
  #withheld = 0;
  #erased = 0;

  constructor(onProgress?: (entries: number) => void) {
    this.#onProgress = onProgress;
  }

  get size(): number {
    return this.tree.size;
  }

  /** Hash of the last entry. */
  get head(): Uint8Array {
    return this.#head;
  }

  get numbers(): ReferenceChecker['numbers'] {
    return this.#references.numbers;
  }

  get tally(): { readonly open: number; readonly withheld: number; readonly erased: number; readonly quotes: ReferenceChecker['quotes'] } {
    return { open: this.#open, withheld: this.#withheld, erased: this.#erased, quotes: this.#references.quotes };
  }

  /** Entries that passed `checkEntry`, in the order of seq. @throws Failure at `seq N` */
  add(entry: CheckedEntry): void {
    const { header } = entry;
    try {
      this.#references.check(entry);
      foldHeader(this.fold, header);
    } catch (error) {
      throw toFailure(`seq ${header.seq}`, error);
    }
    this.#contents.push(BITS[entry.presence]);
    if (entry.presence === 'open') this.#open++;
    else if (entry.presence === 'withheld') this.#withheld++;
    this.#head = entry.entry;
    this.tree.append(entry.leaf);
    if (header.type === 'tombstone') for (const ref of header.refs) this.#noteErased(ref, header.seq);
    if (this.size % PROGRESS_EVERY === 0) this.#onProgress?.(this.size);
  }

  /** A tombstone explains missing content; content that outlives its tombstone was not destroyed. */
  #noteErased(ref: number, tombstone: number): void {
    const bits = this.#contents.at(ref) as number;
    if (bits & OPEN) throw new Failure(`seq ${ref}`, `tombstone ${tombstone} says its content was erased, but it is here`);
    if (bits & TOMBSTONED) return;
    this.#contents.set(ref, TOMBSTONED);
    this.#erased++;
  }

  /** @throws Failure at the first entry marked erased that no tombstone names: known only at the end. */
  requireTombstones(): void {
    const unexplained = this.#contents.indexOf(MARKED_ERASED);
    if (unexplained >= 0) throw new Failure(`seq ${unexplained}`, 'marked erased, but no tombstone says so');
  }
}
