/**
 * One row of the ledger as Postgres has it, with the rows of other tables that repeat or follow from it. What a header says twice
 * must be the same twice: columns are what appends and pages look things up by (docs/ledger-format.md, "Checking").
 */
import type { EntryLine } from '../ledger/export-format.ts';
import { refOf } from '../ledger/seal.ts';
import type { CheckedEntry } from '../ledger/verify-entry.ts';
import { Failure } from '../ledger/verify-result.ts';

export interface StoredEntry {
  readonly seq: number;
  readonly type: string;
  readonly key: Buffer;
  readonly ref: number | null;
  readonly header: Buffer;
  readonly entry: Buffer;
  readonly salt: Buffer | null;
  readonly content: Buffer | null;
  /** Of ledger_erased. */
  readonly tombstone: number | null;
  /** Of ledger_source; null where it has no row. */
  readonly number: number | null;
  readonly thread: number | null;
  readonly experience: number | null;
  readonly post_key: Buffer | null;
}

export const STORED_ENTRIES = `
  SELECT e.seq, e.type, e.key, e.ref, e.header, e.entry, c.salt, c.content, x.tombstone, s.number, s.thread, s.experience, s.post_key
    FROM ledger_entry e
    LEFT JOIN ledger_content c ON c.topic = e.topic AND c.seq = e.seq
    LEFT JOIN ledger_erased x ON x.topic = e.topic AND x.seq = e.seq
    LEFT JOIN ledger_source s ON s.topic = e.topic AND s.seq = e.seq
   WHERE e.topic = $1 AND e.seq >= $2
   ORDER BY e.seq LIMIT $3`;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The row as a line of an export with content would have it. @throws Failure */
export function toEntryLine(row: StoredEntry): EntryLine {
  const line = { entry: row.entry.toString('hex'), header: decode(row.seq, row.header) };
  if (row.content && row.salt) return { ...line, salt: row.salt.toString('hex'), content: decode(row.seq, row.content) };
  return row.tombstone === null ? line : { ...line, erased: 1 };
}

function decode(seq: number, bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Failure(`seq ${seq}`, 'stored bytes are not UTF-8');
  }
}

/** Compares columns with headers, in the order of seq. */
export class ColumnChecker {
  /** Source of the claims that follow it. */
  #source: { readonly seq: number; readonly key: Buffer; claims: number } | undefined;

  /** @throws Failure naming the column. */
  check(row: StoredEntry, { header }: CheckedEntry): void {
    const same = (column: string, stored: unknown, said: unknown): void => {
      if (stored !== said) throw new Failure(`seq ${row.seq}`, `column ${column} says ${stored}, the header ${said}`);
    };
    same('ledger_entry.type', row.type, header.type);
    same('ledger_entry.ref', row.ref, refOf(header));
    const isSource = header.type === 'source';
    same('ledger_source.number', row.number, isSource ? header.number : null);
    same('ledger_source.thread', row.thread, isSource ? header.thread : null);
    same('ledger_source.experience', row.experience, isSource ? header.experience : null);
    const key = this.#expectKey(row, header);
    if (key !== undefined && !row.key.equals(key)) throw new Failure(`seq ${row.seq}`, 'column ledger_entry.key is not what its header leads to');
  }

  /** Where the key follows from headers; other keys are digests of what stands outside the chain, or ids of clients. */
  #expectKey(row: StoredEntry, header: CheckedEntry['header']): Buffer | undefined {
    switch (header.type) {
      case 'source':
        this.#source = { seq: row.seq, key: row.key, claims: 0 };
        return undefined;
      case 'claim':
        return this.#source?.seq === header.source ? Buffer.concat([this.#source.key, Buffer.from(`#${this.#source.claims++}`)]) : undefined;
      case 'annotator':
        return Buffer.from(header.annotator);
      case 'link':
        return Buffer.from(`${header.from}:${header.to}`);
      case 'withhold':
      case 'restore':
      case 'tombstone':
        return Buffer.from(`${header.type}:${header.refs[0]}@${row.seq}`);
      default:
        return undefined;
    }
  }
}
