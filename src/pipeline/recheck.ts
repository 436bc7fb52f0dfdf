/**
 * Re-checks: asks each source about the posts kept of it, oldest look first, as often as its duty says (src/sources/recheck-duty.ts), and
 * writes down what the looks found, and what became of the round. What follows is carried to the ledgers by sweep.ts.
 * Proved by test/integration/absence.test.ts and recheck.test.ts.
 */
import { inTransaction } from '../db/pool.ts';
import { markScrubPending } from '../db/scrub.ts';
import { HearsayError, IntegrityError } from '../errors.ts';
import { sources } from '../sources/list.ts';
import { recheckDutyOf } from '../sources/recheck-duty.ts';
import type { RecheckOutcome, Source } from '../sources/source.ts';
import { meterRecheck } from './budget.ts';
import { recheckInBulk } from './bulk-recheck.ts';
import { sourceContext } from './crawl.ts';
import type { Hearsay } from './hearsay.ts';
import { countKept, type DuePost, readDue, shareOfRound } from './recheck-due.ts';
import { describeStop, noteCap, readStops } from './source-stop.ts';
import { storeLooks } from './store-looks.ts';

/** What a source is asked at once (src/sources/source.ts). */
const BATCH_SIZE = 100;

/** A source that could not be asked; the others were. */
interface RecheckFailure {
  readonly source: string;
  readonly error: HearsayError;
}

export interface RecheckReport {
  checked: number;
  unknown: number;
  readonly failures: RecheckFailure[];
}

interface RecheckOptions {
  /** Everything that is kept, due or not, at once. */
  readonly all?: boolean;
  readonly source?: string;
  readonly signal?: AbortSignal;
  /** Default: those of the list. */
  readonly sources?: readonly Source[];
}

/** Asks every source about its posts that are due, or about all. */
export async function recheckPosts(hearsay: Hearsay, options: RecheckOptions = {}): Promise<RecheckReport> {
  const report: RecheckReport = { checked: 0, unknown: 0, failures: [] };
  for (const source of options.sources ?? sources) {
    if (options.source !== undefined && source.name !== options.source) continue;
    // Until its cap is set back a platform answers nothing. An operator's stop does not hold here: deletion is a duty.
    const [cap] = await readStops(hearsay.pool, hearsay.now(), { source: source.name, kind: 'cap' });
    const round: RecheckReport = { checked: 0, unknown: 0, failures: [] };
    if (!cap) await runRound(hearsay, source, { ...options, report: round });
    const last = round.failures.at(-1)?.error;
    await noteRound(hearsay, source, { checked: round.checked, error: cap ? `source_stopped: ${describeStop(cap)}` : last && `${last.code}: ${last.message}` });
    report.checked += round.checked;
    report.unknown += round.unknown;
    report.failures.push(...round.failures);
    if (options.signal?.aborted) break;
  }
  return report;
}

type Round = RecheckOptions & { readonly report: RecheckReport };

async function runRound(hearsay: Hearsay, source: Source, round: Round): Promise<void> {
  try {
    await recheckSource(hearsay, source, round);
  } catch (error) {
    await noteFailure(hearsay, source, { error, report: round.report });
  }
}

/** True: the platform's own cap, so that it need not be asked again. */
async function noteFailure(hearsay: Hearsay, source: Source, { error, report }: { readonly error: unknown; readonly report: RecheckReport }): Promise<boolean> {
  report.failures.push({ source: source.name, error: requirePassing(error) });
  return noteCap(hearsay.pool, source.name, { error, command: 're-check', now: hearsay.now() });
}

async function noteRound(hearsay: Hearsay, source: Source, round: { readonly checked: number; readonly error: string | undefined }): Promise<void> {
  await hearsay.pool.query(
    `INSERT INTO recheck_round (source, at, checked, error) VALUES ($1, $2, $3, $4)
     ON CONFLICT (source) DO UPDATE SET at = excluded.at, checked = excluded.checked, error = excluded.error`,
    [source.name, hearsay.now(), round.checked, round.error?.slice(0, 500) ?? null],
  );
}

async function recheckSource(hearsay: Hearsay, source: Source, options: Round): Promise<void> {
  const { report } = options;
  const started = hearsay.now();
  const { everyHours } = recheckDutyOf(source);
  const before = options.all ? started : new Date(started.getTime() - everyHours * 3_600_000);
  const meter = meterRecheck(hearsay, source);
  const context = { ...sourceContext(hearsay, options.signal), http: meter.http };
  if (source.bulkRecheck !== undefined && !options.all) {
    try {
      const bulk = await recheckInBulk(hearsay, source, { before, context });
      report.checked += bulk.checked;
      if (bulk.isWaiting) return;
    } catch (error) {
      // The duty stays: what is due is asked about one by one.
      if (await noteFailure(hearsay, source, { error, report })) return;
    }
  }
  let left = options.all ? Number.POSITIVE_INFINITY : shareOfRound(await countKept(hearsay, source), everyHours);
  while (left > 0 && !options.signal?.aborted) {
    const due = await readDue(hearsay, source, { before, most: Math.min(BATCH_SIZE, left) });
    if (due.length === 0) return;
    const outcomes = await source.recheck(
      due.map((post) => post.native_id),
      context,
    );
    // A source that took the refusal for a failure of single posts knows nothing of them: they stay due.
    const refusal = meter.refusal();
    if (refusal) throw refusal;
    report.checked += due.length;
    report.unknown += await storeOutcomes(hearsay, { due, outcomes, started });
    left -= due.length;
  }
}

/** `unknown` leaves what was observed, but counts as asked, or one dead host would hold up all others. */
async function storeOutcomes(
  hearsay: Hearsay,
  round: { readonly due: readonly DuePost[]; readonly outcomes: ReadonlyMap<string, RecheckOutcome>; readonly started: Date },
): Promise<number> {
  const now = hearsay.now();
  // A clock that is set back must not make a post due again in the same round.
  const at = now < round.started ? round.started : now;
  const looks = round.due.map((post) => ({ postId: post.id, outcome: round.outcomes.get(post.native_id) ?? 'unknown', at }));
  await inTransaction(hearsay.pool, async (client) => {
    const { orphaned } = await storeLooks(client, looks, at);
    // Last, as after an erasure (src/ledger/erase.ts).
    if (orphaned > 0) await markScrubPending(client);
  });
  return looks.filter(({ outcome }) => outcome === 'unknown').length;
}

function requirePassing(error: unknown): HearsayError {
  if (!(error instanceof HearsayError) || error instanceof IntegrityError) throw error;
  return error;
}
