/**
 * Verification of an export (docs/ledger-format.md, "Checking"): bytes, chain, tree, signature, commitments,
 * references, quotes in their source's text, counts. Pure: reads lines, keeps no more than the fold and a
 * window of recent texts. Stops at the first failure. Proved by test/property/export.test.ts: every changed byte,
 * cut or added line is caught and placed.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { HearsayError } from '../errors.ts';
import { countsOf, emptyFold, foldHeader } from '../counts/fold.ts';
import { type CanonicalValue, canonicalText } from './canonical.ts';
import { commitmentOf, entryHashOf, GENESIS } from './chain.ts';
import { type Checkpoint, fingerprintOf, isSignedBy, parseCheckpoint, parseVerifierKey, type VerifierKey } from './checkpoint.ts';
import { closingLine, entryLine, type EntryLine, formatCounts, type OpeningLine, openingLine, parseLine } from './export-format.ts';
import { type Header, headerSchema } from './header.ts';
import { appendLeaf, EMPTY_FRONTIER, type Frontier, rootOf } from './merkle.ts';
import { ReferenceChecker } from './references.ts';

export interface VerifyOptions {
  /** Trusted key, from outside the export; absent = consistency only. */
  readonly key?: VerifierKey;
  /** An older checkpoint, kept outside: the log must still have exactly this root at its size. */
  readonly oldCheckpoint?: Checkpoint;
  readonly onProgress?: (entries: number) => void;
}

export interface Verified {
  readonly ok: true;
  readonly topic: string;
  readonly origin: string;
  readonly size: number;
  /** hex */
  readonly root: string;
  /** The last entry's hash, hex. */
  readonly head: string;
  readonly open: number;
  readonly withheld: number;
  readonly erased: number;
  readonly quotes: { readonly checked: number; readonly unchecked: number };
  readonly signer: 'authenticated' | 'not authenticated';
  /** Sha-256 of the public key in the export, hex. */
  readonly fingerprint: string;
}

/** `where`: `seq N`, `line N`, `checkpoint`, `key`, `counts`. */
export interface Failed {
  readonly ok: false;
  readonly where: string;
  readonly why: string;
}

class Failure extends Error {
  readonly where: string;
  constructor(where: string, why: string) {
    super(why);
    this.where = where;
  }
}

const encoder = new TextEncoder();

/** Verifies the lines of an export, each without its newline (an unterminated last line must be refused by the reader). */
export async function verifyExport(lines: AsyncIterable<string> | Iterable<string>, options: VerifyOptions = {}): Promise<Verified | Failed> {
  try {
    return await new Verification(options).run(lines);
  } catch (error) {
    if (error instanceof Failure) return { ok: false, where: error.where, why: error.message };
    throw error;
  }
}

class Verification {
  readonly #options: VerifyOptions;
  #frontier: Frontier = EMPTY_FRONTIER;
  #entry: Uint8Array = GENESIS;
  #rootAtOld: Uint8Array | undefined;
  readonly #fold = emptyFold();
  readonly #references = new ReferenceChecker();
  #open = 0;
  #withheld = 0;
  readonly #erasedSeqs = new Set<number>();
  readonly #openSeqs = new Map<number, true>();

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  async run(lines: AsyncIterable<string> | Iterable<string>): Promise<Verified> {
    let opening: OpeningLine | undefined;
    let closed: { checkpoint: Checkpoint; counts: string } | undefined;
    let number = 0;
    for await (const line of lines) {
      number++;
      if (closed) throw new Failure(`line ${number}`, 'a line follows the checkpoint, which must be the last');
      if (!opening) {
        opening = placed(`line ${number}`, () => parseLine(line, openingLine));
        this.#noteOldSize();
      } else if (line.startsWith('{"checkpoint":')) {
        const closing = placed(`line ${number}`, () => parseLine(line, closingLine));
        closed = { checkpoint: placed('checkpoint', () => parseCheckpoint(closing.checkpoint)), counts: closing.counts };
      } else {
        this.#addEntry(
          placed(`line ${number}`, () => parseLine(line, entryLine)),
          opening.topic,
          number,
        );
      }
    }
    if (!opening) throw new Failure('line 1', 'the export is empty');
    if (!closed) throw new Failure(`line ${number + 1}`, 'the export ends without a checkpoint: it was cut');
    return this.#finish(opening, closed.checkpoint, closed.counts);
  }

  #addEntry(line: EntryLine, topic: string, number: number): void {
    const seq = this.#frontier.size;
    const bytes = encoder.encode(line.header);
    const header = parseHeader(line.header, seq, number);
    if (header.topic !== topic) throw new Failure(`seq ${seq}`, `the header belongs to topic ${header.topic}`);
    if (header.seq !== seq) throw new Failure(`seq ${seq}`, `found seq ${header.seq}: an entry is missing, added or out of order (line ${number})`);
    this.#entry = entryHashOf(this.#entry, bytes);
    if (bytesToHex(this.#entry) !== line.entry) throw new Failure(`seq ${seq}`, 'header and predecessor do not hash to the entry: it was changed');
    this.#checkContent(header, line, seq);
    placed(`seq ${seq}`, () => this.#references.check(header, 'content' in line ? line.content : undefined));
    this.#frontier = appendLeaf(this.#frontier, this.#entry);
    foldHeader(this.#fold, header);
    this.#noteOldSize();
    if (header.type === 'tombstone') for (const ref of header.refs) this.#noteErased(ref, seq);
    if (this.#frontier.size % 10_000 === 0) this.#options.onProgress?.(this.#frontier.size);
  }

  #checkContent(header: Header, line: EntryLine, seq: number): void {
    const commitment = 'commitment' in header ? header.commitment : undefined;
    if ('content' in line) {
      if (!commitment) throw new Failure(`seq ${seq}`, 'content for an entry that commits to none');
      const actual = bytesToHex(commitmentOf(hexToBytes(line.salt), encoder.encode(line.content)));
      if (actual !== commitment) throw new Failure(`seq ${seq}`, 'the content does not match its commitment');
      this.#open++;
      this.#openSeqs.set(seq, true);
    } else if ('withheld' in line) {
      if (!commitment) throw new Failure(`seq ${seq}`, 'marked withheld, but the entry commits to no content');
      this.#withheld++;
    } else if ('erased' in line) {
      if (!commitment) throw new Failure(`seq ${seq}`, 'marked erased, but the entry commits to no content');
      this.#erasedSeqs.add(seq);
    } else if (commitment) {
      throw new Failure(`seq ${seq}`, 'the content is missing without a reason');
    }
  }

  /** A tombstone explains missing content; content that outlives its tombstone was not destroyed. */
  #noteErased(ref: number, tombstone: number): void {
    if (this.#openSeqs.has(ref)) throw new Failure(`seq ${ref}`, `tombstone ${tombstone} says its content was erased, but it is here`);
    this.#erasedSeqs.delete(ref);
    this.#erasedTotal++;
  }
  #erasedTotal = 0;

  #noteOldSize(): void {
    if (this.#options.oldCheckpoint?.size === this.#frontier.size) this.#rootAtOld = rootOf(this.#frontier);
  }

  async #finish(opening: OpeningLine, checkpoint: Checkpoint, counts: string): Promise<Verified> {
    const { key, oldCheckpoint } = this.#options;
    const size = this.#frontier.size;
    const unexplained = this.#erasedSeqs.values().next();
    if (!unexplained.done) throw new Failure(`seq ${unexplained.value}`, 'marked erased, but no tombstone says so');
    if (checkpoint.origin !== opening.origin) throw new Failure('checkpoint', `signed for ${checkpoint.origin}, not ${opening.origin}`);
    if (checkpoint.size !== size) throw new Failure('checkpoint', `covers ${checkpoint.size} entries, the export has ${size}: entries were cut or added`);
    const root = rootOf(this.#frontier);
    if (bytesToHex(root) !== bytesToHex(checkpoint.root)) throw new Failure('checkpoint', 'the root does not match the entries: an entry was changed');
    const ownKey = placed('key', () => parseVerifierKey(opening.vkey));
    if (ownKey.name !== opening.origin) throw new Failure('key', `the key is named ${ownKey.name}, not ${opening.origin}`);
    if (!(await isSignedBy(checkpoint, ownKey))) throw new Failure('checkpoint', "the signature does not hold under the export's key");
    if (key && !(await isSignedBy(checkpoint, key))) throw new Failure('key', 'the checkpoint is not signed by the key you trust');
    if (oldCheckpoint) this.#checkOld(oldCheckpoint, opening.origin, size);
    const recounted = formatCounts(countsOf(this.#fold));
    if (recounted !== counts) throw new Failure('counts', 'the published counts are not what the headers add up to');
    return {
      ok: true,
      topic: opening.topic,
      origin: opening.origin,
      size,
      root: bytesToHex(root),
      head: bytesToHex(this.#entry),
      open: this.#open,
      withheld: this.#withheld,
      erased: this.#erasedTotal,
      quotes: this.#references.quotes,
      signer: key ? 'authenticated' : 'not authenticated',
      fingerprint: fingerprintOf(ownKey),
    };
  }

  #checkOld(old: Checkpoint, origin: string, size: number): void {
    if (old.origin !== origin) throw new Failure('checkpoint', `the older checkpoint is of ${old.origin}, not ${origin}`);
    if (old.size > size) throw new Failure('checkpoint', `the older checkpoint covers ${old.size} entries, the export has only ${size}: the log was cut back`);
    if (!this.#rootAtOld || bytesToHex(this.#rootAtOld) !== bytesToHex(old.root)) {
      throw new Failure('checkpoint', `the log is not an extension of the older checkpoint at size ${old.size}: history was rewritten`);
    }
  }
}

/** Exact bytes: a header must be the canonical form of what it says, or one meaning would have two hashes. */
function parseHeader(text: string, seq: number, number: number): Header {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure(`seq ${seq}`, `the header is not JSON (line ${number})`);
  }
  const parsed = headerSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Failure(`seq ${seq}`, `not a valid header: ${issue?.path.join('.') || 'it'}: ${issue?.message} (line ${number})`);
  }
  if (canonicalText(parsed.data as unknown as CanonicalValue) !== text) throw new Failure(`seq ${seq}`, `the header is not in canonical form (line ${number})`);
  return parsed.data;
}

/** Runs a check and says where it failed. */
function placed<T>(where: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof HearsayError) throw new Failure(where, error.message);
    throw error;
  }
}
