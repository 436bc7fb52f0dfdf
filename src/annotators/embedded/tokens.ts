/** Words with their places. Letters and digits are separate words, so "bpc157", "BPC-157" and "bpc 157" read the same. */

export interface Token {
  /** Lower case; a curly apostrophe is made straight. */
  readonly word: string;
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{N}+/gu;

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(WORD)) {
    tokens.push({ word: match[0].toLowerCase().replaceAll('’', "'"), start: match.index, end: match.index + match[0].length });
  }
  return tokens;
}
