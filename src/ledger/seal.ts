/**
 * Sealing: turns drafts into hashed entries after a head. Pure but for the salts of the contents handed in.
 * Proved by test/vectors/hearsay.test.ts, which seals the worked example.
 */
import { IntegrityError } from '../errors.ts';
import type { ContentBinder } from './bind-content.ts';
import { canonicalText, type CanonicalValue } from './canonical.ts';
import { entryHashOf } from './chain.ts';
import { keysOfHeader } from './header-check.ts';
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

/** Collects entries after `head`; `head` moves with every `add`. */
export class Sealer {
  /** Sealed and not taken yet. */
  #entries: SealedEntry[] = [];
  #head: Head;
  readonly #day: string;
  readonly #contents: ContentBinder;

  /** `day`: UTC day, YYYY-MM-DD. */
  constructor(head: Head, day: string, contents: ContentBinder) {
    this.#head = head;
    this.#day = day;
    this.#contents = contents;
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

  /** @throws IntegrityError `bad_header` when the draft is not a valid header: an own bug, caught before it is hashed. */
  add(draft: EntryDraft): SealedEntry {
    const bound = draft.content && this.#contents.take(draft.content);
    const seq = this.nextSeq;
    const own = { v: 1, topic: this.#head.topic, seq, day: this.#day, commitment: bound?.commitment };
    const { header } = draft;
    const bytes = Buffer.from(writeHeader(header, own));
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
}

/**
 * Checks a header and writes its canonical form in one pass over the keys its type has, in their order: strings and integers are as
 * JSON.stringify writes them, but for lone surrogates.
 * @throws IntegrityError `bad_header` when it is not a valid header: an own bug, caught before it is hashed.
 */
function writeHeader(draft: HeaderDraft, own: Readonly<Record<string, string | number | undefined>>): string {
  const given = draft as Readonly<Record<string, unknown>>;
  let text = '';
  let left = Object.keys(given).length;
  let fault: string | undefined;
  for (const { name, accepts, optional, free } of keysOfHeader(draft.type)) {
    const value = own[name] ?? given[name];
    if (name in given) left--;
    if (value === undefined && optional) continue;
    if (!accepts(value)) fault ??= `${name}: ${value === undefined ? 'missing' : 'not a value of this version'}`;
    text += `${text === '' ? '{' : ','}"${name}":`;
    text += typeof value === 'string' && !free ? `"${value}"` : JSON.stringify(value);
  }
  if (left > 0 || text === '') fault ??= 'a key or type that is not of this version';
  if (fault !== undefined) throw new IntegrityError('bad_header', `entry ${own['seq']}: ${fault}`);
  return text.includes('\\ud') ? canonicalText({ ...given, ...own } as Record<string, CanonicalValue>) : `${text}}`;
}

/** The entry a header is about, kept as a column so that it can be looked up. */
export function refOf(header: Header | HeaderDraft): number | null {
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
