/**
 * Verification of an excerpt: some entries of a log, each with the hash before it and its RFC 6962 inclusion proof. What needs the
 * whole chain cannot be checked in it: references, most tombstones, counts. Proved by test/property/excerpt.test.ts.
 */
import { decodeBase64 } from './base64.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { GENESIS } from './chain.ts';
import { isClosing, type OpeningLine, parseExcerptClosingLine, parseExcerptLine } from './export-format.ts';
import { equalBytes, readHex } from './hex.ts';
import { verifyInclusion } from './proof.ts';
import { requireQuote, TextWindow } from './references.ts';
import { checkSigners, describeRoot, requireOrigin } from './verify-closing.ts';
import { checkEntry, type CheckedEntry } from './verify-entry.ts';
import { Failure, placed, type Verified, type VerifyOptions } from './verify-result.ts';

/** Proofs wait for the checkpoint, which is the last line: this many, at most. */
const MAX_ENTRIES = 65_536;

interface Waiting {
  readonly seq: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

export class ExcerptVerification {
  readonly #opening: OpeningLine;
  readonly #options: VerifyOptions;
  readonly #waiting: Waiting[] = [];
  readonly #open = new Set<number>();
  readonly #texts = new TextWindow();
  #last: CheckedEntry | undefined;
  #withheld = 0;
  #erased = 0;
  readonly #quotes = { checked: 0, unchecked: 0 };
  #checkpoint: Checkpoint | undefined;

  constructor(opening: OpeningLine, options: VerifyOptions) {
    this.#opening = opening;
    this.#options = options;
  }

  /** `number`: of the line, from 1. @throws Failure */
  add(text: string, number: number): void {
    const where = `line ${number}`;
    if (this.#checkpoint) throw new Failure(where, 'a line follows the checkpoint, which must be the last');
    if (isClosing(text)) {
      const closing = placed(where, () => parseExcerptClosingLine(text));
      this.#checkpoint = placed('checkpoint', () => parseCheckpoint(closing.checkpoint));
      return;
    }
    if (this.#waiting.length === MAX_ENTRIES) throw new Failure(where, `an excerpt of more than ${MAX_ENTRIES} entries is not read: export the whole log`);
    const line = placed(where, () => parseExcerptLine(text));
    const previous = readHex(line.previous);
    const entry = checkEntry(line, { topic: this.#opening.topic, previous, line: number });
    const { seq } = entry.header;
    if (this.#last && seq <= this.#last.header.seq) throw new Failure(where, `found seq ${seq} after ${this.#last.header.seq}: entries ascend`);
    if (this.#last && seq === this.#last.header.seq + 1 && !equalBytes(previous, this.#last.entry))
      throw new Failure(`seq ${seq}`, 'the entry before it is in the excerpt, but not the one it follows');
    if (seq === 0 && !equalBytes(previous, GENESIS)) throw new Failure('seq 0', 'it says that an entry came before the first');
    this.#last = entry;
    const proof = line.proof.map(decodeBase64);
    if (proof.some((hash) => hash === undefined)) throw new Failure(`seq ${seq}`, 'the proof is not base64');
    this.#waiting.push({ seq, leaf: entry.leaf, proof: proof as Uint8Array[] });
    this.#noteContent(entry);
  }

  #noteContent(entry: CheckedEntry): void {
    const { header } = entry;
    if (entry.presence === 'open') this.#open.add(header.seq);
    else if (entry.presence === 'withheld') this.#withheld++;
    else if (entry.presence === 'erased') this.#erased++;
    if (entry.text !== undefined) this.#texts.keep(header.seq, entry.text);
    if (header.type === 'tombstone') {
      const kept = header.refs.find((ref) => this.#open.has(ref));
      if (kept !== undefined) throw new Failure(`seq ${kept}`, `tombstone ${header.seq} says its content was erased, but it is here`);
    }
    if (header.type !== 'claim') return;
    const text = this.#texts.get(header.source);
    if (entry.presence !== 'open' || text === undefined) {
      this.#quotes.unchecked++;
      return;
    }
    placed(`seq ${header.seq}`, () => requireQuote(text, entry));
    this.#quotes.checked++;
  }

  /** `lines`: how many there were. @throws Failure */
  async finish(lines: number): Promise<Verified> {
    const checkpoint = this.#checkpoint;
    if (!checkpoint) throw new Failure(`line ${lines + 1}`, 'the excerpt ends without a checkpoint: it was cut');
    requireOrigin(checkpoint, this.#opening);
    const { signer, fingerprint, witnesses } = await checkSigners(this.#opening, checkpoint, this.#options);
    const old = this.#options.oldCheckpoint;
    if (old) this.#checkOld(checkpoint, old);
    for (const { seq, leaf, proof } of this.#waiting)
      placed(`seq ${seq}`, () => verifyInclusion({ index: seq, size: checkpoint.size, leaf, root: checkpoint.root, proof }));
    return {
      ok: true,
      topic: this.#opening.topic,
      ...describeRoot(checkpoint),
      entries: this.#waiting.length,
      excerpt: true,
      open: this.#open.size,
      withheld: this.#withheld,
      erased: this.#erased,
      quotes: this.#quotes,
      counts: 'not checked',
      history: 0,
      witnesses,
      signer,
      fingerprint,
    };
  }

  /** An excerpt has no proof of consistency: only a checkpoint of the same size can be compared. */
  #checkOld(checkpoint: Checkpoint, old: Checkpoint): void {
    if (old.origin !== checkpoint.origin) throw new Failure('checkpoint', `the older checkpoint is of ${old.origin}, not ${checkpoint.origin}`);
    if (old.body === checkpoint.body) return;
    const why = old.size === checkpoint.size ? 'has another root: history was rewritten' : 'cannot be compared with an excerpt: export the whole log';
    throw new Failure('checkpoint', `the older checkpoint, of size ${old.size}, ${why}`);
  }
}
