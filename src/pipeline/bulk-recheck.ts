/**
 * Re-checks by one question about everything that is kept, where a platform has such a thing: the job is begun when posts are due, remembered
 * in Postgres, and asked about in each later round until it is answered. Proved by test/integration/recheck.test.ts.
 */
import { inTransaction } from '../db/pool.ts';
import type { Source, SourceContext } from '../sources/source.ts';
import type { Hearsay } from './hearsay.ts';
import { countKept, readDue, readKept } from './recheck-due.ts';
import { storeLooks } from './store-looks.ts';

/** A job that has no answer by then has none: the posts are asked about one by one. */
const GIVE_UP_HOURS = 24;
const PAGE = 1_000;

interface BulkReport {
  readonly checked: number;
  /** A job is under way: nobody need ask post by post. */
  readonly isWaiting: boolean;
}

interface Round {
  /** Posts not looked at since then are due. */
  readonly before: Date;
  readonly context: SourceContext;
}

/** Raises what the source raises; the job is then forgotten, or left for the next round if that may help. */
export async function recheckInBulk(hearsay: Hearsay, source: Source, round: Round): Promise<BulkReport> {
  const { bulkRecheck } = source;
  const nothing = { checked: 0, isWaiting: false };
  if (bulkRecheck === undefined) return nothing;
  const found = await hearsay.pool.query<Job>('SELECT job, through, started_at FROM recheck_job WHERE source = $1', [source.name]);
  const job = found.rows[0];
  if (job === undefined) return start(hearsay, source, round);
  const isLate = hearsay.now().getTime() - job.started_at.getTime() > GIVE_UP_HOURS * 3_600_000;
  try {
    const answer = await bulkRecheck.poll(job.job, round.context);
    if (answer === 'pending' && !isLate) return { ...nothing, isWaiting: true };
    const checked = typeof answer === 'string' ? 0 : await storeAnswer(hearsay, source, { job, answer });
    await forgetJob(hearsay, source);
    return { checked, isWaiting: false };
  } catch (error) {
    if (isLate) await forgetJob(hearsay, source);
    throw error;
  }
}

interface Job {
  readonly job: string;
  readonly through: number;
  readonly started_at: Date;
}

async function forgetJob(hearsay: Hearsay, source: Source): Promise<void> {
  await hearsay.pool.query('DELETE FROM recheck_job WHERE source = $1', [source.name]);
}

async function start(hearsay: Hearsay, source: Source, { before, context }: Round): Promise<BulkReport> {
  const nothing = { checked: 0, isWaiting: false };
  const from = source.bulkRecheck?.from(context);
  if (source.bulkRecheck === undefined || from === undefined || (await countKept(hearsay, source)) < from) return nothing;
  if ((await readDue(hearsay, source, { before, most: 1 })).length === 0) return nothing;
  const startedAt = hearsay.now();
  const ids: string[] = [];
  let through = 0;
  for await (const page of pagesOfKept(hearsay, source, { through: Number.MAX_SAFE_INTEGER, before: startedAt })) {
    for (const post of page) ids.push(post.native_id);
    through = page.at(-1)?.id ?? through;
  }
  const job = await source.bulkRecheck.start(ids, context);
  await hearsay.pool.query(
    `INSERT INTO recheck_job (source, job, through, started_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (source) DO UPDATE SET job = excluded.job, through = excluded.through, started_at = excluded.started_at`,
    [source.name, job, through, startedAt],
  );
  return { checked: 0, isWaiting: true };
}

/** Posts that were looked at since the job began are left out: that look is newer than its answer. */
async function storeAnswer(
  hearsay: Hearsay,
  source: Source,
  { job, answer }: { readonly job: Job; readonly answer: Exclude<Awaited<ReturnType<NonNullable<Source['bulkRecheck']>['poll']>>, string> },
): Promise<number> {
  let checked = 0;
  for await (const page of pagesOfKept(hearsay, source, { through: job.through, before: job.started_at })) {
    const now = hearsay.now();
    // The answer is as of the job's beginning, at least.
    const looks = page.map((post) => ({ postId: post.id, outcome: answer.get(post.native_id) ?? ('live' as const), at: job.started_at }));
    await inTransaction(hearsay.pool, (client) => storeLooks(client, looks, now));
    checked += page.length;
  }
  return checked;
}

async function* pagesOfKept(hearsay: Hearsay, source: Source, range: { readonly through: number; readonly before: Date }) {
  for (let after = 0; ; ) {
    const page = await readKept(hearsay, source, { ...range, after, most: PAGE });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.id;
  }
}
