/**
 * Which language a text is in, by eld's n-gram model. Short posts are full of names and slang that look like anything, so English
 * is left only on clear evidence, and a text without enough words is `und`: the language flag must mean something.
 */
import { eld } from 'eld/small';

/** ISO 639-1 code, or `und` for texts with too few letters to tell. */
export function detectLanguage(text: string): string {
  const sample = text
    .slice(0, 2_000)
    .replace(/https?:\/\/\S{1,500}/gu, ' ')
    .replace(/[^\p{L}\p{M}'’\s]+/gu, ' ')
    .trim();
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 3) return 'und';
  const foreign =
    sample.match(
      /\p{Script=Cyrillic}|\p{Script=Greek}|\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|\p{Script=Devanagari}/gu,
    )?.length ?? 0;
  const result = eld.detect(sample);
  if (foreign * 2 > letters) return result.language && result.language !== 'en' ? result.language : 'und';
  const words = sample.split(/\s+/u);
  const english = words.filter((word) => ENGLISH.has(word.toLowerCase())).length;
  if (result.language === 'en' || english * 6 >= words.length) return words.length < 2 && english === 0 ? 'und' : 'en';
  if (words.length < 5 || !result.isReliable()) return 'und';
  return result.language || 'und';
}

/** Words so common that one in six of them makes a text English. */
const ENGLISH = new Set(
  "the a an and or but if of to in on at for with from it is are was were be been i i'm i've you your my me we they he she this that these those not no don't didn't doesn't have has had do does did can will would just so very it's how what when where why which than then there their about after before because too also only more less any some all out up thanks thank".split(
    ' ',
  ),
);
