/**
 * Who may import whom (docs/architecture.md). test/unit/layers.test.ts plants one violation per rule and expects it
 * to be found, because a cruise of zero modules exits 0 as well.
 */
const pure =
  '^src/(model|normalize|flags|counts|errors\\.ts)|^src/ledger/(canonical|chain|merkle|checkpoint|base64|sha256|sha256-portable|proof|tile|log|cosignature|header|request|seal|references|verify|verify-[a-z]+|export-format|canonical-check|header-check|hex|byte-column|read-export-lines)\\.ts';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'src-below-jobs-and-workers', severity: 'error', from: { path: '^src/' }, to: { path: '^(jobs|workers)/' } },
    { name: 'jobs-below-workers', severity: 'error', from: { path: '^jobs/' }, to: { path: '^workers/' } },
    {
      name: 'bullmq-in-jobs-and-workers-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/doctor/' },
      to: { path: 'node_modules/(bullmq|ioredis)' },
    },
    { name: 'bullmq-not-in-src', severity: 'error', from: { path: '^src/' }, to: { path: 'node_modules/bullmq' } },
    {
      name: 'pure-core-has-no-edges',
      comment: 'no clock, environment, network or database in the pure set',
      severity: 'error',
      from: { path: pure },
      to: {
        path: 'node_modules/(pg|undici|hono|pino|ioredis|bullmq)/|^(node:)?(fs|net|http|https|child_process|process|os|dns|timers)|^src/(db|fetch|pipeline|api|cli|sources/(?!source\\.ts))',
      },
    },
    { name: 'stages-below-faces', severity: 'error', from: { path: '^src/(?!api|cli)' }, to: { path: '^src/(api|cli)/' } },
    { name: 'cli-above-all', severity: 'error', from: { path: '^src/(?!cli)' }, to: { path: '^src/cli/' } },
    {
      name: 'sources-know-no-database',
      severity: 'error',
      from: { path: '^src/(sources|fetch|annotators)/' },
      to: { path: '^src/(db|pipeline|ledger)/|node_modules/pg/' },
    },
    { name: 'nothing-imports-tests', severity: 'error', from: { path: '^(src|jobs|workers)/' }, to: { path: '^(test|bench)/' } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$', '^workers/main\\.ts$'] }, to: {} },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};
