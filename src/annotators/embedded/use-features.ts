/** What a text says of uses, as features: who did what in which manner, what it did to the author, and for how long. */
import { plainWords, type Reading } from './reading.ts';
import { readActs, USES } from './who-used.ts';

/** The first so many sentences speak for the text. */
const MAX_SENTENCES = 60;
/** Once says it; twice says it louder, and more does not. */
const MAX_COUNT = 2;

const DONE_TO_ME =
  /\b(?:(?:helped|helps|made|makes|gave|gives|giving|hits?|worked for|works for|work for|did for|does for|did nothing for) me|for me|with me|on me|me too|same here|ime|in my experience|my experience)\b/gu;
const COURSE =
  /\b(?:day|week|month) \d|\b(?:for|after|about|over|past|last|first|in) (?:the )?(?:\d+|a|one|two|three|four|five|six|few|couple|several|last|past)(?: of)? (?:days?|weeks?|months?|years?|mos?|wks?|yrs?|times?|doses?)\b|\b\d+ ?(?:days?|weeks?|months?|years?) (?:now|in|on|of|ago)\b|\bmy (?:dose|cycle|stack|protocol|first|last|second|regimen|vial|experience)\b/u;

export interface UseReading {
  /** Feature -> how often, at most MAX_COUNT. */
  readonly counts: ReadonlyMap<string, number>;
  /** Statements, not questions, of an own use or of what it did to the author. */
  readonly own: number;
  readonly others: number;
}

export function readUses(reading: Reading): UseReading {
  const counts = new Map<string, number>();
  let own = 0;
  let others = 0;
  const add = (feature: string): void => void counts.set(feature, Math.min(MAX_COUNT, (counts.get(feature) ?? 0) + 1));
  for (const sentence of reading.sentences.slice(0, MAX_SENTENCES)) {
    if (sentence.quoted) continue;
    for (const { subject, verb, form, manner, object } of readActs(plainWords(reading, sentence.from, sentence.to), sentence.question)) {
      add(`act ${subject} ${verb} ${manner}`);
      add(`act ${subject} ${verb} ${manner} ${object}`);
      if (!USES.has(verb)) continue;
      add(`used ${subject} ${manner}`);
      add(`used ${subject} ${manner} ${form} ${object}`);
      if (sentence.question) continue;
      add(`used ${subject} ${manner} said`);
      if (manner !== 'told') continue;
      if (subject === 'i' || subject === 'open') own += 1;
      if (subject === 'others') others += 1;
    }
    const done = sentence.plain.match(DONE_TO_ME)?.length ?? 0;
    if (done > 0) add(`done to me ${sentence.question}`);
    if (!sentence.question) own += done;
    if (COURSE.test(sentence.plain)) add(`course ${sentence.question}`);
  }
  return { counts, own, others };
}
