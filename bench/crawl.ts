/**
 * A site of made-up articles on this machine, crawled by Hearsay's web source and by Crawlee's CheerioCrawler: `npm run bench -- crawl`.
 *
 *   --pages N     default 5,000
 *   --rounds N    every contestant once a round, in turn; medians count. Default 3
 *   --only LIST   ids of contestants, with commas between
 *   --json
 *
 * Contestants are processes of their own and run what ships: bundled by esbuild, not compiled on the way by tsx (but for the row with Postgres, which
 * reads files that stand beside its source). Compared is like with like: crawling (fetch, parse, title and text) with the faster of Crawlee's rows that do so, and
 * crawling with the article, thread and metadata read from each page with Crawlee doing the same. What the second costs over the first is printed too.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleInto } from './bundle.ts';
import { type Contestant, CONTESTANTS } from './crawl/contestants.ts';
import { installCrawlee } from './crawl/install-crawlee.ts';
import { type CrawlFigures, expectAll } from './crawl/tally.ts';
import { runChild } from './run-child.ts';

const { values } = parseArgs({
  options: { pages: { type: 'string', default: '5000' }, rounds: { type: 'string', default: '3' }, only: { type: 'string' }, json: { type: 'boolean' } },
});
const ROOT = path.resolve(import.meta.dirname, '..');
const HERE = path.join(import.meta.dirname, 'crawl');
const pages = Number(values.pages);
const chosen = CONTESTANTS.filter(({ id }) => values.only === undefined || values.only.split(',').includes(id));

interface Row {
  readonly id: Contestant['id'];
  readonly says: string;
  readonly pagesPerSecond: number;
  readonly pagesPerSecondOfRounds: readonly number[];
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

const crawlee = await installCrawlee();
if (crawlee === undefined) {
  process.stderr.write('Crawlee could not be installed, so there is nothing to compare with: see what npm says above.\n');
  process.exit(1);
}
const folder = await mkdtemp(path.join(tmpdir(), 'hearsay-bench-crawl-'));
try {
  await bundle(folder);
  report(await withSite((origin) => measure(origin, crawlee.folder)), crawlee.version);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(origin: string, crawleeFolder: string): Promise<readonly Row[]> {
  const expected = JSON.stringify(expectAll(pages));
  const runs = new Map<Contestant, CrawlFigures[]>(chosen.map((contestant) => [contestant, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [contestant, figures] of runs) {
      const measured = JSON.parse(await run(contestant, [origin, String(pages), ...contestant.args, crawleeFolder])) as CrawlFigures;
      if (JSON.stringify(measured.saw) !== expected) throw new Error(`${contestant.id} saw ${JSON.stringify(measured.saw)}, the site holds ${expected}`);
      figures.push(measured);
    }
  }
  return [...runs].map(([{ id, says }, figures]) => ({
    id,
    says,
    pagesPerSecond: median(figures.map(({ seconds }) => pages / seconds)),
    pagesPerSecondOfRounds: figures.map(({ seconds }) => pages / seconds),
    cpuSeconds: median(figures.map(({ cpuSeconds }) => cpuSeconds)),
    peakMb: median(figures.map(({ peakMb }) => peakMb)),
  }));
}

function report(rows: readonly Row[], version: string): void {
  const ratios = [
    { says: 'crawling: client to the better of Crawlee', ratio: compare(rows, 'client', ['crawlee', 'crawlee-fast']) },
    { says: 'crawling and reading: web source to Crawlee', ratio: compare(rows, 'hearsay', ['crawlee-extract']) },
    { says: 'web source to Crawlee that reads nothing', ratio: compare(rows, 'hearsay', ['crawlee', 'crawlee-fast']) },
  ].filter(({ ratio }) => ratio !== undefined);
  if (values.json) return void process.stdout.write(`${JSON.stringify({ pages, crawlee: version, rows, ratios })}\n`);
  const lines = [
    `${pages.toLocaleString('en')} pages; @crawlee/cheerio ${version}; medians of ${values.rounds} rounds in turn`,
    '',
    `${''.padEnd(40)}pages/s   processor s   peak MB   pages/s of rounds`,
    ...rows.map(
      (row) =>
        `  ${row.says.padEnd(38)}${num(row.pagesPerSecond, 7)}${row.cpuSeconds.toFixed(1).padStart(14)}${num(row.peakMb, 10)}   ${row.pagesPerSecondOfRounds.map((rate) => num(rate, 0)).join(', ')}`,
    ),
  ];
  lines.push('', `${'ratios'.padEnd(46)}pages/s   peak MB`);
  for (const { says, ratio } of ratios)
    lines.push(`  ${says.padEnd(44)}${ratio?.pagesPerSecond.toFixed(2).padStart(7)}${ratio?.peakMb.toFixed(2).padStart(10)}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** To the fastest of them in speed, to the smallest in memory. */
function compare(rows: readonly Row[], id: Contestant['id'], others: readonly Contestant['id'][]): Pick<Row, 'pagesPerSecond' | 'peakMb'> | undefined {
  const ours = rows.find((row) => row.id === id);
  const theirs = rows.filter((row) => others.includes(row.id));
  if (ours === undefined || theirs.length === 0) return undefined;
  return {
    pagesPerSecond: ours.pagesPerSecond / Math.max(...theirs.map(({ pagesPerSecond }) => pagesPerSecond)),
    peakMb: ours.peakMb / Math.min(...theirs.map(({ peakMb }) => peakMb)),
  };
}

function num(value: number, width: number): string {
  return Math.round(value).toLocaleString('en').padStart(width);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
}

async function bundle(outdir: string): Promise<void> {
  await bundleInto(outdir, [
    ...['crawl-client', 'crawl-hearsay', 'crawl-crawlee', 'serve-site'].map((name) => ({ in: path.join(HERE, `${name}.ts`), out: name })),
    // The source looks for its threads' script beside itself.
    { in: path.join(ROOT, 'src/sources/web/read-worker.ts'), out: 'read-worker' },
  ]);
}

async function withSite<T>(use: (origin: string) => Promise<T>): Promise<T> {
  const server = spawn(process.execPath, [path.join(folder, 'serve-site.js'), String(pages)], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
    return await use(line.trim());
  } finally {
    server.stdin.end();
  }
}

function run({ id, script }: Contestant, args: readonly string[]): Promise<string> {
  const how = script === 'crawl-into-postgres' ? ['--import', 'tsx', path.join(HERE, `${script}.ts`)] : [path.join(folder, `${script}.js`)];
  return runChild(id, [...how, ...args], { cwd: ROOT });
}
