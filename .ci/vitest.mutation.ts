/**
 * The tests that mutation testing runs (.stryker.config.mjs): those of the pure ledger, nearest to the code first, with a seed that
 * stays, so that a mutant fails in the quickest test that sees it, and two runs give one number.
 */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Verification calls all the rest: what a test of the rest notices need not wait for it. */
const ORDER = ['test/unit/ledger/verify', 'test/property/', 'test/unit/'];

class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => ORDER.findIndex((start) => moduleId.includes(start));
    return files.toSorted((a, b) => rank(b) - rank(a) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  test: {
    include: [
      'test/unit/ledger/**/*.test.ts',
      'test/unit/api/proofs.test.ts',
      'test/property/{canonical,canonical-check,hash-text,header-check,proof,sha256,tile,verify-tree}.test.ts',
    ],
    setupFiles: ['.ci/mutation-seed.ts'],
    // One process loads the ledger once for all files.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: NearestFirst },
  },
});
