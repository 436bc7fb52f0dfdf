/**
 * Writes down what looks at posts found, and what follows for them: `observed` says what the sweep has to carry to the ledgers.
 * Looks come from re-checks, crawls and files. Proved by test/integration/absence.test.ts.
 */
import type { ClientBase } from 'pg';
import { recheckDutyOfPlatform } from '../sources/recheck-duty.ts';
import { type AbsenceHistory, addLook, judgeAbsence, type Look, type LookOutcome, type Verdict } from './absence-policy.ts';
import { forgetAuthors } from './forget-authors.ts';

interface PostLook {
  readonly postId: number;
  readonly outcome: LookOutcome | 'unknown';
  /** Undefined: a file of unknown age says so. */
  readonly at: Date | undefined;
}

const OBSERVED: Readonly<Record<Verdict, string>> = { live: 'live', withhold: 'removed', erase: 'deleted' };

interface Standing {
  readonly id: number;
  readonly platform: string;
  readonly observed_at: Date | null;
  readonly outcome: AbsenceHistory['outcome'] | null;
  readonly looked_at: Date;
  readonly missing_looks: number;
  readonly missing_since: Date | null;
  readonly gone_looks: number;
  readonly gone_since: Date | null;
}

interface StoredLooks {
  /** Posts of which a newer observation is known: the look changed nothing. */
  readonly stale: ReadonlySet<number>;
  /** Posts whose author was forgotten. */
  readonly orphaned: number;
}

/** In the caller's transaction, one look per post. `now` stands in for an unknown age, and is the latest a look can be. */
export async function storeLooks(client: ClientBase, looks: readonly PostLook[], now: Date): Promise<StoredLooks> {
  const ids = looks.map(({ postId }) => postId);
  // In the order in which crawls lock posts, so that neither waits for the other in a ring. Only the next statement sees what others did.
  await client.query('SELECT FROM post WHERE id = ANY ($1) ORDER BY post_key FOR NO KEY UPDATE', [ids]);
  const found = await client.query<Standing>(
    `SELECT p.id, p.platform, p.observed_at, a.outcome, a.looked_at, a.missing_looks, a.missing_since, a.gone_looks, a.gone_since
       FROM post p LEFT JOIN absence a ON a.post_id = p.id WHERE p.id = ANY ($1) AND p.state <> 'erased'`,
    [ids],
  );
  const dated = looks.filter(({ at }) => at !== undefined);
  await client.query(
    `UPDATE post SET checked_at = greatest(checked_at, least(t.at, $3)) FROM unnest($1::bigint[], $2::timestamptz[]) AS t (id, at)
      WHERE post.id = t.id AND state <> 'erased'`,
    [dated.map(({ postId }) => postId), dated.map(({ at }) => at), now],
  );
  const standing = new Map(found.rows.map((row) => [row.id, row]));
  const stale = new Set<number>();
  const told: { id: number; observed: string; at: Date; history: AbsenceHistory | undefined; outcome: LookOutcome }[] = [];
  for (const { postId, outcome, at: given } of looks) {
    const row = standing.get(postId);
    if (row === undefined || outcome === 'unknown') continue;
    const at = given === undefined || given > now ? now : given;
    if (row.observed_at !== null && at < row.observed_at) {
      stale.add(postId);
      continue;
    }
    const look: Look = { outcome, at };
    const history = addLook(readHistory(row), look);
    told.push({ id: postId, observed: OBSERVED[judgeAbsence(history, recheckDutyOfPlatform(row.platform))], at, history, outcome });
  }
  await client.query(
    `UPDATE post SET observed = t.observed, observed_at = t.at FROM unnest($1::bigint[], $2::text[], $3::timestamptz[]) AS t (id, observed, at) WHERE post.id = t.id`,
    [told.map(({ id }) => id), told.map(({ observed }) => observed), told.map(({ at }) => at)],
  );
  await writeHistories(client, told);
  const orphaned = await forgetAuthors(
    client,
    told.filter(({ outcome }) => outcome === 'orphaned').map(({ id }) => id),
  );
  return { stale, orphaned };
}

function readHistory(row: Standing): AbsenceHistory | undefined {
  if (row.outcome === null) return undefined;
  return {
    outcome: row.outcome,
    lookedAt: row.looked_at,
    ...(row.missing_since === null ? {} : { missing: { looks: row.missing_looks, since: row.missing_since } }),
    ...(row.gone_since === null ? {} : { gone: { looks: row.gone_looks, since: row.gone_since } }),
  };
}

async function writeHistories(client: ClientBase, told: readonly { readonly id: number; readonly history: AbsenceHistory | undefined }[]): Promise<void> {
  const shown = told.filter(({ history }) => history === undefined).map(({ id }) => id);
  if (shown.length > 0) await client.query('DELETE FROM absence WHERE post_id = ANY ($1)', [shown]);
  const absent = told.flatMap(({ id, history }) => (history === undefined ? [] : [{ id, ...history }]));
  if (absent.length === 0) return;
  await client.query(
    `INSERT INTO absence (post_id, outcome, looked_at, missing_looks, missing_since, gone_looks, gone_since)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::int[], $5::timestamptz[], $6::int[], $7::timestamptz[])
     ON CONFLICT (post_id) DO UPDATE SET outcome = excluded.outcome, looked_at = excluded.looked_at, missing_looks = excluded.missing_looks,
       missing_since = excluded.missing_since, gone_looks = excluded.gone_looks, gone_since = excluded.gone_since`,
    [
      absent.map(({ id }) => id),
      absent.map(({ outcome }) => outcome),
      absent.map(({ lookedAt }) => lookedAt),
      absent.map(({ missing }) => missing?.looks ?? 0),
      absent.map(({ missing }) => missing?.since ?? null),
      absent.map(({ gone }) => gone?.looks ?? 0),
      absent.map(({ gone }) => gone?.since ?? null),
    ],
  );
}
