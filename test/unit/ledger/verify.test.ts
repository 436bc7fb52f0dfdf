/** What verification answers, and how it names the place where it stops. Entries: verify-hostile.test.ts; the last line: verify-closing.test.ts. */
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/ledger/canonical.ts';
import { GENESIS } from '../../../src/ledger/chain.ts';
import { fingerprintOf, parseCheckpoint, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { witnessVerifierKeyOf } from '../../../src/ledger/cosignature.ts';
import { hashEntryText } from '../../../src/ledger/hash-text.ts';
import { leafHashOf } from '../../../src/ledger/merkle.ts';
import { startVerification, verifyExport, type VerifyOptions } from '../../../src/ledger/verify.ts';
import { checkEntry } from '../../../src/ledger/verify-entry.ts';
import { Failure, placed, settle } from '../../../src/ledger/verify-result.ts';
import { excerpt, whole } from '../../conformance/python-verifier/sample.ts';
import { ORIGIN, sampleExport, SEED } from '../../property/ledger-sample.ts';

const strip = (lines: readonly string[]): string[] => lines.map((line) => line.slice(0, -1));
const verify = (lines: readonly string[], options: VerifyOptions = {}) => verifyExport(strip(lines), options);
type Closing = { readonly checkpoint: string; readonly counts: string };
const closingOf = (lines: readonly string[]): Closing => JSON.parse(lines.at(-1) as string) as Closing;
const withLast = (lines: readonly string[], closing: object): string[] => lines.with(-1, `${JSON.stringify(closing)}\n`);

const lines = await sampleExport();
const signed = parseCheckpoint(closingOf(lines).checkpoint);
const key = await verifierKeyOf(ORIGIN, SEED);
const fails = (where: string, why?: RegExp) => ({ ok: false, where, ...(why ? { why: expect.stringMatching(why) } : {}) });

describe('the answer', () => {
  const witness = { name: 'witness.example/w', seed: new Uint8Array(32).fill(9) };
  const common = { ok: true, topic: 'semax', origin: ORIGIN, size: 16, root: Buffer.from(signed.root).toString('hex'), fingerprint: fingerprintOf(key) };

  it('says all of a whole export', async () => {
    const witnesses = [await witnessVerifierKeyOf(witness)];
    expect(await verify(whole, { key, witnesses })).toEqual({
      ...common,
      entries: 16,
      excerpt: false,
      head: (JSON.parse(lines.at(-2) as string) as { entry: string }).entry,
      open: 5,
      withheld: 2,
      erased: 2,
      quotes: { checked: 2, unchecked: 2 },
      counts: 'equal',
      history: 4,
      witnesses: [{ name: witness.name, time: 1_700_000_000 }],
      signer: 'authenticated',
    });
  });

  it('says of an excerpt what an excerpt can show', async () => {
    expect(await verify(excerpt)).toEqual({
      ...common,
      entries: 6,
      excerpt: true,
      open: 4,
      withheld: 1,
      erased: 0,
      quotes: { checked: 2, unchecked: 0 },
      counts: 'not checked',
      history: 0,
      witnesses: [],
      signer: 'not authenticated',
    });
  });
});

describe('an export as a whole', () => {
  it('has lines, and an opening one first', async () => {
    expect(await verifyExport([])).toMatchObject(fails('line 1'));
    expect(() => startVerification('{}', {})).toThrow(expect.objectContaining({ where: 'line 1' }));
  });

  it.each([
    ['a whole export', lines],
    ['an excerpt', excerpt],
  ])('ends with its checkpoint, and nothing follows: %s', async (_name, of) => {
    expect(await verify(of.slice(0, -1))).toMatchObject(fails(`line ${of.length}`, /cut/));
    expect(await verify([...of, of.at(-1) as string])).toMatchObject(fails(`line ${of.length + 1}`));
    expect(await verify([...of, of[1] as string])).toMatchObject(fails(`line ${of.length + 1}`));
    expect(await verify(withLast(of, { checkpoint: 1 }))).toMatchObject(fails(`line ${of.length}`));
    expect(await verify(withLast(of, { ...closingOf(of), checkpoint: 'not a note' }))).toMatchObject(fails('checkpoint'));
  });
});

it('a line that is none is named by its number, a header that is none by its entry, with what is wrong', async () => {
  const line = JSON.parse(lines[3] as string) as { header: string };
  expect(await verify(lines.with(3, '{}\n'))).toMatchObject(fails('line 4'));
  const header = line.header.replace('"v":1', '"v":2');
  expect(await verify(lines.with(3, `${JSON.stringify({ ...line, header })}\n`))).toMatchObject(fails('seq 2', /v: not a value of this version \(line 4\)/));
});

it('an entry by itself: what it hashes to, and that it has no content', () => {
  const line = JSON.parse(lines[1] as string) as { entry: string; header: string };
  const entry = hashEntryText(GENESIS, line.header);
  const checked = { header: JSON.parse(line.header) as object, entry, leaf: leafHashOf(entry), presence: 'none' };
  expect(checkEntry(line, { topic: 'semax', previous: GENESIS, seq: 0, line: 2 })).toEqual(checked);
});

it('content is what its header commits to, under its salt', async () => {
  const line = JSON.parse(lines[2] as string) as { content: string; salt: string };
  for (const change of [{ content: line.content.replace('better', 'bettor') }, { salt: '0'.repeat(64) }])
    expect(await verify(lines.with(2, `${JSON.stringify({ ...line, ...change })}\n`))).toMatchObject(fails('seq 1', /commitment/));
});

it('content that is erased or withheld was committed to', async () => {
  const line = JSON.parse(lines[1] as string) as object;
  for (const state of ['erased', 'withheld'])
    expect(await verify(lines.with(1, `${canonicalText({ ...line, [state]: 1 })}\n`))).toMatchObject(fails('seq 0', /commits to no/));
});

describe('a failure', () => {
  it('is an answer; an own bug is not', async () => {
    expect(await settle(async () => placed('line 1', () => 5))).toBe(5);
    expect(await settle(() => Promise.reject(new Failure('line 1', 'why')))).toEqual({ ok: false, where: 'line 1', why: 'why' });
    await expect(settle(() => Promise.reject(new TypeError('own bug')))).rejects.toThrow(TypeError);
    expect(() =>
      placed('line 1', () => {
        throw new TypeError('own bug');
      }),
    ).toThrow(TypeError);
  });
});
