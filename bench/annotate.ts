/**
 * Speed of the embedded annotator on one core, and how long its weights and lexicons take to load in a new process: `npm run bench -- annotate [--json]`.
 * Texts are those of made-posts.ts.
 */
import { annotateLine, loadAnnotator } from '../src/annotators/list.ts';
import { makePost } from './made-posts.ts';

const TEXTS = 4_000;

const lines = Array.from({ length: TEXTS }, (_, index) => makePost(index));
const began = process.hrtime.bigint();
const annotator = await loadAnnotator();
const loadMs = Math.round(Number(process.hrtime.bigint() - began) / 1e6);
for (const line of lines.slice(0, 300)) await annotateLine(line, annotator);
const start = process.hrtime.bigint();
let claims = 0;
for (const line of lines) {
  const annotation = await annotateLine(line, annotator);
  if ('claims' in annotation) claims += annotation.claims.length;
}
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const perSecond = Math.round(TEXTS / seconds);
const characters = lines.reduce((sum, line) => sum + line.text.length, 0) / TEXTS;
process.stdout.write(
  process.argv.includes('--json')
    ? `${JSON.stringify({ texts: TEXTS, seconds, posts_per_second: perSecond, load_ms: loadMs, mean_characters: Math.round(characters), claims, node: process.version })}\n`
    : `${perSecond} posts/s on one core (${TEXTS} posts of ${Math.round(characters)} characters on average, ${claims} claims, Node ${process.version}); loaded in ${loadMs} ms\n`,
);
