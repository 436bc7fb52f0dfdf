/**
 * What entries say of each other: a claim's source, a review's subject, running numbers, first of thread and
 * experience, and that each quote stands in its source's text. Part of verification (verify.ts).
 */
import { IntegrityError } from '../errors.ts';
import type { EntryType, Header, HeaderOf } from './header.ts';

/** Claims follow their source in one append; older texts need not be kept. */
const TEXT_WINDOW = 1_000;

export class ReferenceChecker {
  readonly #types: EntryType[] = [];
  readonly #texts = new Map<number, string>();
  #sources = 0;
  #questions = 0;
  #checked = 0;
  #unchecked = 0;

  /** Quotes found verbatim, and quotes that could not be looked up because content is withheld or erased. */
  get quotes(): { readonly checked: number; readonly unchecked: number } {
    return { checked: this.#checked, unchecked: this.#unchecked };
  }

  /** `content`: the entry's content bytes as text, where they are open. @throws IntegrityError `bad_reference`, `bad_quote` */
  check(header: Header, content: string | undefined): void {
    switch (header.type) {
      case 'source':
        if (header.number !== ++this.#sources) throw bad(`is numbered ${header.number}, expected ${this.#sources}`);
        for (const key of ['thread', 'experience'] as const) if (header[key] !== header.seq) this.#expect(header[key], ['source'], header, key);
        if (header.supersedes !== undefined) this.#expect(header.supersedes, ['source'], header, 'supersedes');
        if (content !== undefined) this.#keepText(header.seq, content);
        break;
      case 'claim':
        this.#expect(header.source, ['source'], header, 'source');
        this.#checkQuote(header, content);
        break;
      case 'review':
        this.#expect(header.ref, ['source', 'claim'], header, 'ref');
        if (header.expects >= 0) this.#expect(header.expects, ['review', 'undo'], header, 'expects');
        break;
      case 'undo':
        this.#expect(header.ref, ['review'], header, 'ref');
        break;
      case 'notice':
        this.#expect(header.ref, ['source'], header, 'ref');
        break;
      case 'link':
        this.#expect(header.from, ['source'], header, 'from');
        this.#expect(header.to, ['source'], header, 'to');
        break;
      case 'withhold':
      case 'restore':
      case 'tombstone':
        for (const ref of header.refs) this.#expect(ref, ['source', 'claim', 'review', 'question'], header, 'refs');
        break;
      case 'question':
        if (header.number !== ++this.#questions) throw bad(`is numbered ${header.number}, expected ${this.#questions}`);
        break;
      case 'annotator':
        break;
    }
    this.#types.push(header.type);
  }

  #expect(seq: number, types: readonly EntryType[], header: Header, key: string): void {
    const found = seq < header.seq ? this.#types[seq] : undefined;
    if (!found || !types.includes(found)) throw bad(`${key} names entry ${seq}, which is ${found ? `a ${found}` : 'not before it'}`);
  }

  #keepText(seq: number, content: string): void {
    const { text } = JSON.parse(content) as { text?: unknown };
    if (typeof text !== 'string') throw bad('a source without text');
    this.#texts.set(seq, text);
    if (this.#texts.size > TEXT_WINDOW) this.#texts.delete(this.#texts.keys().next().value as number);
  }

  #checkQuote(header: HeaderOf<'claim'>, content: string | undefined): void {
    const text = this.#texts.get(header.source);
    if (content === undefined || text === undefined) {
      this.#unchecked++;
      return;
    }
    const { quote, start, end } = JSON.parse(content) as { quote?: unknown; start?: unknown; end?: unknown };
    const found = typeof quote === 'string' && typeof start === 'number' && typeof end === 'number' && text.slice(start, end) === quote;
    if (!found && !header.flags.includes('ungrounded'))
      throw new IntegrityError('bad_quote', `the quote does not stand in the text of source ${header.source}`);
    this.#checked++;
  }
}

function bad(why: string): IntegrityError {
  return new IntegrityError('bad_reference', why);
}
