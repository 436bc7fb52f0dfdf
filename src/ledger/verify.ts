/**
 * Verification of an export (docs/ledger-format.md, "Checking"): bytes, chain, tree, signature, commitments, references, quotes in
 * their source's text, earlier checkpoints, counts. Pure: reads lines, keeps no more than the fold, the tree and a window of recent
 * texts. Stops at the first failure. One file set for Node and the browser; src/verify/ runs it on several cores.
 * Proved by test/property/export.test.ts: every changed byte, cut or added line is caught and placed.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { countsOf } from '../counts/fold.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { type ClosingLine, formatCounts, isClosing, type OpeningLine, parseClosingLine, parseEntryLine, parseOpeningLine } from './export-format.ts';
import { VerifiedChain } from './verify-chain.ts';
import { checkHistory, checkOld, checkRoot, checkSigners, describeRoot, requireOrigin } from './verify-closing.ts';
import { checkEntry, type CheckedEntry } from './verify-entry.ts';
import { ExcerptVerification } from './verify-excerpt.ts';
import { type Failed, Failure, placed, settle, type Verified, type VerifyOptions } from './verify-result.ts';

export type { Failed, Verified, VerifyOptions } from './verify-result.ts';

/** Verifies the lines of an export, each without its newline (an unterminated last line must be refused by the reader). */
export async function verifyExport(lines: AsyncIterable<string> | Iterable<string>, options: VerifyOptions = {}): Promise<Verified | Failed> {
  return settle(async () => {
    let verification: ExportVerification | ExcerptVerification | undefined;
    let number = 0;
    for await (const line of lines) {
      number++;
      if (verification) verification.add(line, number);
      else verification = startVerification(line, options);
    }
    if (!verification) throw new Failure('line 1', 'the export is empty');
    return verification.finish(number);
  });
}

/** Reads the first line. @throws Failure at `line 1` */
export function startVerification(line: string, options: VerifyOptions): ExportVerification | ExcerptVerification {
  const opening = placed('line 1', () => parseOpeningLine(line));
  return opening.excerpt ? new ExcerptVerification(opening, options) : new ExportVerification(opening, options);
}

export class ExportVerification {
  readonly opening: OpeningLine;
  readonly #options: VerifyOptions;
  readonly #chain: VerifiedChain;
  #closing: (ClosingLine & { readonly parsed: Checkpoint }) | undefined;

  constructor(opening: OpeningLine, options: VerifyOptions) {
    this.opening = opening;
    this.#options = options;
    this.#chain = new VerifiedChain(options.onProgress);
  }

  /** `number`: of the line, from 1. @throws Failure */
  add(text: string, number: number): void {
    if (isClosing(text)) this.close(text, number);
    else this.addEntry(() => checkLine(text, { topic: this.opening.topic, previous: this.#chain.head, line: number }), number);
  }

  /** An entry line; `check` gives what `checkLine` gives of it, or raises its failure. In the order of lines. @throws Failure */
  addEntry(check: () => CheckedEntry, number: number): void {
    this.#refuseAfterClosing(number);
    this.#chain.add(check());
  }

  /** @throws Failure */
  close(text: string, number: number): void {
    this.#refuseAfterClosing(number);
    const closing = placed(`line ${number}`, () => parseClosingLine(text));
    this.#closing = { ...closing, parsed: placed('checkpoint', () => parseCheckpoint(closing.checkpoint)) };
  }

  #refuseAfterClosing(number: number): void {
    if (this.#closing) throw new Failure(`line ${number}`, 'a line follows the checkpoint, which must be the last');
  }

  /** `lines`: how many there were. @throws Failure */
  async finish(lines: number): Promise<Verified> {
    const closing = this.#closing;
    if (!closing) throw new Failure(`line ${lines + 1}`, 'the export ends without a checkpoint: it was cut');
    const { tree } = this.#chain;
    const checkpoint = closing.parsed;
    this.#chain.requireTombstones();
    requireOrigin(checkpoint, this.opening);
    checkRoot(tree, checkpoint);
    const { key, signer, fingerprint, witnesses } = await checkSigners(this.opening, checkpoint, this.#options);
    if (this.#options.oldCheckpoint) checkOld(tree, this.#options.oldCheckpoint, this.opening.origin);
    const history = await checkHistory(tree, { checkpoint, history: closing.history ?? [] }, key);
    if (formatCounts(countsOf(this.#chain.fold)) !== closing.counts) throw new Failure('counts', 'the published counts are not what the headers add up to');
    return {
      ok: true,
      topic: this.opening.topic,
      ...describeRoot(checkpoint),
      entries: tree.size,
      excerpt: false,
      head: bytesToHex(this.#chain.head),
      ...this.#chain.tally,
      counts: 'equal',
      history,
      witnesses,
      signer,
      fingerprint,
    };
  }
}

/** First half of the check of one entry line. The opening line is line 1, so an entry stands on the line after its seq. @throws Failure */
function checkLine(text: string, at: { readonly topic: string; readonly previous: Uint8Array; readonly line: number }): CheckedEntry {
  return checkEntry(
    placed(`line ${at.line}`, () => parseEntryLine(text)),
    { ...at, seq: at.line - 2 },
  );
}
