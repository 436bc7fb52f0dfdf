/**
 * Normalization of text: the first pure step after a capture. A stored text must be storable (no NUL in
 * PostgreSQL text) and encodable (no lone surrogates in UTF-8), and nothing else is changed: claims quote it letter by
 * letter by UTF-16 offsets, so every replacement keeps the length. Comparing texts is another job: matching-form.ts.
 * Specs: Unicode 16 section 3.8 (surrogates), section 23.1 (control codes), U+FFFD as the replacement.
 * Proved by test/unit/normalize/text.test.ts.
 */

/** Stable codes of what was replaced; listed beside the post. */
type NormalizationNote = 'lone_surrogate' | 'control_character';

export interface NormalizedText {
  readonly text: string;
  readonly notes: readonly NormalizationNote[];
}

/** A high surrogate without its low one, or a low one without its high one. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** C0 and C1 controls and DEL, except tab, line feed and carriage return. */
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

/** Replaces what cannot be stored by U+FFFD, one UTF-16 unit for one; never NFC, never trimmed. */
export function normalizeText(raw: string): NormalizedText {
  const notes: NormalizationNote[] = [];
  let text = raw.replace(LONE_SURROGATE, '\uFFFD');
  if (text !== raw) notes.push('lone_surrogate');
  const printable = text.replace(CONTROL, '\uFFFD');
  if (printable !== text) notes.push('control_character');
  text = printable;
  return { text, notes };
}
