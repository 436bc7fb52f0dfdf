/** Reads what a batch of requests touches, in two statements. Call with the head locked, for what stands in it may change until then. */
import type { ClientBase } from 'pg';
import { byteaArray, int8Array, textArray } from '../db/binary-array.ts';
import { hex, keyOf, Lookups } from './lookups.ts';
import type { AppendRequest } from './request.ts';

interface MarkRow {
  what: 'entry' | 'blocked' | 'thread';
  type: string | null;
  key: Buffer;
  seq: number | null;
}

const MARKS = `
  SELECT 'entry' AS what, e.type, e.key, e.seq
    FROM ledger_entry e JOIN unnest($2::text[], $3::bytea[]) AS wanted (type, key) ON e.type = wanted.type AND e.key = wanted.key
   WHERE e.topic = $1
  UNION ALL
  SELECT 'blocked', NULL, post_key, NULL FROM blocked_post WHERE post_key = ANY ($4::bytea[])
  UNION ALL
  SELECT 'thread', NULL, thread_key, min(thread) FROM ledger_source WHERE topic = $1 AND thread_key = ANY ($5::bytea[]) GROUP BY thread_key`;

interface CandidateRecord {
  seq: number;
  post_key: Buffer;
  author_key: Buffer | null;
  text_digest: Buffer | null;
  signature: Buffer | null;
  bands: string[];
  thread: number;
  experience: number;
  state: string;
}

/** Four searches by four indexes: as one condition with ORs they are none. */
const CANDIDATES = `
  WITH alike AS MATERIALIZED (SELECT topic, seq FROM ledger_source WHERE bands && $5::bigint[])
  SELECT seq, post_key, author_key, text_digest, signature, bands, thread, experience, state
    FROM ledger_source
   WHERE topic = $1 AND state <> 'erased' AND seq IN (
           SELECT seq FROM ledger_source WHERE topic = $1 AND post_key = ANY ($2::bytea[])
           UNION SELECT seq FROM ledger_source WHERE topic = $1 AND author_key = ANY ($3::bytea[])
           UNION SELECT seq FROM ledger_source WHERE topic = $1 AND text_digest = ANY ($4::bytea[])
           UNION SELECT seq FROM alike WHERE topic = $1)
   ORDER BY seq`;

export interface LookupTarget {
  readonly topic: string;
  /** Running numbers given out so far. */
  readonly sources: number;
  readonly questions: number;
}

export async function readLookups(client: ClientBase, target: LookupTarget, requests: readonly AppendRequest[]): Promise<Lookups> {
  const { topic } = target;
  const lookups = new Lookups(target);
  const sources = requests.filter((request) => request.type === 'source');
  const postKeys = requests.flatMap((request) => ('postKey' in request ? [request.postKey] : []));
  if (postKeys.length > 0) {
    const found = await client.query<CandidateRecord>(CANDIDATES, [
      topic,
      byteaArray(postKeys),
      byteaArray(sources.flatMap((request) => request.authorKey ?? [])),
      byteaArray(sources.flatMap((request) => request.textDigest ?? [])),
      int8Array(sources.flatMap((request) => request.bands)),
    ]);
    for (const record of found.rows) addCandidate(lookups, record);
  }
  const keyed = requests.flatMap((request) => {
    const key = keyOf(request);
    return key ? [{ type: request.type, key }] : [];
  });
  const marks = await client.query<MarkRow>(MARKS, [
    topic,
    textArray(keyed.map((item) => item.type)),
    byteaArray(keyed.map((item) => item.key)),
    byteaArray(postKeys),
    byteaArray(sources.flatMap((request) => request.threadKey ?? [])),
  ]);
  for (const { what, type, key, seq } of marks.rows) {
    if (what === 'entry') lookups.addKey(type as string, key, seq as number);
    else if (what === 'blocked') lookups.blocked.add(hex(key));
    else lookups.threads.set(hex(key), seq as number);
  }
  return lookups;
}

function addCandidate(lookups: Lookups, record: CandidateRecord): void {
  const { seq, thread, experience, signature, state } = record;
  const row = { seq, postKey: hex(record.post_key), thread, experience, signature, state };
  lookups.addSource(row, { author: record.author_key, text: record.text_digest, bands: record.bands.map(BigInt) });
  if (state === 'live' || state === 'withheld') lookups.current.set(row.postKey, row);
}
