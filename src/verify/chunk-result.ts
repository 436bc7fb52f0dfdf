/**
 * What a worker thread says of a chunk of lines: the checked entries up to the first failure, in columns that cross threads
 * cheaply. Headers travel as one JSON text, which parses faster than as many cloned objects.
 */
import type { Header } from '../ledger/header.ts';
import type { CheckedEntry, Presence, Quote } from '../ledger/verify-entry.ts';

export interface ChunkTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly context: number;
  readonly line: number;
  readonly topic: string;
}

export interface ChunkResult {
  /** JSON array. */
  readonly headers: string;
  /** Entry hash and leaf hash of each entry, 64 bytes. */
  readonly hashes: Uint8Array<ArrayBuffer>;
  readonly presences: Uint8Array<ArrayBuffer>;
  /** Text of an open source, quote of an open claim, 0 for all else. */
  readonly said: readonly (string | Quote | 0)[];
  /** At the line after the entries, if the chunk was not checked to its end. */
  readonly failure?: { readonly where: string; readonly why: string };
  /** The closing line and what follows it, as far as it is in this chunk. */
  readonly closing?: readonly string[];
}

const PRESENCES: readonly Presence[] = ['none', 'open', 'withheld', 'erased'];
const HASHES = 64;

export function packEntries(texts: readonly string[], entries: readonly CheckedEntry[]): Omit<ChunkResult, 'failure' | 'closing'> {
  const hashes = new Uint8Array(entries.length * HASHES);
  const presences = new Uint8Array(entries.length);
  for (const [at, { entry, leaf, presence }] of entries.entries()) {
    hashes.set(entry, at * HASHES);
    hashes.set(leaf, at * HASHES + HASHES / 2);
    presences[at] = PRESENCES.indexOf(presence);
  }
  return { headers: `[${texts.join(',')}]`, hashes, presences, said: entries.map(({ text, quote }) => text ?? quote ?? 0) };
}

export function* unpackEntries({ headers, hashes, presences, said }: ChunkResult): Generator<CheckedEntry> {
  for (const [at, header] of (JSON.parse(headers) as Header[]).entries()) {
    const own = said[at] as string | Quote | 0;
    yield {
      header,
      // Copies: the head outlives its chunk.
      entry: hashes.slice(at * HASHES, at * HASHES + HASHES / 2),
      leaf: hashes.subarray(at * HASHES + HASHES / 2, (at + 1) * HASHES),
      presence: PRESENCES[presences[at] as number] as Presence,
      ...(own === 0 ? {} : typeof own === 'string' ? { text: own } : { quote: own }),
    };
  }
}
