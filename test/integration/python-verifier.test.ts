/** docs/verify/verify.py on exports that the real code made of a real database: every kind of content state, history, witness, excerpt. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/db/pool.ts';
import { deriveKeys } from '../../src/keys.ts';
import { formatVerifierKey, parseCheckpoint, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { signCosignature } from '../../src/ledger/cosignature.ts';
import { erasePost } from '../../src/ledger/erase.ts';
import { type ExportOptions, exportTopic } from '../../src/ledger/export.ts';
import { readExportLines } from '../../src/ledger/read-export-lines.ts';
import { type Failed, type Verified, verifyExport } from '../../src/ledger/verify.ts';
import { collect } from '../collect.ts';
import { findDifference, skipsPython, type Verdict, verifyChangesInPython, verifyInPython } from '../run-python.ts';
import { ANNOTATOR, digest, type LedgerFixture, NOW, openLedger, report, review } from './ledger-fixture.ts';

const witness = { name: 'witness.example/w', seed: new Uint8Array(32).fill(3) };
let ledger: LedgerFixture;

async function erase(post: string): Promise<void> {
  const context = { now: NOW, folds: ledger.folds, keys: deriveKeys(new Uint8Array(32)) };
  await inTransaction(ledger.pool, (client) => erasePost(client, { postKey: digest(`post:${post}`), reason: 'request' }, context));
}

/** Appends and signs in several steps; the last tombstone is not signed any more. */
async function fillLedger(): Promise<void> {
  await ledger.append(ANNOTATOR, report({ post: 'a', text: '🙂 Naïve: it made my focus better, I think' }), report({ post: 'b', thread: 't' }));
  await ledger.sign();
  await ledger.append(review(2, { note: 'seen \u2028 "twice"' }), report({ post: 'c', thread: 't', flags: ['low_confidence'] }), {
    type: 'question',
    id: 'q',
    text: 'Does it keep?',
  });
  await ledger.sign();
  await erase('b');
  await ledger.append({ type: 'withhold', postKey: digest('post:c'), reason: 'removed_on_platform' });
  await ledger.sign();
  await ledger.append(report({ post: 'd' }), { type: 'notice', postKey: digest('post:a'), kind: 'erratum', record: 'pmid:1' });
  const { checkpoint } = JSON.parse((await exportOf({})).at(-1) as string) as { checkpoint: string };
  await ledger.sign();
  await cosignNewest(checkpoint);
  await erase('d');
}

/** As the delivery to a witness leaves it. */
async function cosignNewest(before: string): Promise<void> {
  const found = await ledger.pool.query<{ size: number; note: string }>('SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1');
  const { size, note } = found.rows[0] as { size: number; note: string };
  expect(size).toBeGreaterThan(parseCheckpoint(before).size);
  const line = await signCosignature(parseCheckpoint(note).body, { ...witness, time: 1_772_600_000 });
  await ledger.pool.query('INSERT INTO cosignature (topic, size, name, line) VALUES ($1, $2, $3, $4)', ['semax', size, witness.name, line]);
}

function exportOf(options: Partial<ExportOptions>): Promise<string[]> {
  return collect(exportTopic(ledger.pool, 'semax', { withContent: false, policyOf: () => 'summary', ...options }));
}

function verifyHere(bytes: Uint8Array): Promise<Verified | Failed> {
  return verifyExport(readExportLines([bytes]));
}

describe.skipIf(skipsPython)('the Python verifier on real exports (skipped without Python 3.9, but not in CI)', () => {
  beforeAll(async () => {
    ledger = await openLedger();
    await fillLedger();
  });
  afterAll(() => ledger.close());

  it.each<[string, Partial<ExportOptions>, object]>([
    ['with content', { withContent: true }, { open: 8, withheld: 3, erased: 3, history: 3 }],
    ['for the public, where texts may be shown', { policyOf: () => 'text' }, { open: 3, erased: 3, history: 3 }],
    ['for the public, where they may not', {}, { open: 0, erased: 3, history: 3 }],
    ['an excerpt with content', { withContent: true, entries: [0, 1, 2, 3, 4, 7, 12] }, { entries: 7, excerpt: true }],
    ['an excerpt for the public', { entries: [5, 6] }, { entries: 2, excerpt: true }],
  ])('agrees on an export %s', async (_, options, expected) => {
    const bytes = Buffer.from((await exportOf(options)).join(''));
    const key = formatVerifierKey(await verifierKeyOf('ledger.example/semax', ledger.signer.seed));
    const here = await verifyHere(bytes);
    expect(here).toMatchObject({ ok: true, ...expected });
    expect(bytes.includes('— witness.example/w ')).toBe(true);
    const there = await verifyInPython([{ export: bytes }, { export: bytes, key }]);
    expect(there.map((verdict) => findDifference(here, verdict))).toEqual([undefined, undefined]);

    const changes = fc
      .sample(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), 250)
      .map(([at, mask]) => [at, (bytes[at] as number) ^ mask] as const);
    const verdicts = await verifyChangesInPython(bytes, changes);
    for (const [index, [at, byte]] of changes.entries()) {
      const changed = await verifyHere(Buffer.from(bytes.with(at, byte)));
      expect(findDifference(changed, verdicts[index] as Verdict), `byte ${at} to ${byte}`).toBeUndefined();
    }
  });
});
