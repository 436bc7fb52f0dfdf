/**
 * Sentences and clauses, as offsets. Own splitter: it must give exact offsets, stay linear on hostile text and cope with posts
 * without capitals or full stops; a language model for it costs half a second to load.
 */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Longest sentence that is read as one; longer runs are cut at white space. */
const MAX_SENTENCE_CHARS = 600;
const ABBREVIATIONS = new Set([
  'dr',
  'mr',
  'mrs',
  'ms',
  'prof',
  'vs',
  'eg',
  'ie',
  'e.g',
  'i.e',
  'approx',
  'etc',
  'no',
  'wks',
  'yrs',
  'fig',
  'st',
  'al',
  'inc',
  'ca',
  'resp',
  'u.s',
  'f.d.a',
  'a.m',
  'p.m',
]);
const STOP = /[.!?…]+["')\]”’*_]*(?=\s|$)|\n+/gu;

export function splitSentences(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  const close = (end: number): void => {
    pushTrimmed(spans, text, { start, end });
    start = end;
  };
  for (const match of text.matchAll(STOP)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('\n')) {
      if (match[0].length === 1 && continuesLine(text, match.index)) continue;
    } else if (match[0] === '.' && ABBREVIATIONS.has(lastWord(text, start, match.index))) continue;
    close(end);
  }
  close(text.length);
  return spans.flatMap((span) => cutLong(text, span));
}

/** A single line break inside a hard-wrapped sentence: the next line goes on in lower case, this one has no end mark. */
function continuesLine(text: string, at: number): boolean {
  const next = text[at + 1];
  const last = text[at - 1];
  return next !== undefined && last !== undefined && /\p{Ll}/u.test(next) && /[\p{L}\p{N},]/u.test(last);
}

function lastWord(text: string, from: number, at: number): string {
  let start = at;
  while (start > from && at - start < 12 && /[\p{L}.]/u.test(text[start - 1] as string)) start -= 1;
  return text.slice(start, at).toLowerCase();
}

function pushTrimmed(spans: Span[], text: string, span: Span): void {
  let { start, end } = span;
  while (start < end && /[\s>*•#|\-–_]/u.test(text[start] as string)) start += 1;
  while (end > start && /\s/u.test(text[end - 1] as string)) end -= 1;
  if (end > start) spans.push({ start, end });
}

function cutLong(text: string, span: Span): Span[] {
  const parts: Span[] = [];
  let { start } = span;
  while (span.end - start > MAX_SENTENCE_CHARS) {
    let cut = text.lastIndexOf(' ', start + MAX_SENTENCE_CHARS);
    if (cut <= start) cut = start + MAX_SENTENCE_CHARS;
    // never between the two halves of a surrogate pair
    if (/[\uDC00-\uDFFF]/.test(text[cut] ?? '')) cut += 1;
    pushTrimmed(parts, text, { start, end: cut });
    start = cut;
  }
  pushTrimmed(parts, text, { start, end: span.end });
  return parts;
}

const CLAUSE_BREAK =
  /[,;:()[\]—|]+|\s[-–]\s|\s(?=(?:but|though|although|however|whereas|because|while|yet|except|which|then)\s|so\s(?:i|i'm|it|that|my|we|you|they|now|the)\s)|\.{2,}/giu;

/** Clauses of one sentence: the smallest stretches a quote may be. */
export function splitClauses(text: string, sentence: Span): Span[] {
  const spans: Span[] = [];
  const body = text.slice(sentence.start, sentence.end);
  let start = 0;
  for (const match of body.matchAll(CLAUSE_BREAK)) {
    if (match[0] === ',' && /\d/.test(body[match.index - 1] ?? '') && /\d/.test(body[match.index + 1] ?? '')) continue;
    pushTrimmed(spans, text, { start: sentence.start + start, end: sentence.start + match.index });
    start = match.index + match[0].length;
  }
  pushTrimmed(spans, text, { start: sentence.start + start, end: sentence.end });
  return spans;
}
