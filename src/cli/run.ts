/** The command line: names, flags and help. Each command is one function in commands/; errors become messages and exit codes here. */
import { Command, CommanderError, Option } from 'commander';
import { describeError, HearsayError } from '../errors.ts';
import type { Edge, ExitCode } from './edge.ts';
import { EXIT } from './edge.ts';

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

  const crawl = program.command('crawl').description('crawl communities now');
  crawl
    .command('run', { isDefault: true })
    .description('crawl the communities of a topic now')
    .argument('<slug>')
    .option('--source <name>', 'only communities of this source')
    .option('--recheck', 'also re-check kept posts for deletion')
    .option('--dry-run', 'only say what would be asked')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('./commands/crawl.ts')).runCrawl(edge, slug, flags)));
  crawl
    .command('status')
    .description('last run of each community, and everything that was not kept')
    .addOption(json())
    .action(run(async (flags) => (await import('./commands/crawl.ts')).showCrawlStatus(edge, flags)));
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
    .option('--dry-run', 'read and check only')
    .addOption(json())
    .action(run(async (file, flags) => (await import('./commands/import.ts')).importFile(edge, file, flags)));
  program
    .command('annotate')
    .description('annotate NDJSON posts; no database')
    .requiredOption('--in <file>', 'file, or -')
    .option('--out <file>', 'file, or -', '-')
    .action(run(async (flags) => (await import('./commands/annotate.ts')).annotateFile(edge, flags)));
  program
    .command('extract')
    .description('what is read from a web page; no database')
    .requiredOption('--html <file>')
    .requiredOption('--url <address>')
    .action(run(async (flags) => (await import('./commands/extract.ts')).extractFile(edge, flags)));

  addReview(program, edge, { run, json });
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
  addErasure(program, edge, run);
  program
    .command('signer')
    .description('sign checkpoints only: on the machine that has the key')
    .action(run(async () => (await import('./commands/sign.ts')).runSignerAlone(edge)));

  const ledger = program.command('ledger').description('export, verify, sign');
  ledger
    .command('export')
    .argument('<slug>')
    .requiredOption('--out <file>', 'file, or -')
    .option('--entries <list>', 'only these entries, each with its proof, e.g. 5,6,10-12')
    .option('--with-content', "also what platforms' terms do not allow to publish: for the operator only")
    .action(run(async (slug, flags) => (await import('./commands/ledger-export.ts')).exportLedger(edge, slug, flags)));
  addSigning(ledger, edge, { run, json });
  ledger
    .command('verify')
    .description('an export, an address or a topic; exits with 4 where something was changed')
    .argument('<target>', 'an export (file or -), the address of an export, an article or a log, or the slug of a topic')
    .option('--key <vkey>', 'verifier key you trust')
    .option('--checkpoint <file>', 'an older checkpoint you kept')
    .option('--witness <vkey...>', 'key of a witness whose cosignature must be there')
    .addOption(json())
    .action(run(async (target, flags) => (await import('./commands/verify.ts')).verifyLedger(edge, target, flags)));
  ledger
    .command('prove')
    .description('that an entry is in a tree, or that a tree only grew; prints JSON')
    .argument('<slug>')
    .option('--entry <seq>', 'prove that this entry is in the tree')
    .option('--size <n>', '... of this size (default: that of the newest checkpoint)')
    .option('--from <n>', 'prove that the tree of this size is the beginning')
    .option('--to <n>', '... of the tree of this size (default: that of the newest checkpoint)')
    .action(run(async (slug, flags) => (await import('./commands/prove.ts')).proveLedger(edge, slug, flags)));
  addWitness(program, edge, run);
  return program;
}

interface Parts {
  readonly run: <Args extends unknown[]>(action: (...args: Args) => Promise<ExitCode>) => (...args: Args) => Promise<void>;
  readonly json: () => Option;
}

function addErasure(program: Command, edge: Edge, run: Parts['run']): void {
  program
    .command('erase')
    .description('destroy posts everywhere, for good')
    .argument('[platform]')
    .argument('[id]', 'native id, e.g. t3_abc')
    .option('--author <name>', 'every post of an author on the platform, spelt as there')
    .option('--url <address>', 'the post at this address')
    .option('--from <file>', 'requests: one JSON object per line, {platform, id}, {platform, author} or {url}; - for standard input')
    .requiredOption('--reason <reason>', 'source_deleted, platform_terms, request or operator')
    .option('--dry-run', 'only say what would be erased')
    .option('--no-scrub', "leave the bytes in the database's files to the next scrub")
    .action(run(async (platform, id, flags) => (await import('./commands/erase.ts')).erase(edge, { platform, id }, flags)));
  program
    .command('scrub')
    .description("make the database's files forget what was erased, now rather than within a day")
    .action(run(async () => (await import('./commands/erase.ts')).runScrub(edge)));
  for (const type of ['withhold', 'restore'] as const) {
    program
      .command(type)
      .description(type === 'withhold' ? 'hide a post and leave it out of the counts; can be undone' : 'show a withheld post again')
      .argument('<platform>')
      .argument('<id>', 'native id, e.g. t3_abc')
      .requiredOption('--reason <code>', 'a short code that the ledger keeps, e.g. legal_request')
      .option('--dry-run', `only say what would be ${type === 'withhold' ? 'hidden' : 'shown'}`)
      .action(run(async (platform, id, flags) => (await import('./commands/visibility.ts')).changePost(edge, { type, platform, id }, flags)));
  }
}

function addSigning(ledger: Command, edge: Edge, { run, json }: Parts): void {
  ledger
    .command('sign')
    .description('sign what is new, once')
    .argument('[slug]')
    .option('--all', 'every topic')
    .option('--previous-key <vkey>', 'the key that signed before this one was put in its place')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('./commands/sign.ts')).signLedger(edge, slug, flags)));
  ledger
    .command('status')
    .description('what is signed, what is not, and why')
    .argument('[slug]')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('./commands/sign.ts')).showStatus(edge, slug, flags)));
  ledger
    .command('keygen')
    .description('make a signing key and print the verifier keys; no database')
    .option('--out <file>', 'never overwritten (default: where the key is looked for)')
    .option('--origin <host>', 'HOST, or HOST/SLUG for one log (default: HEARSAY_ORIGIN)')
    .addOption(json())
    .action(run(async (flags) => (await import('./commands/keygen.ts')).makeSigningKey(edge, flags)));
  ledger
    .command('key')
    .description('the verifier key that readers of a topic need')
    .argument('<slug>')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('./commands/keygen.ts')).showKey(edge, slug, flags)));
}

function addReview(program: Command, edge: Edge, { run, json }: Parts): void {
  const reviewer = (): Option => new Option('--reviewer <name>', 'who decides; the ledger shows a random pseudonym').makeOptionMandatory();
  const review = program.command('review').description('decide what a machine should not decide alone');
  review
    .command('list')
    .argument('<slug>')
    .option('--limit <n>', 'at most', '50')
    .addOption(json())
    .action(run(async (slug, flags) => (await import('./commands/review.ts')).listReviews(edge, slug, flags)));
  review
    .command('show')
    .argument('<slug>')
    .argument('<seq>')
    .addOption(json())
    .action(run(async (slug, seq, flags) => (await import('./commands/review.ts')).showReview(edge, slug, seq, flags)));
  review
    .command('decide')
    .argument('<slug>')
    .argument('<seq>', 'entry of a source or claim')
    .argument('<decision>', 'accept, reject or amend')
    .addOption(reviewer())
    .addOption(new Option('--role <role>').choices(['primary', 'second', 'audit', 'adjudication']).default('primary'))
    .option('--expects <seq>', 'last decision you have seen, -1 for none; refused if there is a newer one')
    .option('--set <label=value...>', 'labels of an amend, e.g. --set direction=worsens')
    .option('--note <text>', 'kept beside the ledger, erasable')
    .addOption(json())
    .action(run(async (slug, seq, decision, flags) => (await import('./commands/review.ts')).decideReview(edge, slug, { seq, decision }, flags)));
  review
    .command('undo')
    .argument('<slug>')
    .argument('<seq>', 'entry of the review')
    .addOption(reviewer())
    .addOption(json())
    .action(run(async (slug, seq, flags) => (await import('./commands/review.ts')).undoReview(edge, slug, seq, flags)));
}

function addWitness(program: Command, edge: Edge, run: Parts['run']): void {
  const witness = program.command('witness').description('cosign the checkpoints of transparency logs; no database');
  witness
    .command('run', { isDefault: true })
    .description('answer add-checkpoint requests (c2sp.org/tlog-witness)')
    .option('--log <vkey...>', 'verifier key of a log to follow')
    .option('--logs <file>', 'a list of them, one a line; after a space the origin, where it is not the name of the key')
    .requiredOption('--state <dir>', 'what the witness must remember; never restore an older copy')
    .option('--key <file>', 'its private key (default: witness.key in the state directory)')
    .option('--name <name>', 'its name, e.g. witness.example.org; makes the key at the first start')
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', '0 takes any free one', '8090')
    .action(run(async (flags) => (await import('./commands/witness.ts')).runWitness(edge, flags)));
  witness
    .command('keygen')
    .description('make a private key and print its verifier key')
    .requiredOption('--name <name>', 'name of the witness, e.g. witness.example.org')
    .requiredOption('--out <file>', 'is never overwritten')
    .action(run(async (flags) => (await import('./commands/witness.ts')).generateWitnessKey(edge, flags)));
}
