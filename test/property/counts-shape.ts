/** Counts as published, in the shape the naive count has, and single numbers of them by name. */
import type { Counts } from '../../src/model/counts.ts';
import { must } from '../unit/counts/must.ts';
import type { countNaively } from './counts-naive.ts';

const without = (record: Record<string, number>) => Object.fromEntries(Object.entries(record).filter(([, value]) => value > 0));

/** The number called `name`, read off the counts as published. */
export function readNumber(counts: Counts, name: string): number {
  if (name.startsWith('confidence.')) return must(counts.confidence.terms.find((term) => `confidence.${term.name}` === name)).count;
  const here = /Here: (\d+) in people \((\d+) of these designs\), (\d+) in/.exec(counts.grade.rule);
  if (name.startsWith('grade.')) return Number(here?.[1 + ['grade.human_studies', 'grade.strong_studies', 'grade.preclinical_studies'].indexOf(name)]);
  const value = name.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], counts);
  return (value as number | undefined) ?? 0;
}

/** Only what is above zero: the naive count knows no number that nothing is in. */
export function inNaiveShape(counts: Counts): ReturnType<typeof countNaively> {
  const { total, pending, ...kinds } = counts.sources;
  const { total: _claims, apart, ...tiers } = counts.claims;
  const { rejected_claims, rejected_sources: rejected, reasons, ...aside } = counts.set_aside;
  return {
    kinds: without(kinds),
    states: without({ live: total, pending, rejected, ...aside }),
    reasons,
    tiers: without(tiers),
    apart: without(apart),
    effects: Object.fromEntries(counts.effects.map((row) => [[row.compound, row.effect, row.direction, row.tier].join(), row.count])),
    pendingClaims: counts.low_confidence.claims,
    pendingReasons: counts.low_confidence.reasons,
    rejectedClaims: rejected_claims,
    threads: counts.threads,
    experiences: counts.experiences,
    studies: readNumber(counts, 'confidence.studies'),
    human: readNumber(counts, 'grade.human_studies'),
    strong: readNumber(counts, 'grade.strong_studies'),
    preclinical: readNumber(counts, 'grade.preclinical_studies'),
    questions: counts.questions,
  };
}
