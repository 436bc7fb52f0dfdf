// Runs mutation testing (.stryker.config.mjs) and prints the number, per file and in all: `npm run mutation`, or for some files only
// `npm run mutation -- src/ledger/proof.ts,src/ledger/tile.ts`. Fails below THRESHOLD, and where a file of tests did not load.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Per cent of the mutants, as CONTRIBUTING.md has it. */
const THRESHOLD = 85;
const REPORT = '.stryker-tmp/report.json';
const CONFIG = '.ci/vitest.mutation.ts';
const root = path.resolve(import.meta.dirname, '..');

process.chdir(root);
rmSync(REPORT, { force: true });
const files = process.argv.slice(2);
const run = spawnSync('npx', ['stryker', 'run', ...(files.length > 0 ? ['--mutate', files.join(',')] : [])], { stdio: 'inherit' });
if (run.status !== 0 || !existsSync(REPORT)) process.exit(run.status || 1);

const report = JSON.parse(readFileSync(REPORT, 'utf8'));
requireAllTests(report.testFiles);
const rows = Object.entries(report.files).map(([file, { mutants }]) => [file, countOutcomes(mutants)]);
rows.push(['all', countOutcomes(Object.values(report.files).flatMap(({ mutants }) => mutants))]);
for (const [file, counts] of rows) console.log(formatRow(file, counts));
const score = scoreOf(rows.at(-1)[1]);
console.log(`\nmutation score: ${score.toFixed(1)} %`);
process.exit(score >= THRESHOLD ? 0 : 1);

/** Stryker goes on without a file of tests that does not load. */
function requireAllTests(ran) {
  const listed = JSON.parse(execFileSync('npx', ['vitest', 'list', '--filesOnly', '--json', '--config', CONFIG], { encoding: 'utf8' }));
  const missing = listed.map(({ file }) => path.relative(root, file)).filter((file) => !(file in ran));
  if (missing.length === 0) return;
  console.error(`these tests did not run: ${missing.join(', ')}`);
  process.exit(1);
}

/** Noticed: a test fails, or does not end. Missed: no test fails, or none gets there. Left out: see the configuration. */
function countOutcomes(mutants) {
  const counts = { noticed: 0, missed: 0, leftOut: 0 };
  for (const { status } of mutants) {
    if (status === 'Killed' || status === 'Timeout') counts.noticed++;
    else if (status === 'Survived' || status === 'NoCoverage') counts.missed++;
    else counts.leftOut++;
  }
  return counts;
}

function scoreOf({ noticed, missed }) {
  return (100 * noticed) / (noticed + missed);
}

function formatRow(file, counts) {
  const { noticed, missed, leftOut } = counts;
  return `${file.padEnd(36)} ${scoreOf(counts).toFixed(1).padStart(5)} %  ${noticed} of ${noticed + missed}, ${leftOut} left out`;
}
