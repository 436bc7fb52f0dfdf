/**
 * Catalogue confidence: how much graded evidence is catalogued, not how sure anybody is (design section 7).
 * human x 0.12 + preclinical x 0.04 + anecdotal x 0.015 + studies x 0.02, capped at 0.95. Summed in whole
 * thousandths, so that 5 / 6 / 78 / 11 gives exactly 2.23 before and 0.95 after the cap.
 */
import type { ConfidenceTerm, Counts } from '../model/counts.ts';

const WEIGHTS_THOUSANDTHS = { human: 120, preclinical: 40, anecdotal: 15, studies: 20 } as const;
const CAP_THOUSANDTHS = 950;

export type ConfidenceInput = Readonly<Record<ConfidenceTerm['name'], number>>;

export function computeConfidence(input: ConfidenceInput): Counts['confidence'] {
  const names = Object.keys(WEIGHTS_THOUSANDTHS) as ConfidenceTerm['name'][];
  const terms = names.map((name) => {
    const weight = WEIGHTS_THOUSANDTHS[name];
    return { name, count: input[name], weight: weight / 1000, value: (input[name] * weight) / 1000 };
  });
  const sum = names.reduce((total, name) => total + input[name] * WEIGHTS_THOUSANDTHS[name], 0);
  return {
    value: Math.min(sum, CAP_THOUSANDTHS) / 1000,
    uncapped: sum / 1000,
    cap: CAP_THOUSANDTHS / 1000,
    // At or over the cap more evidence changes nothing: a reader must know the number has stopped telling.
    saturated: sum >= CAP_THOUSANDTHS,
    label: input.human > 0 ? 'moderate - human claims present in ledger' : 'low - no human claims in ledger',
    terms,
  };
}
