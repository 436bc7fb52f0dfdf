/** Builds small chains of headers for tests: each call appends one entry with sensible labels and returns its seq. */
import type { Header, HeaderOf } from '../../../src/ledger/header.ts';
import { emptyFold, foldHeader, type Fold } from '../../../src/counts/fold.ts';

const HASH = '0'.repeat(64);
type Extra<T extends Header['type']> = Partial<HeaderOf<T>>;

export class Chain {
  readonly headers: Header[] = [];
  #sources = 0;

  constructor(annotator: string | null = 'embedded-a') {
    if (annotator !== null) this.annotator(annotator);
  }

  #push(header: Header): number {
    this.headers.push(header);
    return header.seq;
  }

  #base() {
    return { v: 1 as const, topic: 'semax', seq: this.headers.length, day: '2026-01-02' };
  }

  annotator(annotator: string): number {
    return this.#push({ ...this.#base(), type: 'annotator', annotator, kind: 'embedded', digest: HASH, adopt: 1 });
  }

  source(extra: Extra<'source'> = {}): number {
    const base = this.#base();
    this.#sources += 1;
    return this.#push({
      ...base,
      type: 'source',
      commitment: HASH,
      number: this.#sources,
      platform: 'reddit',
      document_type: 'first_person_report',
      tier: 'anecdotal',
      sentiment: 'positive',
      study_design: 'none',
      language: 'en',
      first_person: 1,
      commercial: 0,
      confidence_ppm: 900_000,
      flags: [],
      annotator: 'embedded-a',
      thread: base.seq,
      experience: base.seq,
      ...extra,
    });
  }

  study(extra: Extra<'source'> = {}): number {
    return this.source({
      platform: 'pubmed',
      document_type: 'primary_study',
      tier: 'human',
      study_design: 'rct',
      first_person: 0,
      ...extra,
    });
  }

  claim(source: number, extra: Extra<'claim'> = {}): number {
    const labels = { kind: 'main', compound: 'semax', effect: 'none', direction: 'none', tier: 'anecdotal' } as const;
    const annotator = 'embedded-a';
    return this.#push({
      ...this.#base(),
      type: 'claim',
      commitment: HASH,
      source,
      ...labels,
      confidence_ppm: 900_000,
      flags: [],
      annotator,
      ...extra,
    });
  }

  effect(source: number, extra: Extra<'claim'> = {}): number {
    return this.claim(source, { kind: 'effect', effect: 'focus', direction: 'improves', ...extra });
  }

  review(ref: number, extra: Extra<'review'> = {}): number {
    const labels = { role: 'primary', decision: 'accept', reviewer: 'r-1', expects: -1 } as const;
    return this.#push({ ...this.#base(), type: 'review', commitment: HASH, ref, ...labels, ...extra });
  }

  undo(ref: number): number {
    return this.#push({ ...this.#base(), type: 'undo', ref, reviewer: 'r-1' });
  }

  link(from: number, to: number): number {
    return this.#push({ ...this.#base(), type: 'link', from, to });
  }

  withhold(refs: number[], reason = 'removed'): number {
    return this.#push({ ...this.#base(), type: 'withhold', refs, reason });
  }

  restore(refs: number[]): number {
    return this.#push({ ...this.#base(), type: 'restore', refs, reason: 'live again' });
  }

  tombstone(refs: number[], reason: HeaderOf<'tombstone'>['reason'] = 'source_deleted'): number {
    return this.#push({ ...this.#base(), type: 'tombstone', refs, reason });
  }

  notice(ref: number, kind: HeaderOf<'notice'>['kind'] = 'retraction'): number {
    return this.#push({ ...this.#base(), type: 'notice', ref, kind, record: 'pmid:1' });
  }

  question(): number {
    return this.#push({ ...this.#base(), type: 'question', commitment: HASH, number: 1 });
  }

  fold(): Fold {
    const fold = emptyFold();
    for (const header of this.headers) foldHeader(fold, header);
    return fold;
  }
}
