/**
 * The export of one topic from the database, line by line (export-format.ts), at one consistent snapshot.
 * Content leaves only where the platform's public policy is `text`, or for the operator (`withContent`).
 */
import type { Pool, PoolClient } from 'pg';
import { countsOf } from '../counts/fold.ts';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import type { Platform } from '../model/labels.ts';
import type { PublicPolicy } from '../sources/source.ts';
import { formatVerifierKey, signCheckpoint, verifierKeyOf } from './checkpoint.ts';
import { type EntryLine, formatCounts, formatLine } from './export-format.ts';
import { decodeHeader, FoldReader } from './fold-reader.ts';
import type { Header } from './header.ts';
import { decodeFrontier, rootOf } from './merkle.ts';
import { originOf, type Signer } from './publish.ts';
import { refOf } from './seal.ts';

const PAGE = 2_000;

export interface ExportOptions {
  readonly signer: Signer;
  readonly withContent: boolean;
  readonly policyOf: (platform: Platform) => PublicPolicy;
}

interface Row {
  seq: number;
  type: string;
  ref: number | null;
  header: Buffer;
  entry: Buffer;
  salt: Buffer | null;
  content: Buffer | null;
  erased: boolean;
  /** State of the source that the entry is or belongs to. */
  state: string | null;
}

/** @throws InvalidInputError `unknown_topic` */
export async function* exportTopic(pool: Pool, topic: string, options: ExportOptions): AsyncGenerator<string> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const found = await client.query<{ size: number; frontier: Buffer }>('SELECT size, frontier FROM ledger_head WHERE topic = $1', [topic]);
    const head = found.rows[0];
    if (!head) throw new InvalidInputError('unknown_topic', `there is no topic ${topic}`);
    const origin = originOf(options.signer.host, topic);
    const vkey = formatVerifierKey(await verifierKeyOf(origin, options.signer.seed));
    yield formatLine({ format: 'hearsay-ledger', version: 1, topic, origin, vkey });
    yield* exportEntries(client, topic, options);
    const root = rootOf(decodeFrontier(head.size, head.frontier));
    const checkpoint = await signCheckpoint({ origin, size: head.size, root }, options.signer.seed);
    const fold = await new FoldReader().foldAt(client, topic);
    yield formatLine({ checkpoint, counts: formatCounts(countsOf(fold)) });
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** Erased = named by a tombstone: a missing content without one is a loss, and verification will say so. */
const ENTRIES = `
  SELECT e.seq, e.type, e.ref, e.header, e.entry, c.salt, c.content,
         c.seq IS NULL AND EXISTS (SELECT 1 FROM ledger_erased x WHERE x.topic = e.topic AND x.seq = e.seq) AS erased,
         (SELECT s.state FROM ledger_source s WHERE s.topic = e.topic AND s.seq = CASE e.type WHEN 'claim' THEN e.ref ELSE e.seq END) AS state
    FROM ledger_entry e LEFT JOIN ledger_content c ON c.topic = e.topic AND c.seq = e.seq
   WHERE e.topic = $1 AND e.seq >= $2
   ORDER BY e.seq LIMIT $3`;

async function* exportEntries(client: PoolClient, topic: string, options: ExportOptions): AsyncGenerator<string> {
  const open = new Set<number>();
  let next = 0;
  for (;;) {
    const page = await client.query<Row>(ENTRIES, [topic, next, PAGE]);
    for (const row of page.rows) {
      if (row.seq !== next) throw new IntegrityError('missing_entry', `entry ${next} of ${topic} is missing`);
      const header = decodeHeader(row.header);
      assertColumns(row, header);
      if (header.type === 'source' && options.policyOf(header.platform) === 'text') open.add(row.seq);
      // What is withheld or superseded is shown to nobody, whatever the policy.
      const isPublic = row.state === 'live' && open.has(header.type === 'claim' ? header.source : row.seq);
      yield formatLine(lineOf(row, header, options.withContent || isPublic));
      next++;
    }
    if (page.rows.length < PAGE) return;
  }
}

function lineOf(row: Row, header: Header, isOpen: boolean): EntryLine {
  const line = { entry: row.entry.toString('hex'), header: row.header.toString('utf8') };
  if (!('commitment' in header)) return line;
  if (row.erased) return { ...line, erased: 1 };
  if (!row.salt || !row.content) throw new IntegrityError('missing_content', `the content of entry ${row.seq} is gone, but no tombstone says why`);
  if (!isOpen) return { ...line, withheld: 1 };
  return { ...line, salt: row.salt.toString('hex'), content: row.content.toString('utf8') };
}

/** Columns repeat the header for looking things up: they must say the same. */
function assertColumns(row: Row, header: Header): void {
  if (header.type !== row.type || header.seq !== row.seq || refOf(header) !== row.ref)
    throw new IntegrityError('columns_differ', `columns of entry ${row.seq} contradict its header`);
}
