/** `unreadable`: nothing to read, or more than is read, or mostly symbols. */
import { MAX_READ_CHARS } from '../model/post.ts';
import type { FlagRule } from './flag.ts';

/** Shorter texts of symbols are emoji answers, which are read as what they are. */
const MIN_SYMBOL_CHARS = 20;
const MIN_LETTER_SHARE = 0.25;

export function isUnreadable(text: string): boolean {
  const body = text.trim();
  if (body === '' || /^\[(?:deleted|removed)(?: by [a-z ]{1,30})?\]$/iu.test(body)) return true;
  if (text.length > MAX_READ_CHARS) return true;
  const sample = body.slice(0, 5_000).replace(/https?:\/\/\S{1,2000}/giu, '');
  const visible = sample.replace(/[\s\p{P}]/gu, '');
  if (visible.length < MIN_SYMBOL_CHARS) return false;
  const letters = visible.match(/[\p{L}\p{M}]/gu)?.length ?? 0;
  return letters / visible.length < MIN_LETTER_SHARE || (visible.match(/\uFFFD/gu)?.length ?? 0) / visible.length > 0.2;
}

export const unreadableRule: FlagRule = {
  flag: 'unreadable',
  why: 'The text is empty, longer than is read, or mostly symbols.',
  onSource: ({ input }) => isUnreadable(input.text),
};
