/**
 * What the fold remembers of a chain: a row of cells for each entry, source and claim, objects for the few that something was done to,
 * and the tallies built from them. Mutable on purpose (a million entries are folded in place) and private to src/counts. bench/fold.ts
 * measures the bytes per entry. Limit: seqs up to `MAX_SEQ` (table.ts).
 */
import type { Flag, Platform } from '../model/labels.ts';
import { CLAIM } from './claim-record.ts';
import { DistinctNames, DistinctSeqs } from './distinct.ts';
import { ENTRY } from './entries.ts';
import { ExperienceGroups } from './experience-groups.ts';
import type { Interner } from './interner.ts';
import { createClaimLabels, createFlagSets, createNames, createSourceLabels, type ClaimLabels, type FlagSet, type SourceLabels } from './labels.ts';
import { SOURCE } from './source-record.ts';
import { Table } from './table.ts';

/** A primary or adjudication review that is in force, or would be again after an undo of the ones above it. */
export interface Decision {
  readonly seq: number;
  readonly decision: 'accept' | 'reject' | 'amend';
  readonly labels: Partial<SourceLabels & ClaimLabels>;
}

/** What was done to one source or claim (reviewable.ts says more). */
export interface Standing {
  /** The last one is in force. */
  readonly decisions: readonly Decision[];
  readonly last: number;
  /** Reasons. */
  readonly withheld: string | undefined;
  readonly erased: string | undefined;
}

export interface Notice {
  readonly seq: number;
  readonly kind: 'retraction' | 'erratum' | 'concern';
  readonly record: string;
}

/** An entry that is in the chain but moved nothing, and why (the codes of src/review/check.ts and a few more). */
export interface Ignored {
  readonly seq: number;
  readonly code: 'unknown_ref' | 'not_reviewable' | 'stale_decision' | 'bad_amendment' | 'unknown_source' | 'erased';
}

export interface Fold {
  topic: string | undefined;
  /** Number of entries folded; the seq the next header must have. */
  size: number;
  readonly ignored: Ignored[];

  /** One row each: entries.ts, source-record.ts and claim-record.ts name the columns. */
  readonly entries: Table;
  readonly sources: Table;
  readonly claims: Table;
  /** What the ids in their cells stand for. */
  readonly platforms: Interner<Platform, Platform>;
  readonly annotators: Interner<string, string>;
  readonly records: Interner<string, string>;
  readonly sourceLabels: Interner<SourceLabels, SourceLabels>;
  readonly claimLabels: Interner<ClaimLabels, ClaimLabels>;
  readonly flagSets: Interner<readonly Flag[], FlagSet>;

  /** Of the few sources and claims that something was done to; their rows hold the index. */
  readonly standings: Standing[];
  /** By the row of the post's first source: a notice follows the post, so that annotating a retracted paper anew does not bring it back. */
  readonly notices: Map<number, readonly Notice[]>;
  readonly questions: Map<number, { withheld: boolean; erased: boolean }>;
  readonly adopted: Set<string>;
  /** Annotator -> rows of its sources, which wait for its adoption. */
  readonly unadopted: Map<string, number[]>;
  readonly groups: ExperienceGroups;

  /** Number name -> how much. */
  readonly tally: Map<string, number>;
  readonly distinct: {
    readonly threads: DistinctSeqs;
    readonly experiences: DistinctSeqs;
    readonly 'grade.human_studies': DistinctNames;
    readonly 'grade.strong_studies': DistinctNames;
    readonly 'grade.preclinical_studies': DistinctNames;
  };
  /** Rows of the sources whose part is missing from tally and distinct (tally.ts). */
  readonly untold: Set<number>;
  /** Names of the effect numbers that labels of `claimLabels` add to, as far as asked for. */
  readonly effectNumbers: Map<ClaimLabels, string>;
}

export function emptyFold(): Fold {
  const entries = new Table(Object.keys(ENTRY).length, 0);
  return {
    topic: undefined,
    size: 0,
    ignored: [],
    entries,
    sources: new Table(Object.keys(SOURCE).length),
    claims: new Table(Object.keys(CLAIM).length),
    platforms: createNames(),
    annotators: createNames(),
    records: createNames(),
    sourceLabels: createSourceLabels(),
    claimLabels: createClaimLabels(),
    flagSets: createFlagSets(),
    standings: [],
    notices: new Map(),
    questions: new Map(),
    adopted: new Set(),
    unadopted: new Map(),
    groups: new ExperienceGroups(),
    tally: new Map(),
    distinct: {
      threads: new DistinctSeqs(entries, ENTRY.threadSources),
      experiences: new DistinctSeqs(entries, ENTRY.experienceSources),
      'grade.human_studies': new DistinctNames(),
      'grade.strong_studies': new DistinctNames(),
      'grade.preclinical_studies': new DistinctNames(),
    },
    untold: new Set(),
    effectNumbers: new Map(),
  };
}
