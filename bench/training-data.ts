/** Where the labelled texts and training sets are: a folder beside the checkout, or `--data DIR`. They are not part of this repository. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { trainAuxiliary, type AuxiliaryTexts } from '../src/annotators/embedded/auxiliary-training.ts';
import { parseGold } from '../src/annotators/embedded/gold.ts';
import { parseLexicon, readLexiconTexts } from '../src/annotators/embedded/lexicon.ts';
import { prepareGold, type Lessons, type TrainingExample } from '../src/annotators/embedded/train.ts';
import { collectWeakEffects } from '../src/annotators/embedded/weak-effects.ts';

export function findDataFolder(arguments_: readonly string[]): string | undefined {
  const at = arguments_.indexOf('--data');
  const given = at >= 0 ? arguments_[at + 1] : undefined;
  const folder = given ?? path.resolve(fileURLToPath(new URL('../../shared/data', import.meta.url)));
  return existsSync(path.join(folder, 'gold', 'dev.jsonl')) ? folder : undefined;
}

export interface TrainingData extends Lessons {
  readonly examples: readonly TrainingExample[];
}

export async function readTrainingData(folder: string): Promise<TrainingData> {
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  const texts: AuxiliaryTexts = {
    psytar: read('sentiment/psytar/train.csv'),
    goemotions: read('sentiment/goemotions/train.tsv'),
    druglib: read('sentiment/druglib/train_raw.tsv'),
  };
  const lexicon = parseLexicon(await readLexiconTexts());
  const auxiliary = trainAuxiliary(texts);
  return { lexicon, auxiliary, weak: collectWeakEffects(texts, lexicon), examples: prepareGold(parseGold(read('gold/dev.jsonl')), lexicon, auxiliary) };
}
