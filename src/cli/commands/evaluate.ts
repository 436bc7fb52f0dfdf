/** `hearsay evaluate`: how good the annotator is on every labelled set that is there. No database. Figures: docs/accuracy.md. */
import { readFile, writeFile } from 'node:fs/promises';
import { EVALUATION_SETS } from '../../annotators/evaluation/list.ts';
import { evaluateSets } from '../../annotators/evaluation/evaluate-sets.ts';
import { replaceSection, writeSection } from '../../annotators/evaluation/markdown.ts';
import { comparePredictions, parsePredictions, writePredictions, type Flip } from '../../annotators/evaluation/predictions.ts';
import { printTable } from '../../annotators/evaluation/table.ts';
import { InvalidInputError } from '../../errors.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { openOutput } from '../open-output.ts';

/** Where this repository keeps its made-up posts, its page of figures and the figures that must not drop; relative to the working directory. */
const OWN_POSTS = 'test/fixtures/annotators';
const PAGE = 'docs/accuracy.md';
const CHECKED = 'test/accuracy/figures.json';

export interface EvaluateFlags {
  readonly data: string;
  readonly set?: readonly string[];
  readonly folds?: string;
  readonly json?: boolean;
  readonly predictions?: string;
  readonly against?: string;
  readonly writeDocs?: boolean;
}

export async function runEvaluation(edge: Edge, flags: EvaluateFlags): Promise<ExitCode> {
  const sets = flags.set ? flags.set.map(findSet) : EVALUATION_SETS;
  const before = flags.against === undefined ? undefined : parsePredictions(await readFile(flags.against, 'utf8'));
  // Before anything is measured: a page without its place is found now, not after half an hour.
  if (flags.writeDocs) replaceSection(await readFile(PAGE, 'utf8'), '');
  const evaluation = await evaluateSets({
    folders: [flags.data, OWN_POSTS],
    sets,
    ...(flags.folds === undefined ? {} : { folds: parseFolds(flags.folds) }),
    progress: (line) => edge.progress(line),
    signal: edge.signal,
  });
  edge.progress('');
  const { predictions, ...figures } = evaluation;
  if (flags.predictions !== undefined) {
    const output = await openOutput(edge, flags.predictions);
    await output.write(writePredictions(predictions));
    await output.close();
  }
  if (flags.writeDocs) {
    await writeFile(PAGE, replaceSection(await readFile(PAGE, 'utf8'), writeSection(evaluation)));
    await writeFile(CHECKED, `${JSON.stringify(evaluation.check, null, 2)}\n`);
  }
  if (before) for (const flip of comparePredictions(before, predictions)) await edge.out(flags.json ? `${JSON.stringify(flip)}\n` : describeFlip(flip));
  else if (flags.predictions !== '-') await edge.out(flags.json ? `${JSON.stringify(figures)}\n` : printTable(evaluation));
  return evaluation.quotes.found === evaluation.quotes.claims ? EXIT.ok : EXIT.failed;
}

function findSet(name: string): (typeof EVALUATION_SETS)[number] {
  const found = EVALUATION_SETS.find((set) => set.name === name);
  if (!found)
    throw new InvalidInputError(
      'unknown_set',
      `no set is called ${JSON.stringify(name.slice(0, 40))}; there are ${EVALUATION_SETS.map((set) => set.name).join(', ')}`,
    );
  return found;
}

/** Two at least: thresholds and confidence tables of a fold come from the others. */
function parseFolds(text: string): number {
  if (!/^(?:[2-9]|10)$/.test(text)) throw new InvalidInputError('bad_folds', `not a number of folds from 2 to 10: ${JSON.stringify(text.slice(0, 40))}`);
  return Number(text);
}

function describeFlip({ set, id, of, gold, before, now, change }: Flip): string {
  return `${change.padEnd(6)} ${set} ${id} ${of}: ${before} -> ${now} (${gold})\n`;
}
