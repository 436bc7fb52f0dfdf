/**
 * Mean F1 of `extractPage` on the article extraction benchmark, by its own measure: precision and recall over 4-word shingles,
 * averaged over pages (https://github.com/scrapinghub/article-extraction-benchmark, evaluate.py).
 * Speed is that of a crawler at work: of the second half of the rounds over all pages, when the compiler knows the code.
 * Reads ../shared/data/web/article_extraction or the folder given; says so and ends where it is absent. Run: npm run bench -- extraction [--json] [--worst]
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeBody } from '../src/fetch/decode.ts';
import { extractPage } from '../src/sources/web/extract.ts';

const folder =
  process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? path.resolve(import.meta.dirname, '../../shared/data/web/article_extraction');
const SHINGLE_WORDS = 4;
const ROUNDS = 6;

function shingle(text: string): Map<string, number> {
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  const counts = new Map<string, number>();
  for (let at = 0; at < Math.max(1, words.length - SHINGLE_WORDS + 1); at += 1) {
    const key = words.slice(at, at + SHINGLE_WORDS).join(' ');
    if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function score(wanted: string, found: string): { precision: number | undefined; recall: number | undefined } {
  const [want, find] = [shingle(wanted), shingle(found)];
  let [shared, wantedTotal, foundTotal] = [0, 0, 0];
  for (const [key, count] of want) {
    wantedTotal += count;
    shared += Math.min(count, find.get(key) ?? 0);
  }
  for (const count of find.values()) foundTotal += count;
  return { precision: foundTotal === 0 ? undefined : shared / foundTotal, recall: wantedTotal === 0 ? undefined : shared / wantedTotal };
}

/** Time of the processor, all threads of the process together: what else runs on the machine does not count. */
function timeRound(pages: readonly { readonly html: string; readonly url: string }[]): { readonly perCoreSecond: number; readonly slowestMs: number } {
  const before = process.cpuUsage();
  let slowestMs = 0;
  for (const { html, url } of pages) {
    const start = performance.now();
    extractPage(html, url);
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  return { perCoreSecond: (pages.length / (user + system)) * 1e6, slowestMs };
}

function mean(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

if (!existsSync(folder)) {
  process.stderr.write(`skipped: ${folder} is absent\n`);
} else {
  const truth = JSON.parse(readFileSync(path.join(folder, 'ground-truth.json'), 'utf8')) as Record<string, { articleBody: string; url: string }>;
  const scores: { key: string; precision: number | undefined; recall: number | undefined }[] = [];
  const pages: { readonly html: string; readonly url: string }[] = [];
  for (const [key, { articleBody, url }] of Object.entries(truth)) {
    const file = path.join(folder, 'html', `${key}.html.gz`);
    if (!existsSync(file)) continue;
    const html = decodeBody(gunzipSync(readFileSync(file)), 'text/html').text;
    pages.push({ html, url });
    scores.push({ key, ...score(articleBody, extractPage(html, url).text) });
  }
  const rounds = Array.from({ length: ROUNDS }, () => timeRound(pages));
  const precision = mean(scores.map((one) => one.precision));
  const recall = mean(scores.map((one) => one.recall));
  const f1 = (2 * precision * recall) / (precision + recall);
  const warm = rounds.slice(ROUNDS / 2);
  const figures = {
    pages: scores.length,
    precision,
    recall,
    f1,
    pages_per_core_second: Math.round(mean(warm.map((round) => round.perCoreSecond)) * 10) / 10,
    slowest_ms: Math.round(Math.max(...warm.map((round) => round.slowestMs))),
  };
  process.stdout.write(
    process.argv.includes('--json')
      ? `${JSON.stringify(figures)}\n`
      : [
          `${figures.pages} pages, mean over pages by 4-word shingles`,
          `F1                     ${f1.toFixed(4)} (asked: at least 0.95); precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}`,
          `pages per core-second  ${figures.pages_per_core_second} (asked: at least 30), ${Math.round(mean(pages.map(({ html }) => html.length)) / 1000)} KB each; slowest page ${figures.slowest_ms} ms`,
          '',
        ].join('\n'),
  );
  if (process.argv.includes('--worst')) {
    const worst = scores.toSorted((a, b) => (a.precision ?? 0) * (a.recall ?? 0) - (b.precision ?? 0) * (b.recall ?? 0)).slice(0, 12);
    for (const one of worst) process.stdout.write(`${one.key.slice(0, 12)} ${one.precision?.toFixed(3)} ${one.recall?.toFixed(3)}\n`);
  }
}
