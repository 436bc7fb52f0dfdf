/** What the folds are trained from: the labelled texts and the auxiliary sets, as a set's `read` gives them. */
import { trainAuxiliary, type AuxiliaryTexts } from '../embedded/auxiliary-training.ts';
import { parseGold } from '../embedded/gold.ts';
import { parseLexicon, readLexiconTexts } from '../embedded/lexicon.ts';
import { prepareTexts, type Lessons, type TrainingExample } from '../embedded/train.ts';
import { readPracticeFiles } from '../practice/read-practice.ts';
import { collectWeakEffects } from '../embedded/weak-effects.ts';
import type { SetContext } from './item.ts';

export const GOLD_FILE = 'gold/dev.jsonl';
export const DRUGLIB_FILE = 'sentiment/druglib/train_raw.tsv';
const PSYTAR_FILE = 'sentiment/psytar/train.csv';
export const GOEMOTIONS_FILE = 'sentiment/goemotions/train.tsv';
const STUDIES_FILE = 'evidence/studytypeteller/train.csv';
export const TRAINING_FILES = [GOLD_FILE, DRUGLIB_FILE, PSYTAR_FILE, GOEMOTIONS_FILE, STUDIES_FILE] as const;

interface TrainingTexts extends Lessons {
  readonly examples: readonly TrainingExample[];
}

/** `druglib`: reviews to learn from instead of all. */
export async function readTrainingTexts({ read }: Pick<SetContext, 'read'>, druglib: string = read(DRUGLIB_FILE)): Promise<TrainingTexts> {
  const texts: AuxiliaryTexts = { psytar: read(PSYTAR_FILE), goemotions: read(GOEMOTIONS_FILE), druglib, studies: read(STUDIES_FILE) };
  const lexicon = parseLexicon(await readLexiconTexts());
  const auxiliary = trainAuxiliary(texts);
  const examples = [
    ...prepareTexts(parseGold(read(GOLD_FILE)), lexicon, auxiliary).map((text) => ({ ...text, practice: false })),
    ...prepareTexts(
      readPracticeFiles().flatMap(({ text }) => parseGold(text)),
      lexicon,
      auxiliary,
    ).map((text) => ({ ...text, practice: true })),
  ];
  return { lexicon, auxiliary, weak: collectWeakEffects(texts, lexicon), examples };
}
