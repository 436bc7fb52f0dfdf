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

/**
 * One index search a key, whatever the statistics of the tables say: `= ANY` over many keys was planned as a scan of the whole topic
 * while a new table had none. OFFSET 0 keeps the planner from turning the searches into a join again.
 */
const MARKS = `
  SELECT 'entry' AS what, e.type, e.key, e.seq
    FROM unnest($2::text[], $3::bytea[]) AS wanted (type, key),
         LATERAL (SELECT type, key, seq FROM ledger_entry WHERE topic = $1 AND type = wanted.type AND key = wanted.key OFFSET 0) AS e
  UNION ALL
  SELECT 'blocked', NULL, b.post_key, NULL
    FROM unnest($4::bytea[]) AS wanted (key), LATERAL (SELECT post_key FROM blocked_post WHERE post_key = wanted.key OFFSET 0) AS b
  UNION ALL
  SELECT 'thread', NULL, wanted.key, s.thread
    FROM (SELECT DISTINCT unnest($5::bytea[])) AS wanted (key),
         LATERAL (SELECT min(thread) AS thread FROM ledger_source WHERE topic = $1 AND thread_key = wanted.key) AS s
   WHERE s.thread IS NOT NULL`;

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

/** Posts and bands are searched without the topic, which their indexes do not have. */
const CANDIDATES = `
  WITH found AS MATERIALIZED (
    SELECT s.seq FROM unnest($2::bytea[]) AS wanted (key),
                      LATERAL (SELECT topic, seq FROM ledger_source WHERE post_key = wanted.key OFFSET 0) AS s WHERE s.topic = $1
    UNION
    SELECT s.seq FROM unnest($3::bytea[]) AS wanted (key), LATERAL (SELECT seq FROM ledger_source WHERE topic = $1 AND author_key = wanted.key OFFSET 0) AS s
    UNION
    SELECT s.seq FROM unnest($4::bytea[]) AS wanted (key), LATERAL (SELECT seq FROM ledger_source WHERE topic = $1 AND text_digest = wanted.key OFFSET 0) AS s
    UNION
    SELECT s.seq FROM (SELECT topic, seq FROM ledger_source WHERE bands && $5::bigint[] OFFSET 0) AS s WHERE s.topic = $1
  )
  SELECT s.*
    FROM found, LATERAL (
           SELECT seq, post_key, author_key, text_digest, signature, bands, thread, experience, state
             FROM ledger_source WHERE topic = $1 AND seq = found.seq AND state <> 'erased' OFFSET 0) AS s
   ORDER BY s.seq`;

/** Sends the searches at once, and resolves when both are answered. Raises what the connection does. `known`: what earlier batches found and planned. */
export async function readLookups(client: ClientBase, topic: string, requests: readonly AppendRequest[], known?: Lookups): Promise<Lookups> {
  const lookups = known ?? new Lookups();
  const sources = requests.filter((request) => request.type === 'source');
  const postKeys = requests.flatMap((request) => ('postKey' in request ? [request.postKey] : []));
  const keyed = requests.flatMap((request) => {
    const key = keyOf(request);
    return key ? [{ type: request.type, key }] : [];
  });
  const candidates = [
    topic,
    byteaArray(postKeys),
    byteaArray(sources.flatMap((request) => request.authorKey ?? [])),
    byteaArray(sources.flatMap((request) => request.textDigest ?? [])),
    int8Array(sources.flatMap((request) => request.bands)),
  ];
  const marks = [
    topic,
    textArray(keyed.map((item) => item.type)),
    byteaArray(keyed.map((item) => item.key)),
    byteaArray(postKeys),
    byteaArray(sources.flatMap((request) => request.threadKey ?? [])),
  ];
  const [found, marked] = await Promise.all([
    postKeys.length === 0 ? undefined : client.query<CandidateRecord>(CANDIDATES, candidates),
    client.query<MarkRow>(MARKS, marks),
  ]);
  for (const record of found?.rows ?? []) addCandidate(lookups, record);
  for (const { what, type, key, seq } of marked.rows) {
    if (what === 'entry') lookups.addKey(type as string, key, seq as number);
    else if (what === 'blocked') lookups.blocked.add(hex(key));
    else lookups.threads.set(hex(key), seq as number);
  }
  return lookups;
}

function addCandidate(lookups: Lookups, record: CandidateRecord): void {
  if (lookups.has(record.seq)) return;
  const { seq, thread, experience, signature, state } = record;
  const row = { seq, postKey: hex(record.post_key), thread, experience, signature, state };
  lookups.addSource(row, { author: record.author_key, text: record.text_digest, bands: record.bands.map(BigInt) });
  if (state === 'live' || state === 'withheld') lookups.current.set(row.postKey, row);
}
