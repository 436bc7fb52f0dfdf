/** Adds up the differences between a candidate and what is counted now (diff-annotator.ts). Examples are ids: texts are for `--items` alone. */
import type { Header } from '../ledger/header.ts';
import type { Preview } from '../ledger/preview.ts';
import { type AnnotationPair, type ClaimChange, countFlags, countStanding, type LabelFlip, listClaimChanges, listFlips } from './diff-annotations.ts';
import { type CountChange, listCountChanges } from './diff-counts.ts';

export interface ChangedPost {
  /** Platform and its id. */
  readonly post: string;
  readonly flips: readonly LabelFlip[];
  readonly claims: readonly ClaimChange[];
}

interface Examples {
  readonly count: number;
  readonly examples: readonly string[];
}

export interface AnnotatorDiff {
  readonly topic: string;
  readonly candidate: string;
  /** What counts now: all that the chain has adopted, oldest first. */
  readonly adopted: readonly string[];
  readonly posts: { readonly same: number; readonly changed: number; readonly new: number; readonly not_judged: number };
  readonly flips: readonly (LabelFlip & Examples)[];
  readonly effects: Readonly<Record<ClaimChange['change'], Examples>>;
  readonly flags: readonly { readonly flag: string; readonly before: number; readonly after: number }[];
  /** By the machine alone, of the posts that both have judged. */
  readonly claims: {
    readonly accepted: { readonly before: number; readonly after: number };
    readonly pending: { readonly before: number; readonly after: number };
  };
  /** Of people: carried over as they are, and claims that somebody has to look at again. */
  readonly decisions: { readonly carried: number; readonly changed: number };
  readonly entries: number;
  readonly refused: Preview['refused'];
  readonly counts: { readonly before: Preview['before']; readonly after: Preview['after']; readonly changes: readonly CountChange[] };
}

const EXAMPLES = 5;

class Examined {
  count = 0;
  readonly examples: string[] = [];

  add(post: string): void {
    this.count += 1;
    if (this.examples.length < EXAMPLES && !this.examples.includes(post)) this.examples.push(post);
  }
}

export class DiffTally {
  readonly #onChanged: ((post: ChangedPost) => void) | undefined;
  #same = 0;
  #changed = 0;
  #new = 0;
  readonly #flips = new Map<string, { readonly flip: LabelFlip; readonly examined: Examined }>();
  readonly #effects = { gained: new Examined(), lost: new Examined(), changed_direction: new Examined() };
  readonly #flags = new Map<string, { before: number; after: number }>();
  readonly #claims = { accepted: { before: 0, after: 0 }, pending: { before: 0, after: 0 } };
  readonly #decisions = { carried: 0, changed: 0 };

  constructor(onChanged?: (post: ChangedPost) => void) {
    this.#onChanged = onChanged;
  }

  get posts(): number {
    return this.#same + this.#changed + this.#new;
  }

  /** A post that nobody judged before. */
  addNew(): void {
    this.#new += 1;
  }

  addPair({ post, pair }: { readonly post: string; readonly pair: AnnotationPair }): void {
    const flips = listFlips(pair);
    const claims = listClaimChanges(pair);
    for (const flip of flips) this.#flip(flip).add(post);
    for (const { change } of claims) this.#effects[change].add(post);
    for (const side of ['before', 'after'] as const) {
      for (const [flag, count] of countFlags(pair[side])) this.#flag(flag)[side] += count;
      const standing = countStanding(pair[side]);
      this.#claims.accepted[side] += standing.accepted;
      this.#claims.pending[side] += standing.pending;
    }
    if (flips.length + claims.length === 0) this.#same += 1;
    else {
      this.#changed += 1;
      this.#onChanged?.({ post, flips, claims });
    }
  }

  /** An entry that adoption would append. */
  addEntry(header: Header): void {
    if (header.type === 'review') this.#decisions.carried += 1;
    if (header.type === 'claim' && header.flags.includes('changed')) this.#decisions.changed += 1;
  }

  finish(of: { topic: string; candidate: string; adopted: readonly string[]; preview: Preview; notJudged: number }): AnnotatorDiff {
    const { topic, candidate, adopted, notJudged } = of;
    const { before, after, entries, refused } = of.preview;
    const flips = [...this.#flips.values()].map(({ flip, examined }) => ({ ...flip, ...examined }));
    return {
      topic,
      candidate,
      adopted,
      posts: { same: this.#same, changed: this.#changed, new: this.#new, not_judged: notJudged },
      flips: flips.sort((a, b) => compareText(a.label, b.label) || b.count - a.count || compareText(a.from, b.from) || compareText(a.to, b.to)),
      effects: { gained: { ...this.#effects.gained }, lost: { ...this.#effects.lost }, changed_direction: { ...this.#effects.changed_direction } },
      flags: [...this.#flags].map(([flag, sides]) => ({ flag, ...sides })).sort((a, b) => compareText(a.flag, b.flag)),
      claims: this.#claims,
      decisions: this.#decisions,
      entries,
      refused,
      counts: { before, after, changes: listCountChanges(before, after) },
    };
  }

  #flip(flip: LabelFlip): Examined {
    const key = `${flip.label} ${flip.from} ${flip.to}`;
    const known = this.#flips.get(key) ?? { flip, examined: new Examined() };
    this.#flips.set(key, known);
    return known.examined;
  }

  #flag(flag: string): { before: number; after: number } {
    const known = this.#flags.get(flag) ?? { before: 0, after: 0 };
    this.#flags.set(flag, known);
    return known;
  }
}

/** By UTF-16 code unit: the same order on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
