/** The numbers of the JSON API by the names the page gives them (docs/counts.md). */
import type { CountsJson } from '../../src/counts/counts-json.ts';

/** What is told in one direction only is 0 in the others. */
export function publishedNumbers(counts: CountsJson): Map<string, number> {
  const { confidence, effects, set_aside } = counts;
  const numbers = new Map<string, number>();
  const flatten = (prefix: string, value: unknown): void => {
    if (typeof value === 'number') numbers.set(prefix, value);
    else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) flatten(`${prefix}.${key}`, inner);
  };
  for (const key of ['sources', 'claims', 'posts', 'threads', 'experiences', 'questions'] as const) flatten(key, counts[key]);
  flatten('low_confidence', { claims: counts.low_confidence, reasons: counts.low_confidence_reasons });
  flatten('set_aside', set_aside);
  for (const [reason, count] of Object.entries(set_aside.reasons)) numbers.set(`set_aside.reasons/${reason}`, count);
  for (const { compound, effect, direction, tier, count } of effects) numbers.set(`effects/${compound}/${effect}/${direction}/${tier}`, count);
  for (const direction of ['improves', 'worsens', 'no_effect'])
    for (const { compound, effect, tier } of effects) {
      const name = `effects/${compound}/${effect}/${direction}/${tier}`;
      if (!numbers.has(name)) numbers.set(name, 0);
    }
  numbers.set('confidence.studies', confidence.terms.find(({ name }) => name === 'studies')?.count ?? 0);
  return numbers;
}
