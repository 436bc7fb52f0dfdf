/** Folds the worked example of the ledger format, entry by entry. Needs ../shared/vectors; skipped where that is absent. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countsOf, emptyFold, foldHeader, stateOf, type Fold } from '../../../src/counts/fold.ts';
import { headerSchema } from '../../../src/ledger/header.ts';

const FILE = resolve(import.meta.dirname, '../../../../shared/vectors/hearsay/example.json');

describe.skipIf(!existsSync(FILE))('the worked example', () => {
  it('is pending, accepted, undone and erased at the right entries', () => {
    const { entries } = JSON.parse(readFileSync(FILE, 'utf8')) as { entries: { header: string }[] };
    const fold = emptyFold();
    const seen = entries.map(({ header }) => {
      foldHeader(fold, headerSchema.parse(JSON.parse(header)));
      return describeFold(fold);
    });
    expect(seen).toEqual([
      { sources: 0, tiers: 0, effects: 0, pending: 0, headache: undefined },
      { sources: 1, tiers: 0, effects: 0, pending: 0, headache: undefined },
      { sources: 1, tiers: 1, effects: 0, pending: 0, headache: undefined },
      { sources: 1, tiers: 1, effects: 1, pending: 0, headache: undefined },
      { sources: 1, tiers: 1, effects: 1, pending: 1, headache: 'pending' },
      { sources: 1, tiers: 1, effects: 2, pending: 0, headache: 'accepted' },
      { sources: 1, tiers: 1, effects: 1, pending: 1, headache: 'pending' },
      { sources: 0, tiers: 0, effects: 0, pending: 0, headache: 'erased' },
    ]);
    expect(fold.ignored).toEqual([]);
    expect(countsOf(fold).set_aside).toMatchObject({ erased: 1, reasons: { source_deleted: 1 } });
  });
});

function describeFold(fold: Fold) {
  const { sources, claims, effects, low_confidence } = countsOf(fold);
  return {
    sources: sources.other_anecdote,
    tiers: claims.anecdotal,
    effects: effects.reduce((sum, { count }) => sum + count, 0),
    pending: low_confidence.claims,
    headache: stateOf(fold, 4)?.state,
  };
}
