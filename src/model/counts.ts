/** The numbers of an article: what `hearsay counts --json`, the API and the page show (design section 7, docs/counts.md). */
import type { Direction, EvidenceTier, Flag } from './labels.ts';

/** The first that fits, in this order; they add up to `total`. */
interface SourceCounts {
  readonly total: number;
  readonly scientific: number;
  readonly commercial: number;
  readonly reddit: number;
  readonly x: number;
  readonly other_anecdote: number;
  readonly web: number;
  /** Live sources that wait for a person; in no other count. */
  readonly pending: number;
}

export type CountedTier = Exclude<EvidenceTier, 'none'>;

/** Accepted main claims; the tiers add up to `total`. `apart` holds those of flagged sources, in no other count. */
interface ClaimCounts extends Readonly<Record<CountedTier, number>> {
  readonly total: number;
  readonly apart: { readonly duplicate: number; readonly commercial: number; readonly dosing: number };
}

export interface EffectCount {
  readonly compound: string;
  readonly effect: string;
  readonly direction: Exclude<Direction, 'none'>;
  readonly tier: EvidenceTier;
  readonly count: number;
}

export interface ConfidenceTerm {
  readonly name: 'human' | 'preclinical' | 'anecdotal' | 'studies';
  readonly count: number;
  readonly weight: number;
  /** count x weight, before the cap on the sum. */
  readonly value: number;
}

export interface Counts {
  readonly sources: SourceCounts;
  readonly claims: ClaimCounts;
  /** Accepted effect claims, sorted by compound, effect, direction, tier. */
  readonly effects: readonly EffectCount[];
  /** Pending claims with their reasons; a claim with two reasons is in both lines, once in `claims`. */
  readonly low_confidence: { readonly claims: number; readonly reasons: Readonly<Partial<Record<Flag, number>>> };
  readonly posts: number;
  readonly threads: number;
  readonly experiences: number;
  /** Out of every other count: sources (and, for rejected, claims) by state. */
  readonly set_aside: {
    readonly withheld: number;
    readonly erased: number;
    readonly rejected_sources: number;
    readonly rejected_claims: number;
    readonly superseded: number;
    readonly noticed: number;
    /** Annotated by an annotator the chain has not adopted yet. With it, all sources ever appended add up. */
    readonly not_adopted: number;
    /** Reason of withhold and tombstone entries -> sources. */
    readonly reasons: Readonly<Record<string, number>>;
  };
  /** Catalogue confidence: how much graded evidence is catalogued. Not clinical certainty. */
  readonly confidence: {
    readonly value: number;
    /** Sum of the terms before the cap. */
    readonly uncapped: number;
    readonly cap: number;
    readonly saturated: boolean;
    readonly label: string;
    readonly terms: readonly ConfidenceTerm[];
  };
  /** Evidence grade: from main claims of scientific sources only. */
  readonly grade: { readonly value: 'none' | 'preclinical only' | 'limited human' | 'human'; readonly rule: string };
  readonly questions: number;
}

/** Counts with the head they were folded to; what the CLI prints and the API serves. */
export interface PublishedCounts extends Counts {
  readonly topic: string;
  /** `root` is hex, all zero bytes hashed (RFC 6962 empty tree) when size is 0. */
  readonly head: { readonly size: number; readonly root: string };
}
