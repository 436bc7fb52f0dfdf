/** A ledger in memory behind the reader port: headers of a test chain, contents beside them. */
import { createHash } from 'node:crypto';
import { countsOf, listClaims, listCounted, listSources, rankClaims, stateOf, type ClaimState, type Fold, type SourceState } from '../../../src/counts/fold.ts';
import type {
  ClaimContent,
  ClaimRow,
  CoMention,
  Drop,
  EntryRow,
  LedgerReader,
  Page,
  PageQuery,
  SourceContent,
  SourceRow,
} from '../../../src/api/ledger-reader.ts';
import type { HeaderOf } from '../../../src/ledger/header.ts';
import { Chain } from '../counts/chain.ts';
import { must } from '../counts/must.ts';

export const ROOT = 'ab'.repeat(32);
export const NOTE = 'ledger.example/semax\n4\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n\n— ledger.example/semax AAAA\n';

export class MemoryLedger implements LedgerReader {
  readonly chain = new Chain();
  readonly sourceContents = new Map<number, SourceContent>();
  readonly claimContents = new Map<number, ClaimContent>();
  dropped: Drop[] = [];
  mentioned: CoMention[] = [];
  signed = true;

  /** Adds a source with one main claim that quotes it. */
  post(
    text: string,
    extra: {
      source?: Partial<HeaderOf<'source'>>;
      content?: Partial<SourceContent>;
      claim?: Partial<HeaderOf<'claim'>>;
      quote?: string;
    } = {},
  ) {
    const source = this.chain.source(extra.source);
    this.sourceContents.set(source, {
      text,
      title: `Title of ${source}`,
      url: `https://forum.example/${source}`,
      created_at: '2026-01-01T10:00:00Z',
      summary: `Summary of ${source}.`,
      ...extra.content,
    });
    const claim = this.chain.claim(source, { tier: 'anecdotal', ...extra.claim });
    this.claimContents.set(claim, {
      statement: `Statement of ${claim}.`,
      quote: extra.quote ?? text,
      start: 0,
      end: text.length,
      effect_text: '',
    });
    return { source, claim };
  }

  effect(source: number, extra: Partial<HeaderOf<'claim'>> = {}): number {
    const claim = this.chain.effect(source, extra);
    this.claimContents.set(claim, { statement: `Statement of ${claim}.`, quote: 'my focus', start: 0, end: 8, effect_text: 'focus' });
    return claim;
  }

  #fold(): Fold {
    return this.chain.fold();
  }

  #sourceRow(fold: Fold, seq: number): SourceRow {
    const content = this.sourceContents.get(seq);
    return { header: this.chain.headers[seq] as HeaderOf<'source'>, state: stateOf(fold, seq) as SourceState, ...(content && { content }) };
  }

  #claimRow(fold: Fold, seq: number): ClaimRow {
    const header = this.chain.headers[seq] as HeaderOf<'claim'>;
    const content = this.claimContents.get(seq);
    return { header, state: stateOf(fold, seq) as ClaimState, source: this.#sourceRow(fold, header.source), ...(content && { content }) };
  }

  #entryRow(fold: Fold, seq: number): EntryRow {
    const header = must(this.chain.headers[seq]);
    const hash = createHash('sha256').update(JSON.stringify(header)).digest('hex');
    if (header.type === 'source') return { header, hash, source: this.#sourceRow(fold, seq) };
    return { header, hash, ...(header.type === 'claim' && { claim: this.#claimRow(fold, seq) }) };
  }

  #page<Row>(seqs: readonly number[], query: PageQuery, row: (seq: number) => Row): Page<Row> {
    const after = seqs.filter((seq) => seq > (query.cursor ?? -1));
    const shown = after.slice(0, query.limit);
    return { rows: shown.map(row), ...(after.length > shown.length && { next: must(shown.at(-1)) }) };
  }

  async counts(slug: string) {
    return slug === 'semax' ? { ...countsOf(this.#fold()), topic: slug, head: { size: this.chain.headers.length, root: ROOT } } : undefined;
  }

  async sources(_slug: string, { cursor, limit, ...filter }: Parameters<LedgerReader['sources']>[1]) {
    const fold = this.#fold();
    return this.#page(listSources(fold, filter), { cursor, limit }, (seq) => this.#sourceRow(fold, seq));
  }

  async claims(_slug: string, { cursor, limit, ...filter }: Parameters<LedgerReader['claims']>[1]) {
    const fold = this.#fold();
    return this.#page(listClaims(fold, filter), { cursor, limit }, (seq) => this.#claimRow(fold, seq));
  }

  async counted(_slug: string, number: string, query: PageQuery) {
    const fold = this.#fold();
    const seqs = listCounted(fold, number);
    return { ...this.#page(seqs, query, (seq) => this.#entryRow(fold, seq)), total: seqs.length };
  }

  async ranked(_slug: string, query: Parameters<LedgerReader['ranked']>[1], limit: number) {
    const fold = this.#fold();
    return rankClaims(fold, query, limit).map((seq) => this.#claimRow(fold, seq));
  }

  async entry(_slug: string, seq: number) {
    return seq < this.chain.headers.length ? this.#entryRow(this.#fold(), seq) : undefined;
  }

  async checkpoint() {
    return this.signed ? { size: 4, root: ROOT, note: NOTE, signed_at: '2026-01-02T00:00:00Z', vkey: 'ledger.example/semax+5e662a06+AUXc' } : undefined;
  }

  async drops() {
    return this.dropped;
  }

  async coMentions() {
    return this.mentioned;
  }
}
