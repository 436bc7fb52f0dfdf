/**
 * Speed of the embedded annotator on one core: `npx tsx bench/annotate.ts [--json]`. Texts are made up here, in the lengths of real posts
 * (median 176 characters, a tenth above 600); files are read before the clock starts.
 */
import { loadAnnotator, annotateLine } from '../src/annotators/list.ts';

const OPENINGS = [
  'I have been taking Semax for three weeks.',
  'Has anyone tried BPC-157 for a shoulder?',
  'Noopept did nothing for me.',
  'Thanks, that helps.',
  'My wife uses it for sleep.',
];
const MIDDLES = [
  'My focus improved a lot and the anxiety is gone.',
  'I got headaches on the first two days, then no side effects at all.',
  'It raises BDNF, so it may help memory.',
  'A small trial in 40 patients found less fatigue compared with placebo.',
  'I would not buy from them again.',
  'Where did you order yours?',
];
const TEXTS = 4_000;

const lines = Array.from({ length: TEXTS }, (_, index) => {
  const sentences = index % 10 === 0 ? 16 : index % 3;
  const text = [
    OPENINGS[index % OPENINGS.length],
    ...Array.from({ length: sentences }, (_unused, place) => MIDDLES[(index * 7 + place) % MIDDLES.length]),
  ].join(' ');
  return { id: `b${index}`, platform: 'reddit', text, title: 'Experiences?' };
});
const annotator = await loadAnnotator();
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
    ? `${JSON.stringify({ texts: TEXTS, seconds, posts_per_second: perSecond, mean_characters: Math.round(characters), claims, node: process.version })}\n`
    : `${perSecond} posts/s on one core (${TEXTS} posts of ${Math.round(characters)} characters on average, ${claims} claims, Node ${process.version})\n`,
);
