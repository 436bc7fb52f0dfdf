/**
 * A text as a person reads it, for patterns: compatibility forms (NFKC, UAX #15) and digits of every script folded, invisible marks left out,
 * every space but a line break the common one. Each unit of it knows its place in the text, so that what is found can be cut out there.
 */

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

interface FoldedView {
  readonly plain: string;
  /** Stretch of the text that a stretch of `plain` stands for. */
  placeOf(stretch: Stretch): Stretch;
}

const INVISIBLE = /[\u00AD\u034F\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFE00-\uFE0F\uFEFF]/u;
/** Nothing to fold in these: nearly every post. */
const PLAIN_ONLY = /^[\u0000-\u009F\u00A1-\u00AC\u00AE-\u024F\u03BC\u2010-\u201F\u2026]*$/u;

export function foldText(text: string): FoldedView {
  if (PLAIN_ONLY.test(text)) return { plain: text, placeOf: (stretch) => stretch };
  let plain = '';
  const starts: number[] = [];
  let at = 0;
  for (const character of text) {
    const folded = INVISIBLE.test(character) ? '' : foldCharacter(character);
    for (let unit = 0; unit < folded.length; unit += 1) starts.push(at);
    plain += folded;
    at += character.length;
  }
  starts.push(at);
  // a stretch ends where its last unit's character ends, so that a mark before what follows stays outside
  const placeOf = ({ start, end }: Stretch): Stretch => {
    const last = starts[end - 1] as number;
    const width = (text.codePointAt(last) as number) > 0xffff ? 2 : 1;
    return { start: starts[start] as number, end: end > start ? last + width : (starts[start] as number) };
  };
  return { plain, placeOf };
}

function foldCharacter(character: string): string {
  const folded = character.normalize('NFKC');
  if (/^\p{Nd}$/u.test(folded)) return String(digitOf(folded));
  return /^\p{Zs}+$/u.test(folded) ? ' ' : folded.replaceAll('\u2044', '/');
}

/** Digits of a script stand together, from zero on, at a multiple of ten in nearly all: Unicode 16 section 4.6. */
function digitOf(character: string): number {
  const code = character.codePointAt(0) as number;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return (code - zero) % 10;
}
