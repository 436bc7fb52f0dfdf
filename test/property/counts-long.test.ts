import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsOf, emptyFold, foldHeader } from '../../src/counts/fold.ts';
import { headerSchema } from '../../src/ledger/header.ts';
import { chainsOf } from './counts-arbitrary.ts';
import { countNaively } from './counts-naive.ts';
import { inNaiveShape } from './counts-shape.ts';

const ENTRY_TYPES = headerSchema.options.map((option) => option.shape.type.value);

describe('counts of long chains', () => {
  it('agree with a naive count at every point where one asks, over entries of all types', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(chainsOf({ minLength: 200, maxLength: 400 }), fc.integer({ min: 40, max: 120 }), (headers, every) => {
        const fold = emptyFold();
        for (const header of headers) {
          seen.add(header.type);
          foldHeader(fold, header);
          if (fold.size % every === 0 || fold.size === headers.length) {
            expect(inNaiveShape(countsOf(fold))).toEqual(countNaively(headers.slice(0, fold.size)));
          }
        }
      }),
      { numRuns: 40 },
    );
    expect([...seen].sort()).toEqual([...ENTRY_TYPES].sort());
  });
});
