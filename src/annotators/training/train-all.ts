/** Trains every model from scratch and calibrates on texts not seen. The same texts and code give the same bytes. */
import { collectSamples, judgeUnseen } from '../embedded/cross-validate.ts';
import { fitCalibration } from '../embedded/fit-calibration.ts';
import type { ModelFiles } from '../embedded/model-folder.ts';
import { storeModels } from '../embedded/models.ts';
import { trainModels } from '../embedded/train.ts';
import type { TrainingData } from './read-training-data.ts';

/** `talk`: told what is being done, for it takes minutes. */
export function trainAll({ examples, files: _files, ...lessons }: TrainingData, talk: (line: string) => void): ModelFiles {
  const practice = examples.filter((example) => example.practice).length;
  talk(`${examples.length - practice} labelled texts and ${practice} made up for practice; measuring on unseen folds`);
  const calibration = fitCalibration(collectSamples(judgeUnseen(examples, lessons), lessons.lexicon));
  talk('training on all texts');
  return { weights: storeModels(trainModels(examples, lessons)), calibration: `${JSON.stringify(calibration, null, 1)}\n` };
}
