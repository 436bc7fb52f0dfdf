import { beforeEach, describe, expect, it } from 'vitest';
import { ContentBinder } from '../../../src/ledger/bind-content.ts';
import { type CanonicalValue, canonicalText } from '../../../src/ledger/canonical.ts';
import { commitmentOf, entryHashOf, GENESIS } from '../../../src/ledger/chain.ts';
import { headerSchema, type Header } from '../../../src/ledger/header.ts';
import { EMPTY_FRONTIER, leafHashOf, rootOf } from '../../../src/ledger/merkle.ts';
import { type EntryDraft, type HeaderDraft, refOf, Sealer } from '../../../src/ledger/seal.ts';
import { NaiveTree } from '../../property/naive-tree.ts';

const key = Uint8Array.of(1, 2);
const utf8 = new TextDecoder();
const annotator: EntryDraft = { key, header: { type: 'annotator', annotator: 'embedded-1', kind: 'embedded', digest: 'a'.repeat(64), adopt: 1 } };
const question = (number: number): EntryDraft => ({ key, header: { type: 'question', number } as HeaderDraft, content: { text: 'Does it keep?' } });

let salts: number;
let contents: ContentBinder;
let sealer: Sealer;
const salt = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

beforeEach(() => {
  salts = 0;
  contents = new ContentBinder(() => salt(++salts));
  sealer = new Sealer({ topic: 'semax', entry: GENESIS, frontier: EMPTY_FRONTIER }, '2026-01-02', contents);
});

describe('sealing', () => {
  it('adds version, topic, seq and day, and hashes what it writes onto the head', () => {
    const first = sealer.add(annotator);
    expect(JSON.parse(utf8.decode(first.header))).toEqual({ ...annotator.header, v: 1, topic: 'semax', seq: 0, day: '2026-01-02' });
    expect(first).toMatchObject({ seq: 0, type: 'annotator', key, ref: null, salt: null, content: null });
    expect(first.entry).toEqual(entryHashOf(GENESIS, first.header));
    expect(first.leaf).toEqual(leafHashOf(first.entry));
    const second = sealer.add(question(1));
    expect(second.entry).toEqual(entryHashOf(first.entry, second.header));
    expect(sealer.waiting).toBe(2);
    expect(sealer.takeEntries()).toEqual([first, second]);
    expect(sealer.waiting).toBe(0);
    expect(sealer.takeEntries()).toEqual([]);
    expect(sealer.nextSeq).toBe(2);
    expect(sealer.head).toMatchObject({ topic: 'semax', entry: second.entry });
    expect(Buffer.from(rootOf(sealer.head.frontier))).toEqual(Buffer.from(new NaiveTree([first.entry, second.entry]).root(0, 2)));
  });

  it('commits a header to its content under a salt', () => {
    const sealed = sealer.add(question(1));
    expect(utf8.decode(sealed.content as Uint8Array)).toBe('{"text":"Does it keep?"}');
    expect(sealed.salt).toEqual(salt(1));
    const header = headerSchema.parse(JSON.parse(utf8.decode(sealed.header)));
    const commitment = commitmentOf(sealed.salt as Uint8Array, sealed.content as Uint8Array);
    expect(header).toMatchObject({ type: 'question', commitment: Buffer.from(commitment).toString('hex') });
  });

  it('takes what was bound ahead, once: a salt never binds two entries', () => {
    const draft = question(1);
    contents.bind([draft.content as NonNullable<EntryDraft['content']>]);
    expect(salts).toBe(1);
    expect(sealer.add(draft).salt).toEqual(salt(1));
    expect(salts).toBe(1);
    expect(sealer.add({ ...draft, header: question(2).header }).salt).toEqual(salt(2));
  });

  it('refuses what is no header, and stays where it was', () => {
    sealer.add(annotator);
    const { head } = sealer;
    const wrong = { key, header: { ...annotator.header, adopt: 2 } as unknown as HeaderDraft };
    expect(() => sealer.add(wrong)).toThrow(expect.objectContaining({ name: 'IntegrityError', code: 'bad_header' }));
    expect(sealer.head).toBe(head);
    expect(sealer.waiting).toBe(1);
  });
});

describe('the header that is written', () => {
  const source = { type: 'source', number: 1, platform: 'web', document_type: 'first_person_report', tier: 'anecdotal', sentiment: 'mixed' };
  const labels = { study_design: 'none', language: 'en', first_person: 1, commercial: 0, confidence_ppm: 5, flags: ['dosing'], annotator: 'a' };
  const sourceWith = (more: object): EntryDraft => {
    const header = { ...source, ...labels, thread: 0, experience: 0, ...more } as unknown as HeaderDraft;
    return { key, header, content: { text: 'Text.' } };
  };

  it('is canonical, with what may be absent or without', () => {
    for (const more of [{}, { record: 'pmid:1' }, { annotator: 'é"\n\u0000🙂' }]) {
      const text = utf8.decode(sealer.add(sourceWith(more)).header);
      expect(text).toBe(canonicalText(JSON.parse(text) as CanonicalValue));
      expect('record' in (JSON.parse(text) as object)).toBe('record' in more);
    }
  });

  it('has its place from the chain, whatever the draft says', () => {
    const claimed = { ...annotator.header, v: 2, topic: 'selank', seq: 7, day: '1999-12-31' } as unknown as HeaderDraft;
    expect(JSON.parse(utf8.decode(sealer.add({ key, header: claimed }).header))).toMatchObject({ v: 1, topic: 'semax', seq: 0, day: '2026-01-02' });
  });

  it('has no key that its type does not know', () => {
    for (const more of [{ text: 'Text.' }, { ref: 0 }]) expect(() => sealer.add(sourceWith(more))).toThrow(expect.objectContaining({ code: 'bad_header' }));
    const typeless = { key, header: { ...annotator.header, type: 'rumour' } as unknown as HeaderDraft };
    expect(() => sealer.add(typeless)).toThrow(expect.objectContaining({ code: 'bad_header' }));
  });

  it('is whole Unicode', () => {
    expect(() => sealer.add(sourceWith({ annotator: '\ud800' }))).toThrow(expect.objectContaining({ code: 'not_canonical' }));
    expect(sealer.waiting).toBe(0);
  });
});

describe('the entry that a header is about', () => {
  it.each<[object, number | null]>([
    [{ type: 'claim', source: 3 }, 3],
    [{ type: 'review', ref: 4, expects: 2 }, 4],
    [{ type: 'undo', ref: 5 }, 5],
    [{ type: 'notice', ref: 6 }, 6],
    [{ type: 'link', from: 1, to: 2 }, null],
    [{ type: 'tombstone', refs: [1] }, null],
    [{ type: 'source', thread: 1, experience: 1 }, null],
  ])('of %o is %s', (header, ref) => {
    expect(refOf(header as Header)).toBe(ref);
  });
});
