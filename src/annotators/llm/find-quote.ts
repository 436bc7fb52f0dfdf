/**
 * Finds a model's quote again in the text it was given: letter by letter, else in the form in which case, width, runs of white space and
 * the kind of quotation mark say nothing. What is quoted is then the text's own stretch. Proved by test/unit/annotators/find-quote.test.ts.
 */
import { matchingForm } from '../../normalize/matching-form.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** UTF-16 offsets into `text`; undefined where it is not there. */
export function findQuote(text: string, quote: string): Span | undefined {
  const asked = quote.trim();
  if (asked === '') return undefined;
  const exact = text.indexOf(asked);
  if (exact >= 0) return { start: exact, end: exact + asked.length };
  const needle = fold(asked).plain.trim();
  if (needle === '') return undefined;
  const { plain, starts, ends } = fold(text);
  const at = plain.indexOf(needle);
  return at < 0 ? undefined : { start: starts[at] as number, end: ends[at + needle.length - 1] as number };
}

/** The text's matching form, made sign by sign, with the stretch of the text that each unit comes from. */
function fold(text: string): { readonly plain: string; readonly starts: readonly number[]; readonly ends: readonly number[] } {
  let plain = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const sign of text) {
    const blank = /\s/u.test(sign);
    const form = blank ? (plain.endsWith(' ') ? '' : ' ') : straighten(matchingForm(sign));
    for (let unit = 0; unit < form.length; unit += 1) {
      starts.push(at);
      ends.push(at + sign.length);
    }
    plain += form;
    at += sign.length;
  }
  return { plain, starts, ends };
}

function straighten(sign: string): string {
  return sign
    .replace(/[‘’‚‛`´]/gu, "'")
    .replace(/[“”„‟«»]/gu, '"')
    .replace(/[‐‑‒–—]/gu, '-');
}
