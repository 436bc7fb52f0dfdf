/**
 * What planning needs to know of a topic's ledger: read in bulk under the head's lock (read-lookups.ts) and kept up to date while
 * a batch is planned, so that the second request of a batch sees what the first one will append.
 */
import type { AppendRequest, SourceRequest } from './request.ts';

export interface SourceRow {
  readonly seq: number;
  readonly postKey: string;
  readonly thread: number;
  readonly experience: number;
  readonly signature: Buffer | null;
}

/** Keys are hex. */
export class Lookups {
  readonly keys = new Map<string, number>();
  readonly blocked = new Set<string>();
  /** The live or withheld source of a post. */
  readonly current = new Map<string, SourceRow & { readonly state: string }>();
  readonly threads = new Map<string, number>();
  readonly #seqs = new Set<number>();
  readonly #byAuthor = new Map<string, SourceRow[]>();
  readonly #byText = new Map<string, SourceRow[]>();
  readonly #byBand = new Map<bigint, SourceRow[]>();
  /** Running numbers given out so far, as the head has them. */
  sources = 0;
  questions = 0;

  /** Earlier sources that may tell of the same experience: same author, same text, or a shared band. */
  candidates(request: SourceRequest): { readonly certain: readonly SourceRow[]; readonly similar: readonly SourceRow[] } {
    const certain = [
      ...((request.authorKey && this.#byAuthor.get(hex(request.authorKey))) ?? []),
      ...((request.textDigest && this.#byText.get(hex(request.textDigest))) ?? []),
    ];
    const similar = new Set<SourceRow>();
    for (const band of request.bands) for (const row of this.#byBand.get(band) ?? []) similar.add(row);
    return { certain, similar: [...similar] };
  }

  /** Registers a source, read or just planned. */
  addSource(row: SourceRow, keys: { author?: Buffer | null; text?: Buffer | null; bands: readonly bigint[] }): void {
    this.#seqs.add(row.seq);
    if (keys.author) push(this.#byAuthor, hex(keys.author), row);
    if (keys.text) push(this.#byText, hex(keys.text), row);
    for (const band of keys.bands) push(this.#byBand, band, row);
  }

  /** Whether the source is registered. */
  has(seq: number): boolean {
    return this.#seqs.has(seq);
  }

  addKey(type: string, key: Uint8Array, seq: number): void {
    this.keys.set(keyName(type, key), seq);
  }

  seqOf(type: string, key: Uint8Array): number | undefined {
    return this.keys.get(keyName(type, key));
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

function keyName(type: string, key: Uint8Array): string {
  return `${type}:${hex(key)}`;
}

function push<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Key of a request's own entry; visibility and notices are idempotent by state instead. */
export function keyOf(request: AppendRequest): Buffer | undefined {
  switch (request.type) {
    case 'source':
      return request.key;
    case 'annotator':
      return Buffer.from(request.annotator);
    case 'review':
    case 'undo':
    case 'question':
      return Buffer.from(request.id);
    default:
      return undefined;
  }
}
