/** The entries of an excerpt: what they are held to, and what is counted. Its checkpoint: verify.test.ts. */
import { describe, expect, it } from 'vitest';
import { GENESIS } from '../../../src/ledger/chain.ts';
import { hashEntryText } from '../../../src/ledger/hash-text.ts';
import { verifyExport } from '../../../src/ledger/verify.ts';
import { bytesOf, entries, excerpt, seal, verifyHere } from '../../conformance/python-verifier/sample.ts';
import { commit, type Entry, sealExport } from '../../conformance/python-verifier/sealed-export.ts';

type Line = Readonly<Record<string, unknown>>;
const verify = (lines: readonly string[]) => verifyExport(lines.map((line) => line.slice(0, -1)));
const parsed = excerpt.map((line) => JSON.parse(line) as Line);
const withLine = (at: number, change: object): string[] => excerpt.with(at, `${JSON.stringify({ ...parsed[at], ...change })}\n`);
const fails = (where: string, why: RegExp) => ({ ok: false, where, why: expect.stringMatching(why) });
const hashOf = (previous: Uint8Array, header: string): string => Buffer.from(hashEntryText(previous, header)).toString('hex');

/** An excerpt of these entries, of a log in which some may be other than in the sample. */
async function verifyExcerpt(seqs: readonly number[], changes: Readonly<Record<number, Partial<Entry>>> = {}) {
  const changed = entries.map((entry, seq) => commit({ ...entry, ...changes[seq] }));
  return verifyHere(bytesOf(await sealExport(changed, { ...seal, excerpt: seqs })));
}

describe('the chain', () => {
  it('ascends, whatever is left out', async () => {
    expect(await verify(excerpt.toSpliced(2, 0, excerpt[2] as string))).toMatchObject(fails('line 4', /ascend/));
    expect(await verify([excerpt[0], excerpt[2], excerpt[1], ...excerpt.slice(3)] as string[])).toMatchObject(fails('line 3', /ascend/));
  });

  it('goes from entry to entry where they are neighbours', async () => {
    const header = String(parsed[1]?.['header']).replace('embedded-00000001', 'embedded-00000002');
    expect(await verify(withLine(1, { header, entry: hashOf(GENESIS, header) }))).toMatchObject(fails('seq 1', /follows/));
  });

  it('begins with nothing before entry 0', async () => {
    const previous = new Uint8Array(32).fill(1);
    const entry = hashOf(previous, String(parsed[1]?.['header']));
    const alone = withLine(1, { previous: Buffer.from(previous).toString('hex'), entry }).toSpliced(2, 1);
    expect(await verify(alone)).toMatchObject(fails('seq 0', /before the first/));
  });
});

describe('an entry', () => {
  it('belongs to the topic, and hashes to what it says', async () => {
    const selank = excerpt.with(0, `${JSON.stringify({ ...parsed[0], topic: 'selank' })}\n`);
    expect(await verify(selank)).toMatchObject(fails('line 2', /topic/));
    expect(await verify(withLine(1, { previous: '1'.repeat(64) }))).toMatchObject(fails('line 2', /hash/));
  });

  it('has a proof that leads to the checkpoint', async () => {
    const { proof: right } = parsed[1] as { proof: string[] };
    for (const proof of [['!'], [...right, '!']]) expect(await verify(withLine(1, { proof }))).toMatchObject(fails('seq 0', /base64/));
    expect(await verify(withLine(2, { proof: parsed[3]?.['proof'] }))).toMatchObject(fails('seq 1', /proof/));
  });
});

describe('content', () => {
  const claim = { effect_text: '', end: 19, quote: 'My focus is better.', start: 0, statement: 'A statement.' };

  it('of a claim has a quote and its place, also where no source is there to look it up in', async () => {
    expect(await verifyExcerpt([2], { 2: { content: JSON.stringify(claim) } })).toMatchObject({ ok: true });
    for (const change of [{ quote: 1 }, { start: '0' }, { end: '19' }])
      expect(await verifyExcerpt([2], { 2: { content: JSON.stringify({ ...claim, ...change }) } })).toMatchObject(fails('seq 2', /quote/));
  });

  it('is an object', async () => {
    for (const content of ['5', '"text"', '[]', 'null', '{']) expect(await verifyExcerpt([15], { 15: { content } })).toMatchObject(fails('seq 15', /object/));
  });
});

describe('what is counted', () => {
  it('is what was open, withheld, erased, and the quotes whose source is there', async () => {
    const all = entries.map((_, seq) => seq);
    expect(await verifyExcerpt(all)).toMatchObject({ ok: true, entries: 16, open: 5, withheld: 2, erased: 2, quotes: { checked: 2, unchecked: 2 } });
    expect(await verifyExcerpt([2])).toMatchObject({ ok: true, entries: 1, open: 1, quotes: { checked: 0, unchecked: 1 } });
    expect(await verifyExcerpt([4, 8])).toMatchObject({ ok: true, open: 0, withheld: 1, erased: 1, quotes: { checked: 0, unchecked: 0 } });
    const { header } = entries[2] as Entry;
    const withheld = entries.with(2, { header, withheld: 1 });
    const lines = await sealExport(withheld, { ...seal, excerpt: [1, 2] });
    expect(await verify(lines)).toMatchObject({ ok: true, open: 1, withheld: 1, quotes: { checked: 0, unchecked: 1 } });
  });
});

describe('what entries say of each other', () => {
  it('is checked where both are there: a quote', async () => {
    const content = '{"effect_text":"","end":4,"quote":"Your","start":0,"statement":"A statement."}';
    expect(await verifyExcerpt([1, 2], { 2: { content } })).toMatchObject(fails('seq 2', /quote/));
    expect(await verifyExcerpt([2], { 2: { content } })).toMatchObject({ ok: true });
  });

  it('is checked while the text is kept: of the newest thousand sources', async () => {
    const [annotator, source, claim] = entries as [Entry, Entry, Entry];
    const at = (entry: Entry, seq: number): Entry => ({ ...entry, header: entry.header.replace(/"seq":\d+/, `"seq":${seq}`) });
    const sources = Array.from({ length: 1_001 }, (_, index) => at(source, index + 1));
    const lines = await sealExport([annotator, ...sources, at(claim, 1_002)], { ...seal, excerpt: Array.from({ length: 1_003 }, (_, seq) => seq) });

    expect(await verify(lines)).toMatchObject({ ok: true, open: 1_002, quotes: { checked: 0, unchecked: 1 } });
    expect(await verify(lines.toSpliced(500, 1))).toMatchObject({ ok: true, open: 1_001, quotes: { checked: 1, unchecked: 0 } });
  });

  it('is checked where both are there: a tombstone of what is open', async () => {
    const header = (entries[14] as Entry).header.replace('"refs":[4,5]', '"refs":[3,4]');
    expect(await verifyExcerpt([3, 14], { 14: { header } })).toMatchObject(fails('seq 3', /tombstone 14/));
    expect(await verifyExcerpt([2, 14], { 14: { header } })).toMatchObject({ ok: true });
    expect(await verifyExcerpt([4, 5, 14])).toMatchObject({ ok: true, erased: 2 });
  });
});
