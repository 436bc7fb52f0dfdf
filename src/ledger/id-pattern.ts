/**
 * Patterns, for PostgreSQL's `~`, that find a post's id as a whole word and not within a longer one. Syntax:
 * https://www.postgresql.org/docs/current/functions-matching.html#POSIX-SYNTAX-DETAILS. Pure.
 * Proved by test/integration/come-back.test.ts.
 */

/** Of a text. */
export function patternInText(id: string): string {
  return `(^|\\W)${quote(id)}(\\W|$)`;
}

/**
 * Of bytes that `encode(bytes, 'escape')` has spelt out: a zero byte and one above 127 as a backslash and three octal digits, a
 * backslash doubled. An escape of JSON or of an address ends in a letter or digit, which is not a part of what follows it.
 */
export function patternInBytes(id: string): string {
  return `(^|\\W|\\\\[0-7]{3}|\\\\\\\\([bfnrt]|u[0-9A-Fa-f]{4})|%[0-9A-Fa-f]{2})${quote(spellOut(id))}(\\W|$)`;
}

function spellOut(id: string): string {
  return Array.from(Buffer.from(id, 'utf8'), (byte) => {
    if (byte === 0x5c) return '\\\\';
    return byte === 0 || byte > 127 ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
  }).join('');
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
