/** The command line: names, flags and help. Each command is one function in commands/; errors become messages and exit codes here. */
import { Command, CommanderError, Option } from 'commander';
import { describeError, HearsayError } from '../errors.ts';
import type { Edge, ExitCode } from './edge.ts';
import { EXIT } from './edge.ts';
import { addAnnotation } from './program/annotation.ts';
import { addErasure } from './program/erasure.ts';
import { addEvaluation } from './program/evaluation.ts';
import { addLedger } from './program/ledger.ts';
import type { ProgramParts } from './program/parts.ts';
import { addReview } from './program/review.ts';
import { addWitness } from './program/witness.ts';

/** Usage mistakes keep their own exit code, as shells expect. */
const USAGE_CODES = new Set([
  'unknown_format',
  'unknown_number',
  'bad_decision',
  'bad_seq',
  'bad_reason',
  'bad_platform',
  'bad_url',
  'bad_amendment',
  'bad_key',
  'bad_log_list',
  'bad_port',
  'bad_config',
  'bad_origin',
  'bad_target',
  'bad_selection',
  'bad_limit',
  'unknown_candidate',
  'unknown_set',
  'bad_folds',
]);

export async function runCli(argv: readonly string[], edge: Edge): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = buildProgram(edge, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    edge.progress('');
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (edge.signal.aborted && (error as Error).name === 'AbortError') return EXIT.interrupted;
    const { code: name, message } = describeError(error);
    edge.talk(`hearsay: ${message} (${name})`);
    if (!(error instanceof HearsayError) && edge.config.logLevel === 'debug') edge.talk(String((error as Error).stack));
    return USAGE_CODES.has(name) ? EXIT.usage : EXIT.failed;
  }
}

function buildProgram(edge: Edge, done: (code: ExitCode) => void): Command {
  /** Commands are loaded when called: `annotate` needs no database driver, `--help` nothing at all. */
  const run =
    <Args extends unknown[]>(action: (...args: Args) => Promise<ExitCode>) =>
    async (...args: Args): Promise<void> =>
      done(await action(...args));
  const program = new Command('hearsay')
    .description('What people and studies say about research compounds, counted from a ledger anyone can check. No dosing, protocol or treatment advice.')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ writeOut: (text) => void edge.out(text), writeErr: (text) => edge.talk(text.trimEnd()) })
    .showHelpAfterError('(--help shows what there is)');
  const json = (): Option => new Option('--json', 'machine-readable output');
  const parts: ProgramParts = { edge, run, json };

  program
    .command('demo')
    .description('run the whole thing on made-up posts: nothing needed, no network')
    .option('--serve', 'then serve the article until interrupted')
    .action(run(async (flags) => (await import('./commands/demo.ts')).runDemo(edge, flags)));
  program
    .command('up')
    .description('everything in one process: database, crawls on schedule, workers, article')
    .action(run(async () => (await import('./commands/up.ts')).runUp(edge)));
  program
    .command('worker')
    .description('crawls on schedule and workers only')
    .action(run(async () => (await import('./commands/up.ts')).runWorker(edge)));
  program
    .command('serve')
    .description('article and API only')
    .action(run(async () => (await import('./commands/up.ts')).runServe(edge)));
  program
    .command('doctor')
    .description('check each piece and say what to do')
    .addOption(json())
    .action(run(async (flags) => (await import('./commands/doctor.ts')).runDoctor(edge, flags)));

  const topic = program.command('topic').description('topic files');
  topic
    .command('list')
    .addOption(json())
    .action(run(async (flags) => (await import('./commands/topic.ts')).listTopics(edge, flags)));
  topic
    .command('check')
    .description('validate a topic file')
    .argument('<file>')
    .action(run(async (file) => (await import('./commands/topic.ts')).checkTopic(edge, file)));
  topic
    .command('adopt')
    .description('count by the annotator of this release: annotate anew, append what changed, switch')
    .argument('<slug>')
    .action(run(async (slug) => (await import('./commands/topic.ts')).adoptAnnotator(edge, slug)));
  program
    .command('sources')
    .description('what each source collects, keeps and shows')
    .addOption(json())
    .action(run(async (flags) => (await import('./commands/topic.ts')).listSources(edge, flags)));

  const source = program.command('source').description('stop and start the crawls of a source, and who did');
  source
    .command('stop')
    .description('crawl no community of a source, in any process, until it is started again; deletions are still looked for')
    .argument('<name>')
    .option('--reason <text>', 'shown by `hearsay sources`')
    .action(run(async (name, flags) => (await import('./commands/source.ts')).stop(edge, name, flags)));
  source
    .command('start')
    .description('crawl a stopped source again')
    .argument('<name>')
    .action(run(async (name) => (await import('./commands/source.ts')).start(edge, name)));
  source
    .command('log')
    .description('who stopped and started sources, when and why')
    .argument('[name]')
    .addOption(json())
    .action(run(async (name, flags) => (await import('./commands/source.ts')).showLog(edge, name, flags)));

  const crawl = program.command('crawl').description('crawl communities now');
  crawl
    .command('run', { isDefault: true })
    .description('crawl the communities of a topic now')
    .argument('[slug]', 'may be left out with --dry-run')
    .option('--source <name>', 'only communities of this source')
    .option('--recheck', 'also re-check kept posts for deletion')
    .option('--dry-run', 'only say what would be asked, and what it could cost')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('./commands/crawl.ts')).runCrawl(edge, slug, flags)));
  crawl
    .command('status')
    .description('last run of each community, failures, gaps, and everything that was not kept')
    .argument('[slug]')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('./commands/crawl-status.ts')).showCrawlStatus(edge, slug, flags)));
  crawl
    .command('accept-gap')
    .description('close a gap that nothing will fill, with your name and reason')
    .argument('<gap>', 'its number, as crawl status shows it')
    .requiredOption('--why <text>')
    .requiredOption('--who <name>')
    .action(run(async (gap, flags) => (await import('./commands/crawl-status.ts')).acceptGapByHand(edge, gap, flags)));
  program
    .command('schedule')
    .description('communities with their schedules and budgets')
    .addOption(json())
    .action(run(async (flags) => (await import('./commands/crawl.ts')).showSchedule(edge, flags)));

  program
    .command('import')
    .description('a file of posts into a topic; running it again changes nothing')
    .argument('<file>', 'file, or - for standard input; .gz and .zst are unpacked')
    .requiredOption('--format <name>', 'arctic-shift, 4cat or ndjson')
    .requiredOption('--topic <slug>')
    .option('--covers <community>', 'the file has all of this community from its oldest to its newest item: gaps within are closed')
    .option('--dry-run', 'read and check only')
    .addOption(json())
    .action(run(async (file, flags) => (await import('./commands/import.ts')).importFile(edge, file, flags)));
  addAnnotation(program, parts);
  program
    .command('extract')
    .description('what is read from a web page; no database')
    .requiredOption('--html <file>')
    .requiredOption('--url <address>')
    .action(run(async (flags) => (await import('./commands/extract.ts')).extractFile(edge, flags)));

  addEvaluation(program, parts);
  addReview(program, parts);
  program
    .command('counts')
    .description("a topic's numbers")
    .argument('<slug>')
    .option('--list <number>', 'the entries that a number counts, e.g. claims.anecdotal')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('./commands/counts.ts')).showCounts(edge, slug, flags)));
  program
    .command('recount')
    .description('fold everything anew and compare with what is published')
    .argument('<slug>')
    .action(run(async (slug) => (await import('./commands/counts.ts')).recount(edge, slug)));
  program
    .command('duplicates')
    .description('sources that count as one experience, and why')
    .argument('<slug>')
    .option('--limit <n>', 'repeating sources at most', '50')
    .option('--after <seq>', 'go on after this source', '-1')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('./commands/duplicates.ts')).showDuplicates(edge, slug, flags)));
  addErasure(program, parts);
  addLedger(program, parts);
  addWitness(program, parts);
  return program;
}
