/**
 * The export of one topic, line by line (export-format.ts), at one consistent snapshot: exactly the entries of the newest checkpoint,
 * with it, the counts they fold to, and earlier checkpoints with their consistency proofs. Nothing is signed here.
 * Proved by test/integration/export.test.ts.
 */
import type { Pool, PoolClient } from 'pg';
import { countsOf, emptyFold, foldHeader } from '../counts/fold.ts';
import { streamSnapshot } from '../db/pool.ts';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import { encodeBase64 } from './base64.ts';
import { formatVerifierKey, isSignedBy, parseCheckpoint } from './checkpoint.ts';
import { type ClosingLine, formatCounts, formatLine, MAX_HISTORY } from './export-format.ts';
import { type ContentRules, readEntries } from './export-rows.ts';
import { leafHashOf } from './merkle.ts';
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from './proof.ts';
import { type PublishedCheckpoint, readNewestCheckpoint } from './published.ts';
import { createNodeReader } from './tile.ts';
import { createTileReader } from './tile-reader.ts';

/** Entries in an excerpt, at most: each carries a proof of its own, and whoever wants more wants the export. */
const MAX_EXCERPT = 10_000;

/** What stands before the first entry, in hex (chain.ts, GENESIS). */
const GENESIS_HEX = '00'.repeat(32);

export interface ExportOptions extends ContentRules {
  /** Ascending, without repeats: an excerpt of these entries, each with its inclusion proof. */
  readonly entries?: readonly number[];
}

/** Lines with their newlines. Raises InvalidInputError `unknown_topic`, `not_signed_yet`; for an excerpt `unknown_entry`, `excerpt_too_large`. */
export async function* exportTopic(pool: Pool, topic: string, options: ExportOptions): AsyncGenerator<string> {
  yield* streamSnapshot(pool, (client) => exportSnapshot(client, topic, options));
}

async function* exportSnapshot(client: PoolClient, topic: string, options: ExportOptions): AsyncGenerator<string> {
  const checkpoint = await requireCheckpoint(client, topic);
  if (options.entries) requireSigned(topic, options.entries, checkpoint.size);
  yield formatLine({
    format: 'hearsay-ledger',
    version: 1,
    topic,
    origin: checkpoint.origin,
    vkey: formatVerifierKey(checkpoint.key),
    ...(options.entries ? { excerpt: 1 } : {}),
  });
  const run = { client, topic, checkpoint };
  yield* options.entries ? exportExcerpt(run, options.entries, options) : exportWhole(run, options);
}

interface Run {
  readonly client: PoolClient;
  readonly topic: string;
  readonly checkpoint: PublishedCheckpoint;
}

async function requireCheckpoint(client: PoolClient, topic: string): Promise<PublishedCheckpoint> {
  const known = await client.query('SELECT 1 FROM ledger_head WHERE topic = $1', [topic]);
  if (known.rowCount === 0) throw new InvalidInputError('unknown_topic', `there is no topic ${topic}`);
  const checkpoint = await readNewestCheckpoint(client, topic);
  if (!checkpoint)
    throw new InvalidInputError('not_signed_yet', `nothing of ${topic} has been signed yet: wait for the signer, or run: hearsay ledger sign ${topic}`);
  return checkpoint;
}

async function* exportWhole(run: Run, rules: ContentRules): AsyncGenerator<string> {
  const { client, topic, checkpoint } = run;
  const fold = emptyFold();
  for await (const { header, line } of readEntries(client, { topic, size: checkpoint.size }, rules)) {
    foldHeader(fold, header);
    yield formatLine(line);
  }
  const history = await readHistory(run);
  yield formatLine({ checkpoint: checkpoint.note, counts: formatCounts(countsOf(fold)), ...(history.length > 0 ? { history } : {}) });
}

async function* exportExcerpt(run: Run, seqs: readonly number[], rules: ContentRules): AsyncGenerator<string> {
  const { client, topic, checkpoint } = run;
  const { size, root } = checkpoint;
  const reader = createNodeReader(createTileReader(client, topic), size);
  for await (const { seq, entry, previous, line } of readEntries(client, { topic, size, seqs }, rules)) {
    const proof = await proveInclusion(reader, { index: seq, size });
    requireHolds(`entry ${seq} of ${topic}`, () => verifyInclusion({ index: seq, size, leaf: leafHashOf(entry), root, proof }));
    yield formatLine({ ...line, previous: previous?.toString('hex') ?? GENESIS_HEX, proof: proof.map(encodeBase64) });
  }
  yield formatLine({ checkpoint: checkpoint.note });
}

function requireSigned(topic: string, seqs: readonly number[], size: number): void {
  const beyond = seqs.find((seq) => seq >= size);
  if (beyond !== undefined) throw new InvalidInputError('unknown_entry', `entry ${beyond} of ${topic} is not among the ${size} that are signed`);
  if (seqs.length > MAX_EXCERPT)
    throw new InvalidInputError('excerpt_too_large', `an excerpt has at most ${MAX_EXCERPT} entries: export the whole ledger instead`);
}

/** Spread evenly over those stored: of n, every one up to 32, else the first of each of 32 equal shares. */
const EARLIER = `
  WITH numbered AS (
    SELECT size, row_number() OVER (ORDER BY size) - 1 AS n, count(*) OVER () AS total
      FROM checkpoint WHERE topic = $1 AND size > 0 AND size < $2
  )
  SELECT c.note FROM numbered JOIN checkpoint c ON c.topic = $1 AND c.size = numbered.size
   WHERE n = 0 OR n * $3 / total > (n - 1) * $3 / total
   ORDER BY c.size`;

/** Earlier checkpoints of this log under this key. One that does not lead to the closing checkpoint halts: two histories were signed. */
async function readHistory({ client, topic, checkpoint }: Run): Promise<NonNullable<ClosingLine['history']>> {
  const found = await client.query<{ note: string }>(EARLIER, [topic, checkpoint.size, MAX_HISTORY]);
  const reader = createNodeReader(createTileReader(client, topic), checkpoint.size);
  const history: { checkpoint: string; proof: string[] }[] = [];
  for (const { note } of found.rows) {
    const earlier = parseCheckpoint(note);
    // Those of an earlier key or origin cannot be checked with the key of this export.
    if (earlier.origin !== checkpoint.origin || !(await isSignedBy(earlier, checkpoint.key))) continue;
    const proof = await proveConsistency(reader, { from: earlier.size, to: checkpoint.size });
    requireHolds(`the checkpoint of ${topic} at size ${earlier.size}`, () =>
      verifyConsistency({ from: earlier.size, fromRoot: earlier.root, to: checkpoint.size, toRoot: checkpoint.root, proof }),
    );
    history.push({ checkpoint: note, proof: proof.map(encodeBase64) });
  }
  return history;
}

/** What the database gives as proof must lead to what was signed, or no reader could verify it. */
function requireHolds(what: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new IntegrityError('tree_differs', `${what} does not lead to the newest checkpoint: entries, tiles or checkpoints were changed`, { cause: error });
  }
}
