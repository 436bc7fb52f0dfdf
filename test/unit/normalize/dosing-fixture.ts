/** The made-up sentences of test/fixtures/dosing: what must be hidden, what must be flagged, what must stay. */
import { readFileSync } from 'node:fs';
import { DOSE_MASK } from '../../../src/normalize/mask-doses.ts';

function readLines(name: string): string[] {
  const text = readFileSync(new URL(`../../fixtures/dosing/${name}`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => line.replace(/\\u([0-9A-F]{4})/gu, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16))));
}

/** `shown`: as it must look; `kept`: the words outside the doses. */
export const MASKED = readLines('masked.txt').map((line) => ({
  text: line.replace(/[{}]/gu, ''),
  shown: line.replace(/\{[^}]*\}/gu, DOSE_MASK),
  kept: wordsIn(line.replace(/\{[^}]*\}/gu, ' ')),
}));
export const ADVICE = readLines('advice.txt');
export const KEPT = readLines('kept.txt');

function wordsIn(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}½¼¾µ%]+/gu) ?? [];
}

/** Words of the dose that are still to be read. */
export function findLeaks(masked: string, kept: readonly string[]): string[] {
  const allowed = [...kept];
  return wordsIn(masked.replaceAll(DOSE_MASK, ' ')).filter((word) => {
    const at = allowed.indexOf(word);
    if (at >= 0) allowed.splice(at, 1);
    return at < 0;
  });
}
