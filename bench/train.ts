/**
 * Trains the embedded annotator: `npx tsx bench/train.ts [--data DIR]`. Writes src/annotators/embedded/weights.json and calibration.json.
 * The same texts give the same files; changing either changes the annotator's id. Raise EMBEDDED_VERSION for changes of code.
 */
import { writeFileSync } from 'node:fs';
import { collectSamples, judgeUnseen } from '../src/annotators/embedded/cross-validate.ts';
import { fitCalibration } from '../src/annotators/embedded/fit-calibration.ts';
import { storeModels } from '../src/annotators/embedded/models.ts';
import { trainModels } from '../src/annotators/embedded/train.ts';
import { findDataFolder, readTrainingData } from './training-data.ts';

const folder = findDataFolder(process.argv);
if (!folder) {
  process.stderr.write('no labelled texts: give their folder with --data DIR (gold/dev.jsonl and sentiment/ in it)\n');
  process.exitCode = 2;
} else {
  const { examples, ...lessons } = await readTrainingData(folder);
  process.stderr.write(`${examples.length} texts read; measuring on unseen folds\n`);
  const calibration = fitCalibration(collectSamples(judgeUnseen(examples, lessons), lessons.lexicon));
  process.stderr.write('training on all texts\n');
  const weights = storeModels(trainModels(examples, lessons));
  const place = (name: string): URL => new URL(`../src/annotators/embedded/${name}`, import.meta.url);
  writeFileSync(place('weights.json'), weights);
  writeFileSync(place('calibration.json'), `${JSON.stringify(calibration, null, 1)}\n`);
  process.stdout.write(`${JSON.stringify({ texts: examples.length, weights_bytes: weights.length, thresholds: calibration.thresholds })}\n`);
}
