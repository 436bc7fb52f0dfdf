/**
 * Writes a made-up export of the size asked for: reports of 400 to 600 characters with one main claim and up to three effect claims, some reviews,
 * now and then a tombstone. Own process, so that the memory measured is the verifier's.
 *
 *   tsx bench/verify/generate.ts FILE ENTRIES
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { countsOf, emptyFold, foldHeader } from '../../src/counts/fold.ts';
import { GENESIS } from '../../src/ledger/chain.ts';
import { formatVerifierKey, signCheckpoint, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { type EntryLine, formatCounts, formatLine } from '../../src/ledger/export-format.ts';
import type { Header } from '../../src/ledger/header.ts';
import { EMPTY_FRONTIER, rootOf } from '../../src/ledger/merkle.ts';
import { ContentBinder } from '../../src/ledger/bind-content.ts';
import { type EntryDraft, type Head, type HeaderDraft, type SealedEntry, Sealer } from '../../src/ledger/seal.ts';

const ORIGIN = 'bench.example/semax';
const SEED = new Uint8Array(32).fill(5);
const ANNOTATOR = 'embedded-00000002';
const utf8 = new TextDecoder();

/** Deterministic: the same file for the same size (xorshift32, Marsaglia 2003, "Xorshift RNGs"). */
let state = 2_463_534_242;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}
const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;

const PHRASES = [
  'I have been at this for about two weeks now and',
  'my focus at work is clearly better than before,',
  'though I cannot say how much of that is the coffee.',
  'Sleep was worse on the first three nights, then normal again.',
  'No headaches so far — unlike last time.',
  'My partner noticed that I seem calmer in the evening.',
  'It did nothing at all for my mood, to be honest.',
  'Maybe it’s placebo, maybe not; I’d try it again.',
  'Memory? Hard to tell. I still forget where my keys are 🙂.',
  'I stopped after a month because I felt no difference any more.',
];

function report(seq: number, number: number): EntryDraft[] {
  const parts: string[] = [];
  const length = 400 + random(200);
  while (parts.join(' ').length < length) parts.push(pick(PHRASES));
  const text = parts.join(' ');
  const native = `t1_${(seq + 36 ** 6).toString(36)}`;
  const thread = random(4) === 0 || number === 1 ? seq : lastThread;
  lastThread = thread;
  const labels = { tier: 'anecdotal', flags: random(12) === 0 ? ['low_confidence'] : [], annotator: ANNOTATOR };
  const source: EntryDraft = {
    key: new Uint8Array(),
    header: {
      type: 'source',
      number,
      platform: pick(['reddit', 'web', 'youtube'] as const),
      document_type: 'first_person_report',
      sentiment: pick(['positive', 'mixed', 'negative'] as const),
      study_design: 'none',
      language: 'en',
      first_person: 1,
      commercial: 0,
      confidence_ppm: 600_000 + random(400_000),
      thread,
      experience: seq,
      ...labels,
    } as HeaderDraft,
    content: {
      native_id: native,
      url: `https://forum.example/t/${native}`,
      created_at: '2026-02-27T18:04:00Z',
      captured_at: '2026-03-01T07:30:12Z',
      summary: 'A person reports better focus and, at first, worse sleep.',
      text,
    },
  };
  return [source, ...Array.from({ length: 1 + random(4) }, (_, ordinal) => claim(seq, text, { isMain: ordinal === 0, labels }))];
}
let lastThread = 1;

function claim(source: number, text: string, { isMain, labels }: { readonly isMain: boolean; readonly labels: object }): EntryDraft {
  const start = random(text.length - 60);
  const quote = text.slice(start, start + 30 + random(30));
  // A quote that cuts a character in two has no canonical form.
  const whole = quote.isWellFormed() ? { quote, start, end: start + quote.length } : { quote: text.slice(0, 20), start: 0, end: 20 };
  return {
    key: new Uint8Array(),
    header: {
      type: 'claim',
      source,
      kind: isMain ? 'main' : 'effect',
      compound: 'semax',
      effect: isMain ? 'none' : pick(['focus', 'sleep', 'mood', 'memory', 'headache', 'calm']),
      direction: isMain ? 'none' : pick(['improves', 'worsens', 'no_effect']),
      confidence_ppm: 600_000 + random(400_000),
      ...labels,
    } as unknown as HeaderDraft,
    content: { statement: 'A person reports that focus improved with Semax.', effect_text: 'focus', ...whole },
  };
}

function review(ref: number): EntryDraft {
  const header = { type: 'review', ref, role: 'primary', decision: pick(['accept', 'reject'] as const), reviewer: 'r-7f3a', expects: -1 } as HeaderDraft;
  return { key: new Uint8Array(), header, content: { note: 'Read it twice; the wording is clear.' } };
}

function formatEntry(sealed: SealedEntry, isErased: boolean): string {
  const line = { entry: Buffer.from(sealed.entry).toString('hex'), header: utf8.decode(sealed.header) };
  if (!sealed.salt || !sealed.content) return formatLine(line);
  const full: EntryLine = isErased ? { ...line, erased: 1 } : { ...line, salt: Buffer.from(sealed.salt).toString('hex'), content: utf8.decode(sealed.content) };
  return formatLine(full);
}

async function generate(file: string, entries: number): Promise<void> {
  const out = createWriteStream(file);
  const fold = emptyFold();
  let head: Head = { topic: 'semax', entry: GENESIS, frontier: EMPTY_FRONTIER };
  let sources = 0;
  const write = async (drafts: readonly EntryDraft[], isErased = false): Promise<void> => {
    const sealer = new Sealer(head, '2026-03-01', new ContentBinder(() => Uint8Array.from({ length: 32 }, () => random(256))));
    let text = '';
    for (const draft of drafts.slice(0, entries - sealer.nextSeq)) {
      const sealed = sealer.add(draft);
      foldHeader(fold, JSON.parse(utf8.decode(sealed.header)) as Header);
      text += formatEntry(sealed, isErased);
    }
    head = sealer.head;
    if (!out.write(text)) await once(out, 'drain');
  };
  const vkey = formatVerifierKey(await verifierKeyOf(ORIGIN, SEED));
  out.write(formatLine({ format: 'hearsay-ledger', version: 1, topic: 'semax', origin: ORIGIN, vkey }));
  await write([{ key: new Uint8Array(), header: { type: 'annotator', annotator: ANNOTATOR, kind: 'embedded', digest: 'a'.repeat(64), adopt: 1 } }]);
  while (head.frontier.size < entries) {
    const seq = head.frontier.size;
    const drafts = report(seq, ++sources);
    // Erased at once, so that the tombstone always fits; two entries are kept back for it.
    const isErased = random(200) === 0 && seq + drafts.length + 1 <= entries;
    await write(drafts, isErased);
    if (isErased) {
      const refs = drafts.map((_, at) => seq + at);
      await write([{ key: new Uint8Array(), header: { type: 'tombstone', refs, reason: 'source_deleted' } as HeaderDraft }]);
    } else if (random(30) === 0) {
      await write([review(seq + 1)]);
    }
  }
  const checkpoint = await signCheckpoint({ origin: ORIGIN, size: entries, root: rootOf(head.frontier) }, SEED);
  out.end(formatLine({ checkpoint, counts: formatCounts(countsOf(fold)) }));
  await once(out, 'finish');
}

await generate(process.argv[2] as string, Number(process.argv[3]));
