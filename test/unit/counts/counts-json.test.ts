import { expect, it } from 'vitest';
import { toCountsJson } from '../../../src/counts/counts-json.ts';
import { countsOf, emptyFold } from '../../../src/counts/fold.ts';

it('has the keys of the command contract, pending claims as a number and the grade as a word', () => {
  const json = toCountsJson({ topic: 'semax', ...countsOf(emptyFold()), head: { size: 0, root: '' } });
  for (const key of ['sources', 'claims', 'low_confidence', 'effects', 'confidence', 'grade', 'head']) expect(json).toHaveProperty(key);
  expect(json).toMatchObject({ low_confidence: 0, grade: 'none', head: { size: 0 }, effects: [] });
  expect(json.confidence).toMatchObject({ value: 0, label: 'low - no human claims in ledger' });
  expect(json.confidence.terms.map((term) => term.name)).toEqual(['human', 'preclinical', 'anecdotal', 'studies']);
});
