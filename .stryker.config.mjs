// Mutation testing of the pure ledger: how many small changes of its code some test notices. `npm run mutation` (CONTRIBUTING.md).
const ledger = (...names) => names.map((name) => `src/ledger/${name}.ts`);

export default {
  mutate: [
    ...ledger('base64', 'bind-content', 'byte-column', 'canonical', 'canonical-check', 'chain', 'checkpoint', 'cosignature', 'export-format', 'hash-text'),
    ...ledger('header-check', 'hex', 'log', 'merkle', 'proof', 'read-export-lines', 'references', 'seal', 'sha256', 'tile'),
    ...ledger('verify', 'verify-chain', 'verify-closing', 'verify-entry', 'verify-excerpt', 'verify-result', 'verify-tree'),
  ],
  testRunner: 'vitest',
  vitest: { configFile: '.ci/vitest.mutation.ts', related: false },
  coverageAnalysis: 'perTest',
  // Left out, 1 of 2: the wording of failures. What fails, with which code and at which place stays in.
  plugins: ['@stryker-mutator/vitest-runner', './.ci/mutation-ignorer.mjs'],
  ignorers: ['wording'],
  // Left out, 2 of 2: what runs only while a file is loaded (constants, tables, patterns). Each such mutant would need all tests, hours in all.
  ignoreStatic: true,
  concurrency: 2,
  // A mutant that never ends is one that is noticed; the limit is for slow and busy machines.
  timeoutMS: 10_000,
  timeoutFactor: 1.5,
  dryRunTimeoutMinutes: 15,
  ignorePatterns: ['dist', '.hearsay', 'bench', 'test/fixtures', 'test/e2e', 'test/integration', 'test/standin'],
  disableTypeChecks: false,
  reporters: ['json', 'progress-append-only', 'clear-text'],
  clearTextReporter: { reportTests: false, reportScoreTable: false, logTests: false },
  jsonReporter: { fileName: '.stryker-tmp/report.json' },
};
