/**
 * What entries say of each other: a claim's source, a review's subject, running numbers, first of thread and
 * experience, and that each quote stands in its source's text. Part of verification (verify-chain.ts). One byte per entry.
 */
import { IntegrityError } from '../errors.ts';
import { ByteColumn } from './byte-column.ts';
import type { EntryType, Header } from './header.ts';
import type { CheckedEntry } from './verify-entry.ts';

/** Claims follow their source in one append; older texts need not be kept. */
const TEXT_WINDOW = 1_000;
/** In UTF-16 code units: what the window may hold of long texts. */
const MAX_WINDOW = 32 * 1024 * 1024;

const TYPES: readonly EntryType[] = ['annotator', 'source', 'claim', 'review', 'undo', 'link', 'withhold', 'restore', 'tombstone', 'notice', 'question'];
const CODES = new Map(TYPES.map((type, code) => [type, code]));

/** The texts of the newest open sources, by seq. */
export class TextWindow {
  readonly #texts = new Map<number, string>();
  #held = 0;

  keep(seq: number, text: string): void {
    this.#texts.set(seq, text);
    this.#held += text.length;
    for (const [oldest, old] of this.#texts) {
      if (this.#texts.size <= TEXT_WINDOW && this.#held <= MAX_WINDOW) break;
      this.#texts.delete(oldest);
      this.#held -= old.length;
    }
  }

  get(seq: number): string | undefined {
    return this.#texts.get(seq);
  }
}

export class ReferenceChecker {
  /** Code of each entry's type. */
  readonly #types = new ByteColumn();
  readonly #texts = new TextWindow();
  #sources = 0;
  #questions = 0;
  #checked = 0;
  #unchecked = 0;

  /** Quotes found verbatim, and quotes that could not be looked up because content is withheld or erased. */
  get quotes(): { readonly checked: number; readonly unchecked: number } {
    return { checked: this.#checked, unchecked: this.#unchecked };
  }

  /** Running numbers given out. */
  get numbers(): { readonly sources: number; readonly questions: number } {
    return { sources: this.#sources, questions: this.#questions };
  }

  /** Entries must come in the order of seq. @throws IntegrityError `bad_reference`, `bad_quote` */
  check(entry: CheckedEntry): void {
    const { header } = entry;
    this.#checkRefs(header);
    if (header.type === 'claim') this.#checkQuote(header.source, entry);
    if (entry.text !== undefined) this.#texts.keep(header.seq, entry.text);
    this.#types.push(CODES.get(header.type) as number);
  }

  #checkRefs(header: Header): void {
    switch (header.type) {
      case 'source':
        if (header.number !== ++this.#sources) throw bad(`is numbered ${header.number}, expected ${this.#sources}`);
        for (const key of ['thread', 'experience'] as const) if (header[key] !== header.seq) this.#expect(header[key], ['source'], key);
        if (header.supersedes !== undefined) this.#expect(header.supersedes, ['source'], 'supersedes');
        break;
      case 'claim':
        this.#expect(header.source, ['source'], 'source');
        break;
      case 'review':
        this.#expect(header.ref, ['source', 'claim'], 'ref');
        if (header.expects >= 0) this.#expect(header.expects, ['review', 'undo'], 'expects');
        break;
      case 'undo':
        this.#expect(header.ref, ['review'], 'ref');
        break;
      case 'notice':
        this.#expect(header.ref, ['source'], 'ref');
        break;
      case 'link':
        this.#expect(header.from, ['source'], 'from');
        this.#expect(header.to, ['source'], 'to');
        break;
      case 'withhold':
      case 'restore':
      case 'tombstone':
        for (const ref of header.refs) this.#expect(ref, ['source', 'claim', 'review', 'question'], 'refs');
        break;
      case 'question':
        if (header.number !== ++this.#questions) throw bad(`is numbered ${header.number}, expected ${this.#questions}`);
        break;
      case 'annotator':
        break;
    }
  }

  #expect(seq: number, types: readonly EntryType[], key: string): void {
    const code = this.#types.at(seq);
    const found = code === undefined ? undefined : TYPES[code];
    if (!found || !types.includes(found)) throw bad(`${key} names entry ${seq}, which is ${found ? `a ${found}` : 'not before it'}`);
  }

  #checkQuote(source: number, entry: CheckedEntry): void {
    const text = this.#texts.get(source);
    if (entry.presence !== 'open' || text === undefined) {
      this.#unchecked++;
      return;
    }
    requireQuote(text, entry);
    this.#checked++;
  }
}

/** @throws IntegrityError `bad_quote` when an open claim's quote does not stand in its source's text, though no flag says so. */
export function requireQuote(text: string, { header, quote }: CheckedEntry): void {
  if (header.type !== 'claim' || (quote !== undefined && text.slice(quote[1], quote[2]) === quote[0]) || header.flags.includes('ungrounded')) return;
  throw new IntegrityError('bad_quote', `the quote does not stand in the text of source ${header.source}`);
}

function bad(why: string): IntegrityError {
  return new IntegrityError('bad_reference', why);
}
