/** A small ledger with every kind of entry, sealed without a database, and its export. */
import { countsOf, emptyFold, foldHeader } from '../../src/counts/fold.ts';
import { GENESIS } from '../../src/ledger/chain.ts';
import { formatVerifierKey, signCheckpoint, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { type EntryLine, formatCounts, formatLine } from '../../src/ledger/export-format.ts';
import { headerSchema } from '../../src/ledger/header.ts';
import { EMPTY_FRONTIER, rootOf } from '../../src/ledger/merkle.ts';
import { type EntryDraft, type HeaderDraft, Sealer } from '../../src/ledger/seal.ts';

export const SEED = Uint8Array.from({ length: 32 }, (_, index) => index);
export const ORIGIN = 'ledger.example/semax';
const utf8 = new TextDecoder();
const key = new Uint8Array();
const text = 'My focus is better.\nNaïve 🙂, but I got headaches';

function source(number: number, more: object = {}): EntryDraft {
  const header = {
    type: 'source',
    number,
    platform: 'web',
    document_type: 'first_person_report',
    tier: 'anecdotal',
    sentiment: 'mixed',
    study_design: 'none',
    language: 'en',
    first_person: 1,
    commercial: 0,
    confidence_ppm: 930_000,
    flags: [],
    annotator: 'embedded-00000001',
    ...more,
  };
  return { key, header: header as unknown as HeaderDraft, content: { native_id: `n${number}`, summary: 'Better focus.', text } };
}

function claim(of: number, quote: string, more: object): EntryDraft {
  const start = text.indexOf(quote);
  const header = {
    type: 'claim',
    source: of,
    compound: 'semax',
    tier: 'anecdotal',
    confidence_ppm: 900_000,
    flags: [],
    annotator: 'embedded-00000001',
    ...more,
  };
  return { key, header: header as unknown as HeaderDraft, content: { statement: 'A statement.', quote, start, end: start + quote.length, effect_text: '' } };
}

/** Fifteen entries; the second source is erased, content of the third source is withheld in the export. */
const DRAFTS: readonly EntryDraft[] = [
  { key, header: { type: 'annotator', annotator: 'embedded-00000001', kind: 'embedded', digest: 'a'.repeat(64), adopt: 1 } },
  source(1, { thread: 1, experience: 1 }),
  claim(1, 'My focus is better.', { kind: 'main', effect: 'none', direction: 'none' }),
  claim(1, 'I got headaches', { kind: 'effect', effect: 'headache', direction: 'worsens', flags: ['low_confidence'] }),
  source(2, { thread: 1, experience: 4, platform: 'reddit', flags: ['commercial'], commercial: 1 }),
  claim(4, 'My focus is better.', { kind: 'main', effect: 'none', direction: 'none' }),
  { key, header: { type: 'review', ref: 3, role: 'primary', decision: 'accept', reviewer: 'r-1', expects: -1 } as HeaderDraft, content: { note: 'seen' } },
  { key, header: { type: 'undo', ref: 6, reviewer: 'r-1' } },
  source(3, { thread: 8, experience: 8, platform: 'pubmed', document_type: 'primary_study', tier: 'human', study_design: 'rct', record: 'pmid:123' }),
  claim(8, 'My focus is better.', { kind: 'main', effect: 'none', direction: 'none', tier: 'human' }),
  { key, header: { type: 'link', from: 4, to: 1 } },
  { key, header: { type: 'notice', ref: 8, kind: 'erratum', record: 'pmid:124' } },
  { key, header: { type: 'withhold', refs: [8, 9], reason: 'removed_on_platform' } },
  { key, header: { type: 'restore', refs: [8, 9], reason: 'back_on_platform' } },
  { key, header: { type: 'tombstone', refs: [4, 5], reason: 'source_deleted' } },
  { key, header: { type: 'question', number: 1 } as HeaderDraft, content: { text: 'Does it keep?' } },
];
const ERASED = new Set([4, 5]);
/** Seq of the tombstone: before it nothing is erased. */
const TOMBSTONE = 14;
const WITHHELD = new Set([8, 9]);

/** Export lines with their newlines, up to `size` entries (default: all). */
export async function sampleExport(size = DRAFTS.length): Promise<string[]> {
  let salt = 0;
  const sealer = new Sealer({ topic: 'semax', entry: GENESIS, frontier: EMPTY_FRONTIER }, '2026-01-02', () => new Uint8Array(32).fill(++salt));
  const fold = emptyFold();
  const lines: string[] = [];
  for (const draft of DRAFTS.slice(0, size)) {
    const sealed = sealer.add(draft);
    foldHeader(fold, headerSchema.parse(JSON.parse(utf8.decode(sealed.header))));
    const line = { entry: Buffer.from(sealed.entry).toString('hex'), header: utf8.decode(sealed.header) };
    lines.push(formatLine(withContent(line, sealed, size)));
  }
  const root = rootOf(sealer.head.frontier);
  const vkey = formatVerifierKey(await verifierKeyOf(ORIGIN, SEED));
  const checkpoint = await signCheckpoint({ origin: ORIGIN, size: sealer.head.frontier.size, root }, SEED);
  return [
    formatLine({ format: 'hearsay-ledger', version: 1, topic: 'semax', origin: ORIGIN, vkey }),
    ...lines,
    formatLine({ checkpoint, counts: formatCounts(countsOf(fold)) }),
  ];
}

function withContent(
  line: { entry: string; header: string },
  sealed: { seq: number; salt: Uint8Array | null; content: Uint8Array | null },
  size: number,
): EntryLine {
  if (!sealed.salt || !sealed.content) return line;
  if (ERASED.has(sealed.seq) && size > TOMBSTONE) return { ...line, erased: 1 };
  if (WITHHELD.has(sealed.seq)) return { ...line, withheld: 1 };
  return { ...line, salt: Buffer.from(sealed.salt).toString('hex'), content: utf8.decode(sealed.content) };
}
