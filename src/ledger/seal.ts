/**
 * Sealing: turns drafts into hashed entries after a head. Pure but for the salts handed in.
 * Proved by test/vectors/hearsay.test.ts, which seals the worked example.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { IntegrityError } from '../errors.ts';
import { canonicalText, type CanonicalValue } from './canonical.ts';
import { commitmentOf, entryHashOf } from './chain.ts';
import { findHeaderFault, namesOfHeader } from './header-check.ts';
import type { Header } from './header.ts';
import { appendLeafHash, type Frontier, leafHashOf } from './merkle.ts';
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
  readonly leaf: Uint8Array;
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

/** Content with what binds it to its header. */
interface BoundContent {
  readonly salt: Uint8Array;
  readonly bytes: Uint8Array;
  /** hex */
  readonly commitment: string;
}

/** Collects entries after `head`; `head` moves with every `add`. */
export class Sealer {
  /** Sealed and not taken yet. */
  #entries: SealedEntry[] = [];
  readonly #bound = new Map<Content, BoundContent>();
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

  /** Entries that `takeEntries` would give. */
  get waiting(): number {
    return this.#entries.length;
  }

  /** What was sealed since the last call: to be written while more is sealed. */
  takeEntries(): readonly SealedEntry[] {
    const taken = this.#entries;
    this.#entries = [];
    return taken;
  }

  /** Does ahead what needs no head: canonical bytes, salt, commitment. Each content given here is for one entry. */
  bind(contents: readonly Content[]): void {
    for (const content of contents) this.#bound.set(content, this.#bindOne(content));
  }

  /** @throws IntegrityError `bad_header` when the draft is not a valid header: an own bug, caught before it is hashed. */
  add(draft: EntryDraft): SealedEntry {
    const bound = draft.content && this.#take(draft.content);
    const seq = this.nextSeq;
    const own = { v: 1, topic: this.#head.topic, seq, day: this.#day, commitment: bound?.commitment };
    const header = orderHeader(draft.header, own);
    const fault = findHeaderFault(header);
    if (fault !== undefined) throw new IntegrityError('bad_header', `entry ${seq}: ${fault}`);
    const bytes = Buffer.from(writeHeader(header));
    const entry = entryHashOf(this.#head.entry, bytes);
    const leaf = leafHashOf(entry);
    const sealed = {
      seq,
      type: header.type,
      key: draft.key,
      ref: refOf(header),
      header: bytes,
      entry,
      leaf,
      salt: bound?.salt ?? null,
      content: bound?.bytes ?? null,
    };
    this.#entries.push(sealed);
    this.#head = { topic: this.#head.topic, entry, frontier: appendLeafHash(this.#head.frontier, leaf) };
    return sealed;
  }

  /** Once: a salt must not bind two entries. */
  #take(content: Content): BoundContent {
    const bound = this.#bound.get(content) ?? this.#bindOne(content);
    this.#bound.delete(content);
    return bound;
  }

  #bindOne(content: Content): BoundContent {
    const salt = this.#newSalt();
    const bytes = Buffer.from(canonicalText(content));
    return { salt, bytes, commitment: bytesToHex(commitmentOf(salt, bytes)) };
  }
}

/** The keys of a draft and those that sealing adds, in canonical order, so that writing need not sort. What the type does not know goes last, to be refused. */
function orderHeader(draft: HeaderDraft, own: Readonly<Record<string, string | number | undefined>>): Header {
  const given = draft as Readonly<Record<string, unknown>>;
  const header: Record<string, unknown> = {};
  const names = namesOfHeader(draft.type);
  for (const name of names) {
    const value = own[name] ?? given[name];
    if (value !== undefined) header[name] = value;
  }
  for (const name in given) if (!Object.hasOwn(header, name)) header[name] = given[name];
  return header as Header;
}

/** Canonical text of a checked header whose keys are in order: strings and integers are as JSON.stringify writes them, but for lone surrogates. */
function writeHeader(header: Header): string {
  const text = JSON.stringify(header);
  return text.includes('\\ud') ? canonicalText(header as unknown as CanonicalValue) : text;
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
