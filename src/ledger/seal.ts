/**
 * Sealing: turns drafts into hashed entries after a head. Pure but for the salts handed in.
 * Proved by test/vectors/hearsay.test.ts, which seals the worked example.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { IntegrityError } from '../errors.ts';
import { canonicalBytes, type CanonicalValue } from './canonical.ts';
import { commitmentOf, entryHashOf } from './chain.ts';
import { type Header, headerSchema } from './header.ts';
import { appendLeaf, type Frontier } from './merkle.ts';
import type { Content } from './request.ts';

export interface Head {
  readonly topic: string;
  /** Hash of the last entry; `GENESIS` when the tree is empty. */
  readonly entry: Uint8Array;
  readonly frontier: Frontier;
}

export interface SealedEntry {
  readonly seq: number;
  readonly type: Header['type'];
  readonly key: Uint8Array;
  readonly ref: number | null;
  readonly header: Uint8Array;
  readonly entry: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly content: Uint8Array | null;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** A header without what sealing adds. */
export type HeaderDraft = DistributiveOmit<Header, 'v' | 'topic' | 'seq' | 'day' | 'commitment'>;

export interface EntryDraft {
  readonly key: Uint8Array;
  readonly header: HeaderDraft;
  readonly content?: Content;
}

/** Collects entries after `head`; `head` moves with every `add`. */
export class Sealer {
  readonly entries: SealedEntry[] = [];
  #head: Head;
  readonly #day: string;
  readonly #newSalt: () => Uint8Array;

  /** `day`: UTC day, YYYY-MM-DD. `newSalt`: 32 random bytes each time. */
  constructor(head: Head, day: string, newSalt: () => Uint8Array) {
    this.#head = head;
    this.#day = day;
    this.#newSalt = newSalt;
  }

  get head(): Head {
    return this.#head;
  }

  /** Seq the next entry gets. */
  get nextSeq(): number {
    return this.#head.frontier.size;
  }

  /** @throws IntegrityError `bad_header` when the draft is not a valid header: an own bug, caught before it is hashed. */
  add(draft: EntryDraft): SealedEntry {
    const salt = draft.content ? this.#newSalt() : null;
    const content = draft.content ? canonicalBytes(draft.content) : null;
    const candidate = {
      ...draft.header,
      v: 1,
      topic: this.#head.topic,
      seq: this.nextSeq,
      day: this.#day,
      ...(salt && content ? { commitment: bytesToHex(commitmentOf(salt, content)) } : {}),
    };
    const parsed = headerSchema.safeParse(candidate);
    if (!parsed.success)
      throw new IntegrityError('bad_header', `entry ${this.nextSeq}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
    const header = canonicalBytes(parsed.data as unknown as CanonicalValue);
    const entry = entryHashOf(this.#head.entry, header);
    const sealed = { seq: this.nextSeq, type: parsed.data.type, key: draft.key, ref: refOf(parsed.data), header, entry, salt, content };
    this.entries.push(sealed);
    this.#head = { topic: this.#head.topic, entry, frontier: appendLeaf(this.#head.frontier, entry) };
    return sealed;
  }
}

/** The entry a header is about, kept as a column so that it can be looked up. */
export function refOf(header: Header): number | null {
  switch (header.type) {
    case 'claim':
      return header.source;
    case 'review':
    case 'undo':
    case 'notice':
      return header.ref;
    default:
      return null;
  }
}
