/**
 * Entries as an export shows them: rows of the tables, held against their headers, and what of their content leaves. A content is open
 * where the platform's public policy is `text`, or for the operator; what is gone is `erased` only if a tombstone within the exported
 * size says so, else `withheld`: the reader of that size has no tombstone to explain it. Proved by test/integration/export.test.ts.
 */
import type { ClientBase } from 'pg';
import { IntegrityError } from '../errors.ts';
import type { Platform } from '../model/labels.ts';
import type { PublicPolicy } from '../sources/source.ts';
import type { EntryLine } from './export-format.ts';
import { decodeHeader } from './fold-reader.ts';
import type { Header } from './header.ts';
import { refOf } from './seal.ts';

const PAGE = 2_000;

export interface ContentRules {
  /** Everything that exists: for the operator only. */
  readonly withContent: boolean;
  readonly policyOf: (platform: Platform) => PublicPolicy;
}

/** Which entries: of a log's first `size`, all, or those of `seqs` (ascending). */
export interface ExportRange {
  readonly topic: string;
  readonly size: number;
  readonly seqs?: readonly number[];
}

export interface ExportedEntry {
  readonly seq: number;
  readonly header: Header;
  /** Hash of this entry, and of the one before it: null for the first. */
  readonly entry: Buffer;
  readonly previous: Buffer | null;
  readonly line: EntryLine;
}

interface Row {
  seq: number;
  type: string;
  ref: number | null;
  header: Buffer;
  entry: Buffer;
  previous: Buffer | null;
  salt: Buffer | null;
  content: Buffer | null;
  tombstone: number | null;
  /** State of the source that the entry is or belongs to. */
  state: string | null;
  /** Header of that source, where the entry is a claim in an excerpt. */
  source: Buffer | null;
}

/** $2 first seq, $3 size, $4 rows at most, $5 only these seqs, or null. Neighbours and sources are looked up for an excerpt only. */
const ENTRIES = `
  SELECT e.seq, e.type, e.ref, e.header, e.entry, c.salt, c.content,
         CASE WHEN c.seq IS NULL THEN (SELECT x.tombstone FROM ledger_erased x WHERE x.topic = e.topic AND x.seq = e.seq) END AS tombstone,
         (SELECT s.state FROM ledger_source s WHERE s.topic = e.topic AND s.seq = CASE e.type WHEN 'claim' THEN e.ref ELSE e.seq END) AS state,
         CASE WHEN $5::bigint[] IS NOT NULL THEN (SELECT p.entry FROM ledger_entry p WHERE p.topic = e.topic AND p.seq = e.seq - 1) END AS previous,
         CASE WHEN $5::bigint[] IS NOT NULL AND e.type = 'claim' THEN (SELECT p.header FROM ledger_entry p WHERE p.topic = e.topic AND p.seq = e.ref) END AS source
    FROM ledger_entry e LEFT JOIN ledger_content c ON c.topic = e.topic AND c.seq = e.seq
   WHERE e.topic = $1 AND e.seq >= $2 AND e.seq < $3 AND ($5::bigint[] IS NULL OR e.seq = ANY ($5::bigint[]))
   ORDER BY e.seq LIMIT $4`;

/** Raises IntegrityError `missing_entry`, `missing_content`, `columns_differ`. */
export async function* readEntries(client: ClientBase, range: ExportRange, rules: ContentRules): AsyncGenerator<ExportedEntry> {
  const { topic, size, seqs } = range;
  /** Sources whose platform allows text: claims of theirs are open too. */
  const open = new Set<number>();
  const wanted = seqs?.length ?? size;
  for (let done = 0; done < wanted; ) {
    const page = seqs?.slice(done, done + PAGE);
    const found = await client.query<Row>(ENTRIES, [topic, page?.[0] ?? done, size, PAGE, page ?? null]);
    for (const row of found.rows) {
      const seq = seqs ? seqs[done] : done;
      if (row.seq !== seq) throw missing(topic, seq);
      const header = decodeHeader(row.header);
      requireColumns(row, header);
      if (header.type === 'source' && rules.policyOf(header.platform) === 'text') open.add(row.seq);
      if (row.source !== null && header.type === 'claim' && isOpenSource(row.source, rules)) open.add(header.source);
      // What is withheld or superseded is shown to nobody, whatever the policy.
      const isPublic = row.state === 'live' && open.has(header.type === 'claim' ? header.source : row.seq);
      yield { seq: row.seq, header, entry: row.entry, previous: row.previous, line: lineOf(row, header, { size, isOpen: rules.withContent || isPublic }) };
      done++;
    }
    if (found.rows.length === 0) throw missing(topic, seqs ? seqs[done] : done);
  }
}

function isOpenSource(bytes: Buffer, rules: ContentRules): boolean {
  const header = decodeHeader(bytes);
  return header.type === 'source' && rules.policyOf(header.platform) === 'text';
}

function lineOf(row: Row, header: Header, { size, isOpen }: { readonly size: number; readonly isOpen: boolean }): EntryLine {
  const line = { entry: row.entry.toString('hex'), header: row.header.toString('utf8') };
  if (!('commitment' in header)) return line;
  if (row.tombstone !== null) return row.tombstone < size ? { ...line, erased: 1 } : { ...line, withheld: 1 };
  if (!row.salt || !row.content) throw new IntegrityError('missing_content', `the content of entry ${row.seq} is gone, but no tombstone says why`);
  if (!isOpen) return { ...line, withheld: 1 };
  return { ...line, salt: row.salt.toString('hex'), content: row.content.toString('utf8') };
}

/** Columns repeat the header for looking things up: they must say the same. */
function requireColumns(row: Row, header: Header): void {
  if (header.type !== row.type || header.seq !== row.seq || refOf(header) !== row.ref)
    throw new IntegrityError('columns_differ', `columns of entry ${row.seq} contradict its header`);
}

function missing(topic: string, seq: number | undefined): IntegrityError {
  return new IntegrityError('missing_entry', `entry ${seq} of ${topic} is missing`);
}
