/** An import file as posts and refusals, in file order, each with its line. Proved by test/unit/sources/formats-read-import.test.ts. */
import type { IncomingPost } from '../../model/post.ts';
import type { ImportFormat, Refusal } from '../source.ts';
import { type ReadRecord, readRecords } from './read-lines.ts';

export type ImportedItem = { readonly line: number; readonly post: IncomingPost } | { readonly line: number; readonly refusal: Refusal };

export async function* readImport(stream: AsyncIterable<Uint8Array>, format: ImportFormat): AsyncGenerator<ImportedItem> {
  for await (const record of readRecords(stream, format.framing)) yield mapRecord(record, format);
}

/** A refusal keeps the item's own id where the format knows it, else it gets the line. */
function mapRecord(record: ReadRecord, format: ImportFormat): ImportedItem {
  if ('refusal' in record) return record;
  const { line } = record;
  const mapped = format.map(record.value);
  if ('post' in mapped) return { line, post: mapped.post };
  return { line, refusal: { item: `line ${line}`, ...mapped.refusal } };
}
