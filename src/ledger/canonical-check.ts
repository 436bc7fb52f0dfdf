/**
 * Whether a text is canonical JSON (RFC 8785) of the ledger's value space: one look at each character, no value built. Verification asks this of
 * three texts per entry, and parsing and writing each anew costs several times the hashing.
 *
 * Proved by test/property/canonical-check.test.ts: the answer is that of canonical.ts on parsed texts, whole and damaged.
 */
import { type CanonicalValue, canonicalText } from './canonical.ts';

const [QUOTE, COMMA, MINUS, ZERO, NINE, COLON, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  '"',
  ',',
  '-',
  '0',
  '9',
  ':',
  '\\',
  '[',
  ']',
  '{',
  '}',
].map((char) => char.charCodeAt(0)) as [number, number, number, number, number, number, number, number, number, number, number];
const FIRST_PRINTABLE = 0x20;
/** RFC 8785 section 3.2.2.2: these seven have short escapes, other control characters `\u00xx` in lower case, nothing else is escaped. */
const SHORT_ESCAPES = '"\\bfnrt';
const SHORT_CONTROLS: readonly number[] = [...'\b\f\n\r\t'].map((char) => char.charCodeAt(0));
const LONG_ESCAPE = /^u00(?:0[0-7bef]|1[0-9a-f])$/;
/** Digits that are a safe integer whatever they are. */
const SAFE_DIGITS = 15;
/** Deeper texts than any of this format are left to the slow way, which has no recursion of ours. */
const MAX_DEPTH = 8;

/** `text` must be what JSON.parse takes. */
export function isCanonicalText(text: string): boolean {
  // A lone surrogate has no UTF-8 form, raw or escaped.
  if (!text.isWellFormed()) return false;
  return scanValue(text, 0, 0) === text.length || isCanonicalSlowly(text);
}

/**
 * Length of the one shortest JSON text of a string, quotes included, which is its canonical one: RFC 8785 section 3.2.2.2 escapes only what must
 * be, and in the shortest way. NaN for control characters without a short escape: their hex digits may be of either case, so there are two.
 */
export function shortestLengthOf(value: string): number {
  let length = value.length + 2;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code > BACKSLASH) continue;
    if (code === BACKSLASH || code === QUOTE) length += 1;
    else if (code < FIRST_PRINTABLE) length += SHORT_CONTROLS.includes(code) ? 1 : Number.NaN;
  }
  return length;
}

/** Decides what the scan does not: keys with escapes, numbers near 2^53, deep texts; and refuses what is refused. */
function isCanonicalSlowly(text: string): boolean {
  try {
    return canonicalText(JSON.parse(text) as CanonicalValue) === text;
  } catch {
    return false;
  }
}

/** Index after the value that begins at `at`; -1 where it is not canonical, or not for this scan to say. */
function scanValue(text: string, at: number, depth: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return scanString(text, at + 1);
  if (first === OPEN_OBJECT) return depth < MAX_DEPTH ? scanObject(text, at + 1, depth + 1) : -1;
  if (first === OPEN_LIST) return depth < MAX_DEPTH ? scanList(text, at + 1, depth + 1) : -1;
  return scanInteger(text, at);
}

/** `at`: after the opening quote. */
function scanString(text: string, at: number): number {
  for (let index = at; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // Most letters of most texts end here.
    if (code > BACKSLASH) continue;
    if (code === QUOTE) return index + 1;
    if (code < FIRST_PRINTABLE) return -1;
    if (code === BACKSLASH) {
      index++;
      if (SHORT_ESCAPES.includes(text.charAt(index)) && index < text.length) continue;
      if (!LONG_ESCAPE.test(text.slice(index, index + 5))) return -1;
      index += 4;
    }
  }
  return -1;
}

/** No fraction, no exponent, no leading zero, no -0. */
function scanInteger(text: string, at: number): number {
  const start = text.charCodeAt(at) === MINUS ? at + 1 : at;
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  const digits = end - start;
  if (digits === 0 || digits > SAFE_DIGITS) return -1;
  return text.charCodeAt(start) === ZERO && (digits > 1 || start > at) ? -1 : end;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function scanList(text: string, at: number, depth: number): number {
  if (text.charCodeAt(at) === CLOSE_LIST) return at + 1;
  for (let index = at; ; index++) {
    index = scanValue(text, index, depth);
    if (index < 0) return -1;
    const code = text.charCodeAt(index);
    if (code === CLOSE_LIST) return index + 1;
    if (code !== COMMA) return -1;
  }
}

/** Keys ascend by UTF-16 code unit (RFC 8785 section 3.2.3), so none comes twice. */
function scanObject(text: string, at: number, depth: number): number {
  if (text.charCodeAt(at) === CLOSE_OBJECT) return at + 1;
  let last = '';
  for (let index = at; ; index++) {
    const end = text.charCodeAt(index) === QUOTE ? text.indexOf('"', index + 1) : -1;
    if (end < 0 || text.charCodeAt(end + 1) !== COLON) return -1;
    const key = text.slice(index + 1, end);
    if ((index > at && key <= last) || !isPlain(key)) return -1;
    last = key;
    index = scanValue(text, end + 2, depth);
    if (index < 0) return -1;
    const code = text.charCodeAt(index);
    if (code === CLOSE_OBJECT) return index + 1;
    if (code !== COMMA) return -1;
  }
}

/** Letters as keys of this format have them: no escapes to think of when comparing. */
function isPlain(key: string): boolean {
  for (let at = 0; at < key.length; at++) if (key.charCodeAt(at) === BACKSLASH || key.charCodeAt(at) < FIRST_PRINTABLE) return false;
  return true;
}
