/** `hearsay annotate` and `hearsay train`. `hearsay annotate --in FILE` is the fixed contract: `file` is what runs without a subcommand. */
import { type Command, Option } from 'commander';
import type { ProgramParts } from './parts.ts';

export function addAnnotation(program: Command, { edge, run, json }: ProgramParts): void {
  const annotate = program.command('annotate').description('annotate posts, and compare annotators');
  annotate
    .command('file', { isDefault: true })
    .description('annotate NDJSON posts; no database (runs without a subcommand: `hearsay annotate --in FILE`)')
    .requiredOption('--in <file>', 'file, or -')
    .option('--out <file>', 'file, or -', '-')
    .addOption(new Option('--annotator <kind>', 'instead of HEARSAY_ANNOTATOR').choices(['embedded', 'llm'] as const))
    .addOption(
      new Option('--threads <number>', 'of the embedded annotator; the output is the same').choices(['1', '2', '3', '4', '5', '6', '7', '8']).default('1'),
    )
    .option('--answers <file>', "where the LLM annotator's answers are kept, for a rerun without the server")
    .action(run(async (flags) => (await import('../commands/annotate.ts')).annotateFile(edge, flags)));
  annotate
    .command('shadow')
    .description('let a candidate judge the posts of a topic beside the adopted annotator: kept apart, in no count')
    .argument('<slug>')
    .requiredOption('--candidate <folder>', 'of weights written by train, or llm')
    .option('--limit <n>', 'posts of this run at most')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('../commands/shadow.ts')).runShadow(edge, slug, flags)));
  annotate
    .command('diff')
    .description('what a candidate says differently, and what every count would become')
    .argument('<slug>')
    .requiredOption('--candidate <id>', 'as annotate shadow names it')
    .option('--items', 'each post that differs, with the quotes of its claims')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('../commands/diff.ts')).showDiff(edge, slug, flags)));
  program
    .command('train')
    .description('train the embedded annotator, from labelled texts or from what reviewers decided; adopts nothing')
    .requiredOption('--out <folder>')
    .option('--data <folder>', 'labelled texts and training sets; without --from-reviews ../shared/data')
    .option('--from-reviews', 'go on from the weights in use with the decisions in the ledger')
    .option('--topic <slug...>', 'only decisions of these topics')
    .action(run(async (flags) => (await import('../commands/train.ts')).train(edge, flags)));
}
