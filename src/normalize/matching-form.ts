/**
 * The form of a text under which two texts are "the same": for duplicate detection, carried-over decisions and word
 * counts. Never stored in place of the text. NFKC (UAX #15), lower case, zero-width characters dropped, every run of
 * white space one space.
 */

/** Characters without width or meaning for comparison: soft hyphen, ZWSP..RLM, embeddings, word joiner, BOM, tags. */
const ZERO_WIDTH = /[\u00AD\u034F\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]|[\u{E0000}-\u{E007F}]/gu;

export function matchingForm(text: string): string {
  return text.replace(ZERO_WIDTH, '').normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** Words of the matching form: runs of letters, marks and digits, apostrophes inside. */
export function wordsOf(text: string): string[] {
  return matchingForm(text).match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu) ?? [];
}

export function wordCount(text: string): number {
  return wordsOf(text).length;
}
