/**
 * What a worker thread says of a chunk of lines: the checked entries up to the first failure, in columns that cross threads
 * cheaply. Headers travel as one JSON text, which parses faster than as many cloned objects.
 */
import type { Header } from '../ledger/header.ts';
import type { CheckedEntry, Presence, Quote } from '../ledger/verify-entry.ts';

export interface ChunkTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly context: number;
  /** Number of the first line after the context, from 1; at most so many lines follow. */
  readonly line: number;
  readonly lines: number;
  readonly topic: string;
}

export interface ChunkResult {
  /** JSON array. */
  readonly headers: string;
  /** Entry hash and leaf hash of each entry, 64 bytes; room for more lines may follow. */
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

/** Packs entries as they are checked, so that no entry outlives its line. */
export class ChunkPacker {
  readonly #headers: string[] = [];
  readonly #said: (string | Quote | 0)[] = [];
  readonly #hashes: Uint8Array<ArrayBuffer>;
  readonly #presences: Uint8Array<ArrayBuffer>;

  /** `lines`: as many as there can be entries. */
  constructor(lines: number) {
    this.#hashes = new Uint8Array(lines * HASHES);
    this.#presences = new Uint8Array(lines);
  }

  /** `header`: its text. */
  add(header: string, { entry, leaf, presence, text, quote }: CheckedEntry): void {
    const at = this.#headers.length;
    this.#hashes.set(entry, at * HASHES);
    this.#hashes.set(leaf, at * HASHES + HASHES / 2);
    this.#presences[at] = PRESENCES.indexOf(presence);
    this.#headers.push(header);
    this.#said.push(text ?? quote ?? 0);
  }

  pack(end: Pick<ChunkResult, 'failure' | 'closing'> = {}): ChunkResult {
    return { headers: `[${this.#headers.join(',')}]`, hashes: this.#hashes, presences: this.#presences, said: this.#said, ...end };
  }
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
