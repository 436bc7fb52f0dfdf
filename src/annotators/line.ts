/**
 * One line of `hearsay annotate`: any JSON value in, an annotation or `{id, error}` out, never a throw for bad input.
 * Key order is fixed and numbers have at most three decimals, so equal lines give equal bytes.
 */
import { describeError } from '../errors.ts';
import type { Annotation } from '../model/annotation.ts';
import { annotateInputSchema, MAX_TEXT_BYTES, type AnnotateInput } from '../model/post.ts';
import { withReadableRecord } from '../model/record.ts';
import type { Annotator } from './annotator.ts';
import { scopeOfLine } from './embedded/bundled.ts';
import { bundledLexicon } from './mentions-of.ts';

export interface LineError {
  readonly id: string | null;
  readonly error: { readonly code: string; readonly message: string };
}

/** Codes: `not_an_object`, `missing_id`, `missing_text`, `text_too_large`, `bad_line`; those of the annotator's own errors pass through. */
export async function annotateLine(value: unknown, annotator: Annotator): Promise<Annotation | LineError> {
  const checked = checkLine(value);
  if ('error' in checked) return checked;
  const { input } = checked;
  try {
    const [annotation] = await annotator.annotate([input], scopeOfLine(bundledLexicon(), input.compounds));
    if (!annotation) return { id: input.id, error: { code: 'no_annotation', message: 'the annotator gave no answer' } };
    return annotation;
  } catch (error) {
    return { id: input.id, error: describeError(error) };
  }
}

function checkLine(value: unknown): { readonly input: AnnotateInput } | LineError {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(null, 'not_an_object', 'a line must be a JSON object');
  const given = 'id' in value ? value.id : undefined;
  const id = typeof given === 'string' && given !== '' && given.length <= 500 ? given : null;
  if (id === null) return refuse(null, 'missing_id', 'id must be a string of 1 to 500 characters');
  const text = 'text' in value ? value.text : undefined;
  if (typeof text !== 'string') return refuse(id, 'missing_text', 'text must be a string');
  if (Buffer.byteLength(text, 'utf8') > MAX_TEXT_BYTES) return refuse(id, 'text_too_large', `text is longer than ${MAX_TEXT_BYTES} bytes`);
  const parsed = annotateInputSchema.safeParse(withReadableRecord(value));
  if (parsed.success) return { input: parsed.data };
  const issue = parsed.error.issues[0];
  return refuse(id, 'bad_line', `${issue?.path.join('.') || 'line'}: ${issue?.message ?? 'not valid'}`.slice(0, 300));
}

function refuse(id: string | null, code: string, message: string): LineError {
  return { id, error: { code, message } };
}
