/**
 * What somebody with the database and the signing key may write: entries that are wrong in themselves, under hashes and signatures that
 * are right. Each with the place where verification must stop. Seqs are those of test/property/ledger-sample.ts: 0 annotator, 1 source
 * with claims 2 and 3, 4 erased source with claim 5, 6 review, 7 undo, 8 withheld source with claim 9, 10 link, 11 notice, 12 withhold,
 * 13 restore, 14 tombstone, 15 question.
 */
import { type CanonicalValue, canonicalText } from '../../../src/ledger/canonical.ts';
import type { Entry } from './sealed-export.ts';

type Change = (entries: readonly Entry[]) => Entry[];
export interface Hostile {
  readonly name: string;
  readonly change: Change;
  /** `seq N`, `ok`, or whatever else verification says. */
  readonly where: string;
}
type Fields = Readonly<Record<string, CanonicalValue | undefined>>;

/** Sets keys of a header, or takes them away (`undefined`). */
function setHeader(seq: number, fields: Fields): Change {
  return edit(seq, (entry) => ({ ...entry, header: withFields(entry.header, fields) }));
}
function setContent(seq: number, fields: Fields): Change {
  return edit(seq, (entry) => ({ ...entry, content: withFields(entry.content ?? '{}', fields) }));
}
/** Exact text of a header, which need not be canonical. */
function rewriteHeader(seq: number, rewrite: (text: string) => string): Change {
  return edit(seq, (entry) => ({ ...entry, header: rewrite(entry.header) }));
}
function rewriteContent(seq: number, content: string): Change {
  return edit(seq, (entry) => ({ ...entry, content }));
}
/** What stands beside a header: content with salt, `withheld`, `erased` or nothing. */
function setState(seq: number, state: Omit<Entry, 'header'>): Change {
  return edit(seq, ({ header }) => ({ header, ...state }));
}

function edit(seq: number, change: (entry: Entry) => Entry): Change {
  return (entries) => entries.map((entry, at) => (at === seq ? change(entry) : entry));
}
function withFields(text: string, fields: Fields): string {
  const all = Object.entries({ ...(JSON.parse(text) as object), ...fields }).filter(([, value]) => value !== undefined);
  return canonicalText(Object.fromEntries(all) as CanonicalValue);
}
function hostile(name: string, where: string, change: Change): Hostile {
  return { name, where, change };
}

const salt = '07'.repeat(32);
const astral = '🙂'.repeat(100);

export const HOSTILE: readonly Hostile[] = [
  hostile('nothing changed', 'ok', (entries) => [...entries]),
  // Headers: closed lists, types and bounds.
  hostile('an unknown key', 'seq 0', setHeader(0, { extra: 1 })),
  hostile(
    'a key of the prototype',
    'seq 0',
    rewriteHeader(0, (text) => text.replace('{', '{"__proto__":1,')),
  ),
  hostile('a key of another type', 'seq 7', setHeader(7, { role: 'primary' })),
  hostile('a missing key', 'seq 1', setHeader(1, { language: undefined })),
  hostile('an unknown type', 'seq 7', setHeader(7, { type: 'redo' })),
  hostile('a type of the prototype', 'seq 7', setHeader(7, { type: 'constructor' })),
  hostile('a later version', 'seq 3', setHeader(3, { v: 2 })),
  hostile('another topic', 'seq 3', setHeader(3, { topic: 'selank' })),
  hostile('a seq too far', 'seq 3', setHeader(3, { seq: 4 })),
  hostile('a document type that never enters', 'seq 1', setHeader(1, { document_type: 'off_topic' })),
  hostile('more than a million parts', 'seq 1', setHeader(1, { confidence_ppm: 1_000_001 })),
  hostile('flags out of order', 'seq 1', setHeader(1, { flags: ['dosing', 'commercial'] })),
  hostile('a flag twice', 'seq 1', setHeader(1, { flags: ['dosing', 'dosing'] })),
  hostile('a number for a name', 'seq 1', setHeader(1, { annotator: 1 })),
  hostile('a list for a number', 'seq 1', setHeader(1, { thread: [1] })),
  hostile('a name of 200 code units', 'ok', setHeader(3, { effect: astral })),
  hostile('a name of 201 code units', 'seq 3', setHeader(3, { effect: `${astral}a` })),
  hostile('an empty name', 'seq 3', setHeader(3, { effect: '' })),
  hostile('a name with a line break', 'ok', setHeader(3, { effect: 'a\nb\u2028\u0000' })),
  hostile('a hash in capitals', 'seq 0', setHeader(0, { digest: 'A'.repeat(64) })),
  hostile('a 29th of February', 'ok', setHeader(2, { day: '2000-02-29' })),
  hostile('no 29th of February', 'seq 2', setHeader(2, { day: '1900-02-29' })),
  hostile('a year 0, which was a leap year', 'ok', setHeader(2, { day: '0000-02-29' })),
  hostile('a month 13', 'seq 2', setHeader(2, { day: '2026-13-01' })),
  hostile('a day 0', 'seq 2', setHeader(2, { day: '2026-01-00' })),
  hostile('digits of another script', 'seq 2', setHeader(2, { day: '٢٠٢٦-٠١-٠٢' })),
  hostile('a record with digits of another script', 'seq 1', setHeader(1, { record: 'pmid:١٢٣' })),
  hostile('a DOI of 290 code units behind its prefix', 'ok', setHeader(1, { record: `doi:10.${'🙂'.repeat(145)}` })),
  hostile('a DOI of 291', 'seq 1', setHeader(1, { record: `doi:10.${'🙂'.repeat(145)}a` })),
  hostile('a DOI with a no-break space', 'seq 1', setHeader(1, { record: 'doi:10.1/a\u00a0b' })),
  hostile('a DOI with a byte order mark', 'seq 1', setHeader(1, { record: 'doi:10.1/a\ufeffb' })),
  hostile('a DOI with a separator that is no white space', 'ok', setHeader(1, { record: 'doi:10.1/a\u001cb\u0085' })),
  hostile('a newline behind a language', 'seq 1', setHeader(1, { language: 'en\n' })),
  // Exact bytes.
  hostile(
    'white space',
    'seq 7',
    rewriteHeader(7, (text) => text.replace(',', ', ')),
  ),
  hostile(
    'keys out of order',
    'seq 7',
    rewriteHeader(7, (text) => text.replace(/^\{("day":"[^"]+"),("ref":6)/, '{$2,$1')),
  ),
  hostile(
    'a key twice',
    'seq 7',
    rewriteHeader(7, (text) => text.replace('"ref":6', '"ref":6,"ref":6')),
  ),
  hostile(
    'a fraction',
    'seq 7',
    rewriteHeader(7, (text) => text.replace('"ref":6', '"ref":6.0')),
  ),
  hostile(
    'an exponent',
    'seq 7',
    rewriteHeader(7, (text) => text.replace('"ref":6', '"ref":6e0')),
  ),
  hostile(
    'minus zero',
    'seq 2',
    rewriteHeader(2, (text) => text.replace('"source":1', '"source":-0')),
  ),
  hostile(
    'yes as true',
    'seq 0',
    rewriteHeader(0, (text) => text.replace('"adopt":1', '"adopt":true')),
  ),
  hostile(
    'nothing as null',
    'seq 1',
    rewriteHeader(1, (text) => text.replace('"number":1', '"number":1,"record":null')),
  ),
  hostile(
    'not a number',
    'seq 7',
    rewriteHeader(7, (text) => text.replace('"ref":6', '"ref":NaN')),
  ),
  hostile(
    'an unsafe integer',
    'seq 6',
    rewriteHeader(6, (text) => text.replace('"ref":3', '"ref":9007199254740993')),
  ),
  hostile(
    'a needless escape',
    'seq 7',
    rewriteHeader(7, (text) => text.replace('"r-1"', '"\\u0072-1"')),
  ),
  hostile(
    'a lone surrogate',
    'seq 7',
    rewriteHeader(7, (text) => text.replace('"r-1"', '"\\ud800"')),
  ),
  hostile(
    'a header that is a list',
    'seq 7',
    rewriteHeader(7, (text) => `[${text}]`),
  ),
  hostile(
    'a header that is nothing',
    'seq 7',
    rewriteHeader(7, () => ''),
  ),
  hostile(
    'a header of many brackets',
    'seq 7',
    rewriteHeader(7, () => '['.repeat(100_000)),
  ),
  // References and running numbers.
  hostile('a source number left out', 'seq 4', setHeader(4, { number: 3 })),
  hostile('a source number twice', 'seq 4', setHeader(4, { number: 1 })),
  hostile('a question number left out', 'seq 15', setHeader(15, { number: 2 })),
  hostile('a thread that begins later', 'seq 1', setHeader(1, { thread: 4 })),
  hostile('a thread that begins with a claim', 'seq 4', setHeader(4, { thread: 2 })),
  hostile('an experience of its own', 'ok', setHeader(8, { experience: 4 })),
  hostile('a source that supersedes itself', 'seq 4', setHeader(4, { supersedes: 4 })),
  hostile('a source that supersedes an earlier one', 'ok', setHeader(4, { supersedes: 1 })),
  hostile('a claim of a claim', 'seq 3', setHeader(3, { source: 2 })),
  hostile('a review of a review', 'seq 6', setHeader(6, { ref: 6 })),
  hostile('a review of a source', 'ok', setHeader(6, { ref: 1 })),
  hostile('a review that expects a claim', 'seq 6', setHeader(6, { expects: 3 })),
  hostile('an undo of a claim', 'seq 7', setHeader(7, { ref: 3 })),
  hostile('a link to a claim', 'seq 10', setHeader(10, { to: 2 })),
  hostile('a notice about itself', 'seq 11', setHeader(11, { ref: 11 })),
  hostile('a withhold of an undo', 'seq 12', setHeader(12, { refs: [7] })),
  hostile('a withhold of nothing', 'seq 12', setHeader(12, { refs: [] })),
  hostile('a withhold of what comes later', 'seq 12', setHeader(12, { refs: [8, 15] })),
  hostile('refs out of order', 'seq 12', setHeader(12, { refs: [9, 8] })),
  hostile('refs that sort as text', 'seq 12', setHeader(12, { refs: [6, 10, 9] })),
  // Content, tombstones, quotes.
  hostile('content without a commitment', 'seq 7', setState(7, { content: '{}', salt })),
  hostile('withheld without a commitment', 'seq 7', setState(7, { withheld: 1 })),
  hostile('erased without a commitment', 'seq 7', setState(7, { erased: 1 })),
  hostile('content missing without a reason', 'seq 1', setState(1, {})),
  hostile('erased without a tombstone', 'seq 1', setState(1, { erased: 1 })),
  hostile('withheld, and a quote that cannot be looked up', 'ok', setState(1, { withheld: 1 })),
  hostile('withheld, though a tombstone names it', 'ok', setState(4, { withheld: 1 })),
  hostile('open, though a tombstone names it', 'seq 1', setHeader(14, { refs: [1, 4, 5] })),
  hostile('a tombstone for one of two', 'seq 5', setHeader(14, { refs: [4] })),
  hostile('two tombstones for one', 'ok', (entries) => [...entries, setHeader(14, { seq: 16 })(entries)[14] as Entry]),
  hostile('content that is not canonical', 'seq 15', rewriteContent(15, '{"text": "Does it keep?"}')),
  hostile('content that is a list', 'seq 15', rewriteContent(15, '["Does it keep?"]')),
  hostile('content that is no JSON', 'seq 15', rewriteContent(15, 'Does it keep?')),
  hostile('content with a fraction', 'seq 15', rewriteContent(15, '{"text":1.5}')),
  hostile('content with keys in the order of code points', 'seq 15', rewriteContent(15, '{"\ufb33":1,"😀":2}')),
  hostile('content with keys in the order of code units', 'ok', rewriteContent(15, '{"😀":2,"\ufb33":1}')),
  hostile('a source without text', 'seq 1', setContent(1, { text: undefined })),
  hostile('a text that is a number', 'seq 1', setContent(1, { text: 1 })),
  hostile('another text', 'seq 2', setContent(1, { text: 'My focus is worse.' })),
  hostile('a quote that is not there', 'seq 2', setContent(2, { quote: 'My focus is worse.' })),
  hostile('a quote that ends elsewhere', 'seq 2', setContent(2, { end: 18 })),
  hostile('offsets that count code points', 'seq 3', setContent(3, { start: 32, end: 48 })),
  hostile('offsets that cut a surrogate pair', 'seq 3', setContent(3, { start: 27, end: 28, quote: '?' })),
  hostile('offsets that are texts', 'seq 3', setContent(3, { start: '33' })),
  hostile('no quote', 'seq 2', setContent(2, { quote: undefined })),
  hostile('no quote, of a source that is withheld', 'seq 2', (entries) => setContent(2, { quote: undefined })(setState(1, { withheld: 1 })(entries))),
  hostile('no quote, and a flag that says so', 'ok', (entries) => setHeader(2, { flags: ['ungrounded'] })(setContent(2, { quote: undefined })(entries))),
];
