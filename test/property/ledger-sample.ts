/** A small ledger with every kind of entry, sealed without a database, and its export. */
import { countsOf, emptyFold, type Fold, foldHeader } from '../../src/counts/fold.ts';
import { GENESIS } from '../../src/ledger/chain.ts';
import { encodeBase64 } from '../../src/ledger/base64.ts';
import { formatVerifierKey, parseCheckpoint, signCheckpoint, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { signCosignature } from '../../src/ledger/cosignature.ts';
import { type ClosingLine, type EntryLine, formatCounts, formatLine } from '../../src/ledger/export-format.ts';
import { headerSchema } from '../../src/ledger/header.ts';
import { EMPTY_FRONTIER } from '../../src/ledger/merkle.ts';
import { proveConsistency, proveInclusion } from '../../src/ledger/proof.ts';
import { ContentBinder } from '../../src/ledger/bind-content.ts';
import { type EntryDraft, type HeaderDraft, type SealedEntry, Sealer } from '../../src/ledger/seal.ts';
import { NaiveTree } from './naive-tree.ts';

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

interface Sample {
  readonly sealed: readonly SealedEntry[];
  readonly fold: Fold;
  readonly tree: NaiveTree;
}

function seal(size: number): Sample {
  let salt = 0;
  const sealer = new Sealer(
    { topic: 'semax', entry: GENESIS, frontier: EMPTY_FRONTIER },
    '2026-01-02',
    new ContentBinder(() => new Uint8Array(32).fill(++salt)),
  );
  const fold = emptyFold();
  const sealed = DRAFTS.slice(0, size).map((draft) => sealer.add(draft));
  for (const { header } of sealed) foldHeader(fold, headerSchema.parse(JSON.parse(utf8.decode(header))));
  return { sealed, fold, tree: new NaiveTree(sealed.map(({ entry }) => entry)) };
}

/** Export lines with their newlines, up to `size` entries (default: all). */
export async function sampleExport(
  size = DRAFTS.length,
  more: { readonly history?: ClosingLine['history']; readonly checkpoint?: string } = {},
): Promise<string[]> {
  const { sealed, fold, tree } = seal(size);
  const { checkpoint = await signAt(tree, sealed.length), history } = more;
  return [
    formatLine({ format: 'hearsay-ledger', version: 1, topic: 'semax', origin: ORIGIN, vkey: await sampleKey() }),
    ...sealed.map((entry) => formatLine(withContent(bareLine(entry), entry, size))),
    formatLine({ checkpoint, counts: formatCounts(countsOf(fold)), ...(history ? { history } : {}) }),
  ];
}

/** The whole export with earlier checkpoints of these sizes. `seed`: who signs them. */
export async function sampleHistory(sizes: readonly number[], seed = SEED): Promise<NonNullable<ClosingLine['history']>> {
  const { tree } = seal(DRAFTS.length);
  return Promise.all(
    sizes.map(async (from) => ({
      checkpoint: await signAt(tree, from, seed),
      proof: (await proveConsistency(tree, { from, to: DRAFTS.length })).map(encodeBase64),
    })),
  );
}

/** An excerpt of these entries. */
export async function sampleExcerpt(seqs: readonly number[]): Promise<string[]> {
  const { sealed, tree } = seal(DRAFTS.length);
  const lines = seqs.map(async (seq) => {
    const entry = sealed[seq] as SealedEntry;
    const previous = Buffer.from(sealed[seq - 1]?.entry ?? GENESIS).toString('hex');
    const proof = (await proveInclusion(tree, { index: seq, size: sealed.length })).map(encodeBase64);
    return formatLine({ ...withContent(bareLine(entry), entry, DRAFTS.length), previous, proof });
  });
  return [
    formatLine({ excerpt: 1, format: 'hearsay-ledger', version: 1, topic: 'semax', origin: ORIGIN, vkey: await sampleKey() }),
    ...(await Promise.all(lines)),
    formatLine({ checkpoint: await signAt(tree, sealed.length) }),
  ];
}

/** A checkpoint of the whole sample with a cosignature line. */
export async function sampleCosigned(witness: { readonly name: string; readonly seed: Uint8Array }): Promise<string> {
  const note = await signAt(seal(DRAFTS.length).tree, DRAFTS.length);
  return `${note}${await signCosignature(parseCheckpoint(note).body, { ...witness, time: 1_770_000_000 })}\n`;
}

async function sampleKey(): Promise<string> {
  return formatVerifierKey(await verifierKeyOf(ORIGIN, SEED));
}

function signAt(tree: NaiveTree, size: number, seed = SEED): Promise<string> {
  return signCheckpoint({ origin: ORIGIN, size, root: tree.root(0, size) }, seed);
}

function bareLine(sealed: SealedEntry): { readonly entry: string; readonly header: string } {
  return { entry: Buffer.from(sealed.entry).toString('hex'), header: utf8.decode(sealed.header) };
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
