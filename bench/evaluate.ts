/**
 * Accuracy of the embedded annotator: `npx tsx bench/evaluate.ts [--data DIR] [--json]`. Every text is judged by models that have not seen
 * its thread (five folds); `--seen` judges with the shipped weights instead, which have seen the texts, and so flatters.
 */
import { evaluatedOf, judgeUnseen, toEvaluated } from '../src/annotators/embedded/cross-validate.ts';
import { judge } from '../src/annotators/embedded/annotate.ts';
import { bundledNames } from '../src/annotators/embedded/bundled.ts';
import { prepare } from '../src/annotators/embedded/stages.ts';
import { parseModels, readModelFiles, type Calibration } from '../src/annotators/embedded/models.ts';
import { evaluateTexts, type EvaluationFigures, type LabelFigures } from '../src/annotators/evaluate.ts';
import { findDataFolder, readTrainingData, type TrainingData } from './training-data.ts';

async function evaluateSeen({ examples, lexicon }: TrainingData): Promise<EvaluationFigures> {
  const files = await readModelFiles();
  const models = parseModels(files.weights);
  const calibration = JSON.parse(files.calibration) as Calibration;
  const said = examples.map(({ gold }) => {
    const names = bundledNames(lexicon, gold.compounds);
    return evaluatedOf(judge(prepare(gold, { lexicon, names }, models), { lexicon, names, models }), calibration);
  });
  return evaluateTexts(
    examples.map(({ gold }) => gold),
    said,
  );
}

function evaluateUnseen({ examples, ...lessons }: TrainingData): EvaluationFigures {
  const judged = judgeUnseen(examples, lessons);
  return evaluateTexts(
    judged.map(({ gold }) => gold),
    toEvaluated(judged),
  );
}

function printLabels(name: string, figures: LabelFigures): void {
  process.stdout.write(`${name}: macro-F1 ${figures.macro_f1.toFixed(3)}, accuracy ${figures.accuracy.toFixed(3)}\n`);
  for (const [label, { precision, recall, f1, count }] of Object.entries(figures.classes)) {
    process.stdout.write(`  ${label.padEnd(22)} F1 ${f1.toFixed(2)}  precision ${precision.toFixed(2)}  recall ${recall.toFixed(2)}  of ${count}\n`);
  }
}

const folder = findDataFolder(process.argv);
if (!folder) {
  process.stderr.write('no labelled texts: give their folder with --data DIR (gold/dev.jsonl and sentiment/ in it)\n');
  process.exitCode = 2;
} else {
  const data = await readTrainingData(folder);
  const figures = process.argv.includes('--seen') ? await evaluateSeen(data) : evaluateUnseen(data);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else {
    printLabels('document_type', figures.document_type);
    printLabels('evidence_tier', figures.evidence_tier);
    printLabels('sentiment', figures.sentiment);
    const { first_person_use: use, commercial_interest: commercial, effects } = figures;
    process.stdout.write(`first_person_use: F1 ${use.f1.toFixed(3)}; commercial_interest: F1 ${commercial.f1.toFixed(3)}\n`);
    process.stdout.write(`effect claims: precision ${effects.precision.toFixed(3)}, recall ${effects.recall.toFixed(3)} of ${effects.count}\n`);
    for (const [name, open] of [
      ['effect', figures.effects_unflagged],
      ['main', figures.main_unflagged],
    ] as const) {
      process.stdout.write(`unflagged ${name} claims: ${open.claims} (${(100 * open.share).toFixed(0)} %), right ${(100 * open.precision).toFixed(1)} %\n`);
    }
  }
}
