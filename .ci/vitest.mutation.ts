/**
 * The tests that mutation testing runs (.stryker.config.mjs): those of the pure ledger, shortest first, one file at a time, with a seed that stays,
 * so that a mutant fails in the quickest test that sees it, and two runs give one number.
 */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const FOLDERS = ['test/unit/', 'test/vectors/', 'test/property/'];

class UnitTestsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => FOLDERS.findIndex((folder) => moduleId.includes(folder));
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  test: {
    include: [
      'test/unit/ledger/**/*.test.ts',
      'test/unit/api/proofs.test.ts',
      'test/vectors/*.test.ts',
      'test/property/{canonical,canonical-check,hash-text,header-check,proof,read-lines,sha256,tile,verify-tree}.test.ts',
    ],
    setupFiles: ['.ci/mutation-seed.ts'],
    // One process loads the ledger once for all files.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: UnitTestsFirst },
  },
});
