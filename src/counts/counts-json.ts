/** Counts as others script against them (design section 8): `low_confidence` a number and `grade` a word, with reasons and rule beside them. */
import type { PublishedCounts } from '../model/counts.ts';

export type CountsJson = Omit<PublishedCounts, 'low_confidence' | 'grade'> & {
  /** Pending claims. */
  readonly low_confidence: number;
  readonly low_confidence_reasons: PublishedCounts['low_confidence']['reasons'];
  readonly grade: PublishedCounts['grade']['value'];
  readonly grade_rule: string;
};

export function toCountsJson(counts: PublishedCounts): CountsJson {
  const { low_confidence, grade, ...rest } = counts;
  return { ...rest, low_confidence: low_confidence.claims, low_confidence_reasons: low_confidence.reasons, grade: grade.value, grade_rule: grade.rule };
}
