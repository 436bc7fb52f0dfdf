/**
 * What follows from the looks at a post that its platform does not show: nothing is erased that one look found missing, and what is shown
 * again is restored. Pure. Rule: docs/operation.md#deletions-on-platforms. Proved by test/unit/pipeline/absence-policy.test.ts and
 * test/property/absence-policy.test.ts.
 */
import type { Patience, RecheckDuty, RecheckOutcome } from '../sources/source.ts';

/** What a look found; one that could not be made is none. */
export type LookOutcome = Exclude<RecheckOutcome, 'unknown'>;

export interface Look {
  readonly outcome: LookOutcome;
  readonly at: Date;
}

/** Looks that found the same, with other looks between them that say nothing. */
interface Run {
  readonly looks: number;
  readonly since: Date;
}

/** What is remembered of a post since it was last shown; undefined = it is shown. */
export interface AbsenceHistory {
  readonly outcome: Exclude<LookOutcome, 'live' | 'orphaned'>;
  readonly lookedAt: Date;
  /** Looks that found `missing` or `gone`. */
  readonly missing?: Run;
  /** Of these, the ones that found `gone`. */
  readonly gone?: Run;
}

export type Verdict = 'live' | 'withhold' | 'erase';

const DAY_MS = 86_400_000;

/** A look older than the last one says nothing new. */
export function addLook(history: AbsenceHistory | undefined, look: Look): AbsenceHistory | undefined {
  if (history !== undefined && look.at < history.lookedAt) return history;
  const { outcome, at: lookedAt } = look;
  switch (outcome) {
    case 'live':
    case 'orphaned':
      return undefined;
    case 'deleted':
    // Whoever keeps it back knows it: it was not missing, then or before.
    case 'removed':
      return { outcome, lookedAt };
    case 'down':
      return { ...history, outcome, lookedAt };
    case 'missing':
      return { ...history, outcome, lookedAt, missing: extend(history?.missing, lookedAt) };
    case 'gone':
      return { outcome, lookedAt, missing: extend(history?.missing, lookedAt), gone: extend(history?.gone, lookedAt) };
  }
}

function extend(run: Run | undefined, at: Date): Run {
  return { looks: (run?.looks ?? 0) + 1, since: run?.since ?? at };
}

/** The author's deletion erases at once; everything else withholds until patience is at an end. */
export function judgeAbsence(history: AbsenceHistory | undefined, duty: Pick<RecheckDuty, 'missing' | 'gone'>): Verdict {
  if (history === undefined) return 'live';
  const { outcome, lookedAt } = history;
  if (outcome === 'deleted') return 'erase';
  if (outcome !== 'missing' && outcome !== 'gone') return 'withhold';
  const isEnough = (run: Run | undefined, patience: Patience): boolean =>
    run !== undefined && run.looks >= patience.looks && lookedAt.getTime() - run.since.getTime() >= patience.days * DAY_MS;
  return isEnough(history.missing, duty.missing) || (outcome === 'gone' && isEnough(history.gone, duty.gone)) ? 'erase' : 'withhold';
}
