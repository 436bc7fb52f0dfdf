/** `language`: the annotator reads English only; labels of other languages are guesses. */
import type { FlagRule } from './flag.ts';

const SUPPORTED_LANGUAGES: readonly string[] = ['en'];

export const languageRule: FlagRule = {
  flag: 'language',
  why: 'The text is in a language the annotator does not read.',
  onSource: ({ annotation }) => annotation.language !== 'und' && !SUPPORTED_LANGUAGES.includes(annotation.language),
};
