/**
 * Why sources count as one experience (design section 7): for each that repeats an earlier telling, the nearest earlier source that it
 * shares an author, a text or most of a text with. A merge that nobody can look at is a guess. Erased and superseded sources are left
 * out, and so are other revisions of the same post. Proved by test/integration/duplicates.test.ts.
 */
import type { Pool } from 'pg';
import { similarity } from '../normalize/min-hash.ts';
import { decodeSignature, NEAR_DUPLICATE } from './experience.ts';

export interface DuplicatePair {
  /** Seqs; the earlier one is the nearest that has this in common. */
  readonly later: number;
  readonly earlier: number;
  readonly because: 'same_author' | 'same_text' | 'near_duplicate';
  /** Estimated share of word 5-shingles that both texts have, 0 to 1; absent where a text is too short to say. */
  readonly similarity?: number;
}

interface PairRow {
  later: number;
  earlier: number;
  because: 'same_author' | 'same_text' | 'shared_band';
  later_signature: Buffer | null;
  earlier_signature: Buffer | null;
}

/** Candidates by band are checked here, as appends check them: the nearest first, this many at most. */
const CHECKED = 50;

const EARLIER = `e.seq, e.signature FROM ledger_source e WHERE e.topic = s.topic AND e.seq < s.seq AND e.post_key <> s.post_key AND e.state IN ('live', 'withheld')`;
const PAIRS = `
  SELECT s.seq AS later, e.seq AS earlier, e.because, s.signature AS later_signature, e.signature AS earlier_signature
    FROM ledger_source s, LATERAL (
           (SELECT 0 AS rank, 'same_text' AS because, ${EARLIER} AND e.text_digest = s.text_digest ORDER BY e.seq DESC LIMIT 1)
           UNION ALL
           (SELECT 1, 'same_author', ${EARLIER} AND e.author_key = s.author_key ORDER BY e.seq DESC LIMIT 1)
           UNION ALL
           (SELECT 2, 'shared_band', ${EARLIER} AND e.bands && s.bands AND e.text_digest IS DISTINCT FROM s.text_digest ORDER BY e.seq DESC LIMIT ${CHECKED})
         ) AS e
   WHERE s.topic = $1 AND s.seq > $2 AND s.experience <> s.seq AND s.state IN ('live', 'withheld')
   ORDER BY s.seq, e.rank, e.seq DESC LIMIT $3`;

/** In the order of the later source; `after`: the last seq of the page before. At most `limit` sources' pairs. */
export async function readDuplicates(
  pool: Pool,
  topic: string,
  { limit, after = -1 }: { readonly limit: number; readonly after?: number },
): Promise<readonly DuplicatePair[]> {
  const found = await pool.query<PairRow>(PAIRS, [topic, after, limit * (CHECKED + 2)]);
  const pairs: DuplicatePair[] = [];
  const sources = new Set<number>();
  const near = new Set<number>();
  for (const row of found.rows) {
    if (row.because === 'shared_band' && near.has(row.later)) continue;
    const pair = judge(row);
    if (pair === undefined) continue;
    if (pair.because === 'near_duplicate') near.add(row.later);
    if (sources.size === limit && !sources.has(row.later)) break;
    sources.add(row.later);
    pairs.push(pair);
  }
  return pairs;
}

/** Beginnings of the texts of sources that are not erased. */
export async function readBeginnings(pool: Pool, topic: string, seqs: readonly number[], chars: number): Promise<ReadonlyMap<number, string>> {
  const found = await pool.query<{ seq: number; content: Buffer }>('SELECT seq, content FROM ledger_content WHERE topic = $1 AND seq = ANY ($2)', [
    topic,
    seqs,
  ]);
  return new Map(found.rows.map(({ seq, content }) => [seq, String(JSON.parse(content.toString('utf8')).text ?? '').slice(0, chars)]));
}

function judge(row: PairRow): DuplicatePair | undefined {
  const { later, earlier, because, later_signature: own, earlier_signature: other } = row;
  const shared = own && other ? similarity(decodeSignature(own), decodeSignature(other)) : undefined;
  if (because !== 'shared_band') return { later, earlier, because, ...(shared === undefined ? {} : { similarity: shared }) };
  return shared !== undefined && shared >= NEAR_DUPLICATE ? { later, earlier, because: 'near_duplicate', similarity: shared } : undefined;
}
