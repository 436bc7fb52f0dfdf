/** `hearsay evaluate`. */
import type { Command } from 'commander';
import type { ProgramParts } from './parts.ts';

export function addEvaluation(program: Command, { edge, run, json }: ProgramParts): void {
  program
    .command('evaluate')
    .description('how good the annotator is on every labelled set that is there; no database')
    .option('--data <dir>', 'folder of the sets; those that are absent are skipped', '../shared/data')
    .option('--set <name...>', 'only these sets')
    .option('--folds <n>', 'of sets judged in folds the first so many only: sooner done, and wider intervals')
    .option('--predictions <file>', 'also write what was said of each text: ids and labels; - instead of the table')
    .option('--against <file>', 'instead of the table, what differs from such a file, item by item')
    .option('--write-docs', 'write the figures into docs/accuracy.md and test/accuracy/figures.json')
    .addOption(json())
    .action(run(async (flags) => (await import('../commands/evaluate.ts')).runEvaluation(edge, flags)));
}
