/**
 * Every amount and rhythm of taking something that the demo's texts state, word for word: what no page may ever show. Found by
 * simple patterns of its own, so that a hole in `maskDoses` does not hide itself.
 */
import { load } from 'cheerio';
import { loadChanges, loadWorld } from '../../src/demo/sample.ts';

const AMOUNT = String.raw`(?:\d[\d.,]*(?:\s?[-–]\s?\d[\d.,]*)?|one|two|three|four|five|half a)`;
const DOSES: readonly RegExp[] = [
  new RegExp(String.raw`\b${AMOUNT}\s?(?:mcg|µg|ug|mg|ml|iu|drops?|sprays?|pumps?)\b`, 'giu'),
  /\b(?:once|twice|three times)\s(?:daily|a day|a week|per day)\b/giu,
  /\b\d\s?x\s?\/\s?(?:day|week)\b/giu,
  /\bevery\s(?:other day|\d+ hours)\b/giu,
  /\b\d+\s(?:days|weeks)\son,?\s\d+\s(?:days|weeks)\soff\b/giu,
];
/** What somebody who reads the dosing guide by eye finds; the patterns must find at least this. */
export const GUIDE_DOSES: readonly string[] = [
  '200 mcg',
  '300 mcg',
  '600 mcg',
  '900-1,200 mcg',
  '0.3 mg',
  '1 mg',
  'two drops',
  'three drops',
  'twice daily',
  'once daily',
  '2x/day',
  'every 4 hours',
  'every other day',
  '4 weeks on, 2 weeks off',
];

export async function collectDoses(): Promise<ReadonlySet<string>> {
  const texts = [...stringsOf(await loadWorld(1)), ...stringsOf(await loadWorld(2)), ...stringsOf(await loadChanges())];
  const found = texts.flatMap((text) => DOSES.flatMap((pattern) => [...readable(text).matchAll(pattern)].map(([dose]) => dose)));
  return new Set(found.map(plain));
}

/** Doses of `doses` that a text shows. */
export function findDoses(text: string, doses: ReadonlySet<string>): string[] {
  const shown = plain(text);
  return [...doses].filter((dose) => new RegExp(String.raw`(?<![\w.,])${escapePattern(dose)}(?!\w)`, 'u').test(shown));
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

function* stringsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Buffer.isBuffer(value)) yield value.toString('utf8');
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) yield* stringsOf(inner);
}

/** Cells of a table stand apart. */
function readable(text: string): string {
  return text.includes('<') ? load(text.replaceAll(/<\/(?:td|th|p|li|h\d)>/g, ' ; $&')).text() : text;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/gu, ' ').trim();
}
