/**
 * `hearsay erase`: destroys posts wherever Hearsay keeps them, for good: by id, by address, by author, or as a file of
 * requests asks. Then scrubs the database's files, so that the bytes are gone too.
 * Proved by test/integration/erase.test.ts and drill.test.ts.
 */
import { z } from 'zod';
import { scrub } from '../../db/scrub.ts';
import { describeError, HearsayError, IntegrityError, InvalidInputError } from '../../errors.ts';
import type { EraseReason } from '../../ledger/erase.ts';
import { eraseTarget } from '../../pipeline/erase-posts.ts';
import { type PostTarget, requireNoBlank } from '../../pipeline/find-posts.ts';
import type { Hearsay } from '../../pipeline/hearsay.ts';
import { recountTopic } from '../../pipeline/recount.ts';
import { openImport } from '../../sources/formats/open-import.ts';
import { readRecords } from '../../sources/formats/read-lines.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

const REASONS: readonly EraseReason[] = ['source_deleted', 'platform_terms', 'request', 'operator'];

export interface EraseFlags {
  readonly reason: string;
  readonly author?: string;
  readonly url?: string;
  readonly from?: string;
  readonly dryRun?: boolean;
  /** Commander's name for `--no-scrub`. */
  readonly scrub: boolean;
}

export async function erase(
  edge: Edge,
  named: { readonly platform?: string | undefined; readonly id?: string | undefined },
  flags: EraseFlags,
): Promise<ExitCode> {
  const reason = REASONS.find((known) => known === flags.reason);
  if (!reason) throw new InvalidInputError('bad_reason', `--reason must be one of ${REASONS.join(', ')}`);
  const what = selectTargets(named, flags);
  const lines = 'from' in what ? readRecords(await openImport(what.from, { stdin: edge.stdin }), 'ndjson') : undefined;
  return withHearsay(edge, { signs: !flags.dryRun }, async ({ hearsay }) => {
    const run: EraseRun = { edge, hearsay, reason, dryRun: flags.dryRun === true, topics: new Set() };
    const code = 'from' in what ? await eraseLines(run, lines as AsyncIterable<{ line: number }>) : await eraseOne(run, what);
    if (run.dryRun) return code;
    for (const topic of run.topics) await recountTopic(hearsay, topic);
    if (flags.scrub) await scrubNow(edge, hearsay);
    else edge.talk('not scrubbed: the files of the database hold the bytes until the next scrub');
    return code;
  });
}

/** Exactly one way to say which posts. */
function selectTargets(
  { platform, id }: { readonly platform?: string | undefined; readonly id?: string | undefined },
  flags: EraseFlags,
): PostTarget | { readonly from: string } {
  const { author, url, from } = flags;
  const ways = [
    ...(platform !== undefined && id !== undefined ? [{ platform, id }] : []),
    ...(platform !== undefined && author !== undefined ? [{ platform, author }] : []),
    ...(url === undefined ? [] : [{ url }]),
    ...(from === undefined ? [] : [{ from }]),
  ];
  const [way, more] = ways;
  const unused = platform !== undefined && (url !== undefined || from !== undefined || (id === undefined && author === undefined));
  if (way === undefined || more !== undefined || unused || (author !== undefined && platform === undefined))
    throw new InvalidInputError('bad_selection', 'give one of: PLATFORM ID, PLATFORM --author NAME, --url ADDRESS, --from FILE');
  requireNoBlank(way);
  return way;
}

interface EraseRun {
  readonly edge: Edge;
  readonly hearsay: Hearsay;
  readonly reason: EraseReason;
  readonly dryRun: boolean;
  /** To be counted anew. */
  readonly topics: Set<string>;
}

async function eraseOne(run: EraseRun, target: PostTarget): Promise<ExitCode> {
  const { edge } = run;
  const result = await eraseTarget(run.hearsay, target, run);
  for (const topic of result.topics) run.topics.add(topic);
  if (run.dryRun) {
    for (const { topic, seq } of result.entries) await edge.out(`would erase source entry ${seq} of ${topic} with its claims\n`);
    edge.talk(`${result.entries.length} source entries of ${result.posts} posts, which would also be blocked for ever`);
  } else if (result.outcome === 'nothing') edge.talk('no such post is kept: nothing to erase');
  else edge.talk(`erased from ${result.topics.length === 0 ? 'no ledger: it was not in one' : result.topics.join(', ')}; ${blocked(result.posts)} from now on`);
  return EXIT.ok;
}

function blocked(posts: number): string {
  return posts === 1 ? 'the post is blocked' : `${posts} posts are blocked`;
}

const text = z.string().max(4_000);
const requestSchema = z.union([z.strictObject({ platform: text, id: text }), z.strictObject({ platform: text, author: text }), z.strictObject({ url: text })]);

/** One line of outcome per line of request, without its ids or names: the answer may be kept. */
async function eraseLines(
  run: EraseRun,
  records: AsyncIterable<{ readonly line: number; readonly value?: unknown; readonly refusal?: { readonly code: string; readonly detail?: string } }>,
): Promise<ExitCode> {
  const { edge } = run;
  let failed = 0;
  for await (const record of records) {
    if (edge.signal.aborted) return EXIT.interrupted;
    const answer = await eraseLine(run, record);
    if ('error' in answer) failed++;
    await edge.out(`${JSON.stringify({ line: record.line, ...(run.dryRun ? { dry_run: true } : {}), ...answer })}\n`);
  }
  return failed > 0 ? EXIT.partial : EXIT.ok;
}

async function eraseLine(run: EraseRun, record: { readonly value?: unknown; readonly refusal?: { readonly code: string; readonly detail?: string } }) {
  if (record.refusal) return { error: { code: record.refusal.code, message: record.refusal.detail ?? '' } };
  const request = requestSchema.safeParse(record.value);
  if (!request.success) return { error: { code: 'bad_line', message: 'a line is {platform, id}, {platform, author} or {url}' } };
  try {
    const { outcome, posts, topics, entries } = await eraseTarget(run.hearsay, request.data, run);
    for (const topic of topics) run.topics.add(topic);
    return { outcome, posts, topics, entries: entries.length };
  } catch (error) {
    if (!(error instanceof HearsayError) || error instanceof IntegrityError) throw error;
    return { error: describeError(error) };
  }
}

/** `hearsay scrub`: exit 3 where something has to be tried again. */
export async function runScrub(edge: Edge): Promise<ExitCode> {
  return withHearsay(edge, {}, async ({ hearsay }) => ((await scrubNow(edge, hearsay)) ? EXIT.ok : EXIT.partial));
}

async function scrubNow(edge: Edge, hearsay: Hearsay): Promise<boolean> {
  const { done, failed, left } = await scrub(hearsay.adminUrl, (what) => edge.progress(what));
  edge.progress('');
  for (const what of failed) edge.talk(`not scrubbed yet, tried again later: ${what}`);
  for (const what of left) edge.talk(`out of reach here: ${what}`);
  if (done) edge.talk("the database's files are scrubbed; backups keep what they have until they are deleted");
  return done;
}
