/** The ledger reader of the API over Postgres: states from the fold, hashes and contents from the tables. */
import { listClaims, listCounted, listSources, rankClaims, stateOf, type ClaimState, type Fold, type SourceState } from '../counts/fold.ts';
import { formatVerifierKey } from '../ledger/checkpoint.ts';
import { createDatabaseLog } from '../ledger/database-log.ts';
import { decodeHeader } from '../ledger/fold-reader.ts';
import type { HeaderOf } from '../ledger/header.ts';
import type { Log } from '../ledger/log.ts';
import { readNewestCheckpoint, readPublishedCounts } from '../ledger/published.ts';
import type { Hearsay } from '../pipeline/hearsay.ts';
import { countCoMentions } from '../pipeline/co-mentions.ts';
import { readCites } from './read-cites.ts';
import type { ClaimContent, ClaimRow, EntryRow, LedgerReader, Page, RankQuery, SourceContent, SourceRow } from './ledger-reader.ts';

interface Stored {
  seq: number;
  header: Buffer;
  entry: Buffer;
  content: Buffer | null;
}

/** The log of each topic that was asked for, kept: reading it often is cheaper with the same one (ledger/tile-reader.ts). */
export function createLogReader(pool: Hearsay['pool']): (slug: string) => Log {
  const logs = new Map<string, Log>();
  return (slug) => {
    const log = logs.get(slug) ?? createDatabaseLog(pool, slug);
    logs.set(slug, log);
    return log;
  };
}

export function createLedgerReader(hearsay: Pick<Hearsay, 'pool' | 'folds' | 'topics'>): LedgerReader {
  const { pool, folds } = hearsay;
  const ranks = new Map<string, { readonly size: number; readonly lists: Map<string, readonly number[]> }>();

  /** Ranking looks at every claim, so each list is kept until the chain grows. Only pages ask, with a fixed few queries. */
  function rank(slug: string, fold: Fold, query: RankQuery, limit: number): readonly number[] {
    const known = ranks.get(slug);
    const kept = known?.size === fold.size ? known : { size: fold.size, lists: new Map<string, readonly number[]>() };
    ranks.set(slug, kept);
    const key = JSON.stringify([query, limit]);
    const list = kept.lists.get(key) ?? rankClaims(fold, query, limit);
    kept.lists.set(key, list);
    return list;
  }

  async function readStored(topic: string, seqs: readonly number[]): Promise<Map<number, Stored>> {
    const found = await pool.query<Stored>(
      `SELECT e.seq, e.header, e.entry, c.content FROM ledger_entry e LEFT JOIN ledger_content c USING (topic, seq) WHERE e.topic = $1 AND e.seq = ANY ($2)`,
      [topic, seqs],
    );
    return new Map(found.rows.map((row) => [row.seq, row]));
  }

  /** Rows of `seqs`, in order, with the sources of claims. */
  async function readRows(topic: string, fold: Fold, seqs: readonly number[]): Promise<EntryRow[]> {
    const parents = seqs.flatMap((seq) => {
      const state = stateOf(fold, seq);
      return state?.kind === 'claim' ? [state.source] : [];
    });
    const stored = await readStored(topic, [...new Set([...seqs, ...parents])]);
    const cites = await readCites(pool, topic, [...stored.keys()]);
    const sourceRow = (seq: number): SourceRow => {
      const row = stored.get(seq) as Stored;
      const cited = cites.get(seq);
      return {
        header: decodeHeader(row.header) as HeaderOf<'source'>,
        state: stateOf(fold, seq) as SourceState,
        ...parsed<SourceContent>(row),
        ...(cited && { cites: cited }),
      };
    };
    return seqs.flatMap((seq) => {
      const row = stored.get(seq);
      if (!row) return [];
      const header = decodeHeader(row.header);
      const entry: EntryRow = { header, hash: row.entry.toString('hex') };
      if (header.type === 'source') return [{ ...entry, source: sourceRow(seq) }];
      if (header.type !== 'claim') return [entry];
      return [{ ...entry, claim: { header, state: stateOf(fold, seq) as ClaimState, source: sourceRow(header.source), ...parsed<ClaimContent>(row) } }];
    });
  }

  function pageOf<Row>(seqs: readonly number[], limit: number, rows: readonly Row[]): Page<Row> {
    const last = seqs.at(-1);
    return { rows, ...(seqs.length === limit && last !== undefined ? { next: last } : {}) };
  }

  return {
    counts: (slug) => readPublishedCounts(pool, slug),
    async sources(slug, { cursor, limit, ...filter }) {
      const fold = await folds.foldAt(pool, slug);
      const seqs = listSources(fold, { ...filter, after: cursor, limit });
      return pageOf(
        seqs,
        limit,
        (await readRows(slug, fold, seqs)).map((row) => row.source as SourceRow),
      );
    },
    async claims(slug, { cursor, limit, ...filter }) {
      const fold = await folds.foldAt(pool, slug);
      const seqs = listClaims(fold, { ...filter, after: cursor, limit });
      return pageOf(
        seqs,
        limit,
        (await readRows(slug, fold, seqs)).map((row) => row.claim as ClaimRow),
      );
    },
    async ranked(slug, query, limit) {
      const fold = await folds.foldAt(pool, slug);
      return (await readRows(slug, fold, rank(slug, fold, query, limit))).map((row) => row.claim as ClaimRow);
    },
    async counted(slug, number, { cursor, limit }) {
      const fold = await folds.foldAt(pool, slug);
      const all = listCounted(fold, number);
      const seqs = all.filter((seq) => seq > (cursor ?? -1)).slice(0, limit);
      return { ...pageOf(seqs, limit, await readRows(slug, fold, seqs)), total: all.length };
    },
    async entry(slug, seq) {
      const fold = await folds.foldAt(pool, slug);
      return (await readRows(slug, fold, [seq]))[0];
    },
    async checkpoint(slug) {
      const found = await readNewestCheckpoint(pool, slug);
      if (!found) return undefined;
      const { size, root, note, signedAt, key } = found;
      return { size, root: Buffer.from(root).toString('hex'), note, signed_at: signedAt.toISOString(), vkey: formatVerifierKey(key) };
    },
    async drops(slug) {
      const found = await pool.query<{ stage: string; code: string; count: number }>(
        'SELECT stage, code, count(*)::int AS count FROM refusal WHERE topic = $1 GROUP BY stage, code ORDER BY count DESC, stage, code',
        [slug],
      );
      return found.rows;
    },
    coMentions: (slug) => countCoMentions(hearsay, slug),
  };
}

function parsed<T>(row: Stored): { content?: T } {
  return row.content ? { content: JSON.parse(row.content.toString('utf8')) as T } : {};
}
