/**
 * Accuracy of the embedded annotator: `npx tsx bench/evaluate.ts [--data DIR] [--json]`. Every text is judged by models that have not seen
 * its thread (five folds), with `--compounds` by models that have not seen its compound; `--seen` judges with the shipped weights instead,
 * which have seen the texts, and so flatters.
 */
import { evaluatedOf, judgeUnseen, toEvaluated } from '../src/annotators/embedded/cross-validate.ts';
import { judge } from '../src/annotators/embedded/annotate.ts';
import { bundledNames } from '../src/annotators/embedded/bundled.ts';
import { effectIdsOf } from '../src/annotators/embedded/gold.ts';
import { prepare } from '../src/annotators/embedded/stages.ts';
import { parseModels, readModelFiles, type Calibration } from '../src/annotators/embedded/models.ts';
import { measureReliability, type ReliabilityBin } from '../src/annotators/embedded/reliability.ts';
import { compoundFold, threadFold } from '../src/annotators/embedded/train.ts';
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
    (phrase) => effectIdsOf(phrase, lexicon),
  );
}

interface UnseenFigures extends EvaluationFigures {
  readonly reliability: readonly ReliabilityBin[];
}

function evaluateUnseen({ examples, ...lessons }: TrainingData): UnseenFigures {
  const judged = judgeUnseen(examples, lessons, process.argv.includes('--compounds') ? compoundFold : threadFold);
  const figures = evaluateTexts(
    judged.map(({ gold }) => gold),
    toEvaluated(judged, lessons.lexicon),
    (phrase) => effectIdsOf(phrase, lessons.lexicon),
  );
  return { ...figures, reliability: measureReliability(judged, lessons.lexicon) };
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
  const unseen = process.argv.includes('--seen') ? undefined : evaluateUnseen(data);
  const figures = unseen ?? (await evaluateSeen(data));
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else {
    printLabels('document_type', figures.document_type);
    printLabels('evidence_tier', figures.evidence_tier);
    printLabels('sentiment', figures.sentiment);
    const { first_person_use: use, commercial_interest: commercial, effects } = figures;
    for (const [name, { f1, precision, recall, count }] of [
      ['first_person_use', use],
      ['commercial_interest', commercial],
    ] as const) {
      process.stdout.write(`${name}: F1 ${f1.toFixed(3)}, precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)} of ${count}\n`);
    }
    process.stdout.write(`effect claims: precision ${effects.precision.toFixed(3)}, recall ${effects.recall.toFixed(3)} of ${effects.count}\n`);
    const { effects_unflagged: open, main_unflagged: main } = figures;
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    process.stdout.write(
      `unflagged effect claims: ${open.claims} (${percent(open.share)}), stated ${percent(open.stated)}, right one to one ${percent(open.precision)}, of the marked effects ${percent(open.recall)}\n`,
    );
    process.stdout.write(`unflagged main claims: ${main.claims} (${percent(main.share)}), right ${percent(main.precision)}\n`);
    process.stdout.write(`main claims, all: right ${percent(figures.main.precision)} of ${figures.main.claims}\n`);
    for (const { of, stated, right, count } of unseen?.reliability ?? [])
      process.stdout.write(`stated ${of.padEnd(14)} ${stated.toFixed(2)} -> right ${right.toFixed(2)} (${count})\n`);
  }
}
