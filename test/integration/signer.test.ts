import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pool } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { createPool, inTransaction } from '../../src/db/pool.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { fingerprintOf, formatVerifierKey, isSignedBy, nameKey, parseCheckpoint, signCheckpoint, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { exportTopic } from '../../src/ledger/export.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import { readNewestCheckpoint } from '../../src/ledger/published.ts';
import { type Verified, verifyExport } from '../../src/ledger/verify.ts';
import { noteFileName } from '../../src/signer/note-store.ts';
import { runSigner } from '../../src/signer/run-signer.ts';
import { signLog } from '../../src/signer/sign-logs.ts';
import { type Signer, signTopic } from '../../src/signer/sign-topic.ts';
import { readSigningStatus } from '../../src/signer/status.ts';
import { createTestDatabase } from './database.ts';
import { ANNOTATOR, type LedgerFixture, NOW, openLedger, report } from './ledger-fixture.ts';
import { backUp, restore } from './restore-rows.ts';
import { tamper } from './tamper.ts';

const ORIGIN = 'ledger.example/semax';
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function ledger(): Promise<LedgerFixture> {
  const fixture = await openLedger();
  open.push(fixture);
  return fixture;
}

async function emptyDatabase(): Promise<Pool> {
  const database = await createTestDatabase();
  const pool = createPool(database.url, { applicationName: 'test-signer' });
  open.push({
    async close() {
      await pool.end();
      await database.drop();
    },
  });
  return pool;
}

function appendTo(pool: Pool, ...posts: string[]): Promise<unknown> {
  return inTransaction(pool, (client) =>
    appendEntries(
      client,
      { topic: 'semax', now: NOW, folds: new FoldReader() },
      posts.map((post) => report({ post })),
    ),
  );
}

function notePath({ notes }: Signer): string {
  return path.join(notes.dir, `${noteFileName(ORIGIN)}.checkpoint`);
}

const signed = async (pool: Pool): Promise<number[]> =>
  (await pool.query<{ size: number }>('SELECT size FROM checkpoint WHERE topic = $1 ORDER BY size', ['semax'])).rows.map(({ size }) => size);

describe('signing a log', () => {
  it('puts one note into the file and the table, with its key, and only when something is new', async () => {
    const { pool, signer, sign, append } = await ledger();
    expect(await sign()).toEqual({ kind: 'empty' });
    await append(ANNOTATOR, report({ post: 'a' }));
    expect(await sign()).toEqual({ kind: 'signed', size: 4 });
    expect(await sign()).toEqual({ kind: 'unchanged', size: 4 });
    await append(report({ post: 'b' }));
    expect(await sign()).toEqual({ kind: 'signed', size: 7 });
    const newest = await readNewestCheckpoint(pool, 'semax');
    expect(newest).toMatchObject({ origin: ORIGIN, size: 7, key: await verifierKeyOf(ORIGIN, signer.seed) });
    expect(await readFile(notePath(signer), 'utf8')).toBe(newest?.note);
    expect(await isSignedBy(parseCheckpoint(newest?.note ?? ''), await verifierKeyOf(ORIGIN, signer.seed))).toBe(true);
    expect(await signed(pool)).toEqual([4, 7]);
  });

  it('goes on from the table where the directory is new, and says so', async () => {
    const { pool, signer, sign, append } = await ledger();
    await append(ANNOTATOR);
    await sign();
    await append(report({ post: 'a' }));
    const said: string[] = [];
    const moved: Signer = { ...(await ledger()).signer, log: { warn: (_fields, message) => said.push(message) } };
    expect(await signTopic(pool, 'semax', moved)).toEqual({ kind: 'signed', size: 4 });
    expect(said).toEqual([expect.stringContaining('going on from the newest checkpoint in the database')]);
    expect(await moved.notes.read(ORIGIN)).not.toBe(await signer.notes.read(ORIGIN));
    expect(await signTopic(pool, 'semax', moved)).toEqual({ kind: 'unchanged', size: 4 });
    expect(said).toHaveLength(1);
  });

  it('publishes the note of the file after a crash between file and table', async () => {
    const { pool, signer, append } = await ledger();
    await append(ANNOTATOR, report({ post: 'a' }));
    const root = (await readRootOf(pool)).root;
    const note = await signCheckpoint({ origin: ORIGIN, size: 4, root }, signer.seed);
    await signer.notes.write(ORIGIN, note, undefined);
    expect(await signed(pool)).toEqual([]);
    // Something new came meanwhile: both notes belong into the table.
    await append(report({ post: 'b' }));
    expect(await signTopic(pool, 'semax', signer)).toEqual({ kind: 'signed', size: 7 });
    expect(await signed(pool)).toEqual([4, 7]);
    // And where nothing new came, the one.
    await append(report({ post: 'c' }));
    const ahead = await signCheckpoint({ origin: ORIGIN, ...(await readRootOf(pool)) }, signer.seed);
    await signer.notes.write(ORIGIN, ahead, await signer.notes.read(ORIGIN));
    expect(await signTopic(pool, 'semax', signer)).toEqual({ kind: 'signed', size: 10 });
    expect((await readNewestCheckpoint(pool, 'semax'))?.note).toBe(ahead);
  });

  it('needs no other rights than those of the signing role', async () => {
    const { url, signer, append } = await ledger();
    await append(ANNOTATOR, report({ post: 'a' }));
    const limited = new URL(url);
    limited.searchParams.set('options', '-c role=hearsay_sign');
    const pool = createPool(limited.href, { applicationName: 'test-signer', max: 2 });
    try {
      expect(await signLog(pool, 'semax', { signer, now: () => NOW })).toMatchObject({ kind: 'signed', size: 4 });
      expect(await readSigningStatus(pool, { host: 'ledger.example', notes: signer.notes })).toMatchObject([{ unsigned: 0, own_size: 4 }]);
      await expect(pool.query('SELECT 1 FROM ledger_content')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await pool.end();
    }
  });

  it('survives two signers and an appender at once: sizes only grow, and every note is of one history', async () => {
    const { pool, signer, append, verify } = await ledger();
    await append(ANNOTATOR);
    const seen: number[] = [];
    let appending = true;
    const follow = async (): Promise<void> => {
      while (appending) {
        const result = await signTopic(pool, 'semax', signer);
        if (result.kind !== 'empty') seen.push(parseCheckpoint((await signer.notes.read(ORIGIN)) ?? '').size);
      }
    };
    const write = async (): Promise<void> => {
      for (let at = 0; at < 40; at++) await append(report({ post: `p${at}` }));
      appending = false;
    };
    await Promise.all([follow(), follow(), follow(), write()]);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBeGreaterThan(2);
    expect(await verify()).toMatchObject({ ok: true, size: 121 });
    expect(parseCheckpoint(await readFile(notePath(signer), 'utf8')).size).toBe(121);
  });
});

async function readRootOf(pool: Pool): Promise<{ size: number; root: Uint8Array }> {
  const { decodeFrontier, rootOf } = await import('../../src/ledger/merkle.ts');
  const found = await pool.query<{ size: number; frontier: Buffer }>('SELECT size, frontier FROM ledger_head');
  const row = found.rows[0] as { size: number; frontier: Buffer };
  return { size: row.size, root: rootOf(decodeFrontier(row.size, row.frontier)) };
}

describe('a signer refuses', () => {
  it('a restored old backup, also after it grew past what was signed, and goes on when the newer data is back', async () => {
    const { pool, signer, sign, append } = await ledger();
    await append(ANNOTATOR, report({ post: 'a' }));
    await sign();
    const backup = await backUp(pool);
    await append(report({ post: 'b' }), report({ post: 'c' }));
    await sign();

    const restored = await emptyDatabase();
    await restore(restored, backup);
    const context = { signer, now: () => NOW };
    expect(await signLog(restored, 'semax', context)).toMatchObject({ kind: 'refused', error: { code: 'log_shrunk' }, isNews: true });
    expect(await signLog(restored, 'semax', context)).toMatchObject({ kind: 'refused', isNews: false });
    // Appending to it does not help: the note remembers another past.
    await appendTo(restored, 'x', 'y', 'z');
    expect(await signLog(restored, 'semax', context)).toMatchObject({ kind: 'refused', error: { code: 'log_inconsistent' } });
    expect(await signed(restored)).toEqual([4]);
    expect(await readSigningStatus(restored, { host: 'ledger.example', notes: signer.notes })).toMatchObject([
      { topic: 'semax', entries: 13, unsigned: 9, own_size: 10, refusal: { code: 'log_inconsistent', since: NOW.toISOString() } },
    ]);
    // The way out that keeps the log: the newer data.
    expect(await signLog(pool, 'semax', context)).toMatchObject({ kind: 'unchanged', size: 10 });
    expect(await signer.notes.readRefusal(ORIGIN)).toBeUndefined();
    // The other one: end this log and begin another under a new origin, in the same database.
    const renamed: Signer = { ...signer, host: 'ledger2.example' };
    expect(await signLog(restored, 'semax', { ...context, signer: renamed })).toMatchObject({ kind: 'signed', size: 13 });
    expect((await readNewestCheckpoint(restored, 'semax'))?.origin).toBe('ledger2.example/semax');
  });

  it('an old backup together with an old directory, where an outside place remembers', async () => {
    const { pool, signer, sign, append } = await ledger();
    await append(ANNOTATOR);
    await sign();
    const old = { backup: await backUp(pool), note: await signer.notes.read(ORIGIN) };
    await append(report({ post: 'a' }));
    await sign();
    const outside = { place: 'dir:/elsewhere', note: (await signer.notes.read(ORIGIN)) ?? '' };
    const restored = await emptyDatabase();
    await restore(restored, old.backup);
    await writeFile(notePath(signer), old.note ?? '');
    expect(await signTopic(restored, 'semax', signer)).toEqual({ kind: 'unchanged', size: 1 });
    const remembering: Signer = { ...signer, newestOutside: async () => outside };
    await expect(signTopic(restored, 'semax', remembering)).rejects.toMatchObject({ code: 'log_shrunk', message: expect.stringContaining('dir:/elsewhere') });
    const notOurs = await signCheckpoint({ origin: ORIGIN, size: 9, root: new Uint8Array(32) }, new Uint8Array(32).fill(1));
    await expect(signTopic(pool, 'semax', { ...signer, newestOutside: async () => ({ ...outside, note: notOurs }) })).rejects.toMatchObject({
      code: 'signer_key_changed',
    });
    await expect(signTopic(pool, 'semax', { ...signer, newestOutside: async () => ({ ...outside, note: 'nonsense' }) })).rejects.toMatchObject({
      code: 'signer_note_damaged',
    });
  });

  it('a history of the same size and another root', async () => {
    const { signer, sign, append } = await ledger();
    await append(ANNOTATOR, report({ post: 'a' }));
    await sign();
    const rewritten = await ledger();
    await rewritten.append(ANNOTATOR, report({ post: 'a', text: 'another text, which was never written' }));
    await expect(signTopic(rewritten.pool, 'semax', signer)).rejects.toMatchObject({ code: 'log_rewritten' });
    // With the log's own checkpoints copied over as well, so that the database agrees with itself.
    await expect(signTopic(rewritten.pool, 'semax', { ...signer, notes: rewritten.signer.notes })).resolves.toMatchObject({ kind: 'signed' });
    expect(await signed(rewritten.pool)).toEqual([4]);
  });

  it('a head that its entries and tiles do not lead to', async () => {
    const { pool, url, signer, append } = await ledger();
    await append(ANNOTATOR, report({ post: 'a' }));
    await tamper(url, 'ledger_head', `UPDATE ledger_head SET frontier = decode(repeat('11', 32), 'hex')`);
    await expect(signTopic(pool, 'semax', signer)).rejects.toMatchObject({ code: 'tree_differs' });
    expect(await signer.notes.read(ORIGIN)).toBeUndefined();
  });

  it('to sign beside what the table holds under another root', async () => {
    const { pool, signer, append } = await ledger();
    await append(ANNOTATOR);
    const foreign = await signCheckpoint({ origin: 'older.example/semax', size: 1, root: new Uint8Array(32) }, signer.seed);
    await pool.query('INSERT INTO checkpoint (topic, size, root, note) VALUES ($1, 1, $2, $3)', ['semax', Buffer.alloc(32), foreign]);
    await expect(signTopic(pool, 'semax', signer)).rejects.toMatchObject({ code: 'checkpoint_conflict' });
    expect(await signer.notes.read(ORIGIN)).toBeUndefined();
  });

  it('a memory that is damaged, of another log, or of another key', async () => {
    const { pool, signer, sign, append } = await ledger();
    await append(ANNOTATOR);
    await sign();
    const note = await readFile(notePath(signer), 'utf8');
    const stranger = new Uint8Array(32).fill(1);
    for (const [text, code] of [
      ['', 'signer_note_damaged'],
      [note.slice(0, -1), 'signer_note_damaged'],
      [await signCheckpoint({ ...parseCheckpoint(note), origin: 'ledger.example/other' }, signer.seed), 'signer_note_damaged'],
      [await signCheckpoint(parseCheckpoint(note), stranger), 'signer_key_changed'],
      [note.replace(/.{4}\n$/, 'AAA=\n'), 'signer_note_damaged'],
      [note.replace('\n1\n', '\n0\n'), 'signer_note_damaged'],
    ] as const) {
      await writeFile(notePath(signer), text);
      await expect(signTopic(pool, 'semax', signer), JSON.stringify(text)).rejects.toMatchObject({ code });
    }
    // Without a file, the same of the table.
    const elsewhere = { ...(await ledger()).signer, seed: stranger };
    await expect(signTopic(pool, 'semax', elsewhere)).rejects.toMatchObject({ code: 'signer_key_changed' });
    await writeFile(notePath(signer), note);
    expect(await sign()).toEqual({ kind: 'unchanged', size: 1 });
  });

  it('topics whose names would be more than a slug, and signs the others', async () => {
    const { pool, signer, append } = await ledger();
    await append(ANNOTATOR);
    for (const name of ['a b', 'evil\n5\nAAAA', 'a/b', 'A', '']) {
      await expect(signLog(pool, name, { signer, now: () => NOW }), name).rejects.toMatchObject({ code: 'bad_origin' });
    }
  });
});

describe('a change of keys', () => {
  it('is said once by a person; both keys stay known, and exports of either verify with it', async () => {
    const { pool, signer, sign, append } = await ledger();
    await append(ANNOTATOR, report({ post: 'a' }));
    await sign();
    const before = await exportLines(pool);
    const oldKey = await verifierKeyOf(ORIGIN, signer.seed);
    const changed: Signer = { ...signer, seed: new Uint8Array(32).fill(10) };
    const newKey = await verifierKeyOf(ORIGIN, changed.seed);
    await expect(signTopic(pool, 'semax', changed)).rejects.toMatchObject({ code: 'signer_key_changed' });
    await expect(signTopic(pool, 'semax', { ...changed, previousKey: new Uint8Array(32).fill(3) })).rejects.toMatchObject({ code: 'signer_key_changed' });
    // The public key of any other topic's verifier key will do: it is the same.
    const { publicKey } = nameKey('ledger.example/other', oldKey.publicKey);
    expect(await signTopic(pool, 'semax', { ...changed, previousKey: publicKey })).toEqual({ kind: 'signed', size: 4 });
    // From here on without help; the checkpoint of that size stays the old key's.
    expect(await signTopic(pool, 'semax', changed)).toMatchObject({ size: 4 });
    expect((await readNewestCheckpoint(pool, 'semax'))?.key).toEqual(oldKey);
    // A place still has what the old key signed: the own note vouches for it.
    const outside = { place: 'dir:/elsewhere', note: (await readNewestCheckpoint(pool, 'semax'))?.note ?? '' };
    expect(await signTopic(pool, 'semax', { ...changed, newestOutside: async () => outside })).toMatchObject({ size: 4 });
    await append(report({ post: 'b' }));
    expect(await signTopic(pool, 'semax', changed)).toEqual({ kind: 'signed', size: 7 });
    expect((await readNewestCheckpoint(pool, 'semax'))?.key).toEqual(newKey);
    await expect(signTopic(pool, 'semax', { ...signer, notes: (await ledger()).signer.notes })).rejects.toMatchObject({ code: 'signer_key_changed' });

    const keys = await pool.query<{ vkey: string }>('SELECT vkey FROM log_key ORDER BY first_used_at');
    expect(keys.rows.map(({ vkey }) => vkey)).toEqual([oldKey, newKey].map(formatVerifierKey));
    const after = await exportLines(pool);
    const kept = parseCheckpoint((JSON.parse(before.at(-1) ?? '') as { checkpoint: string }).checkpoint);
    expect(await verifyExport(before, { key: oldKey })).toMatchObject({ ok: true, signer: 'authenticated' });
    const verified = await verifyExport(after, { key: newKey, oldCheckpoint: kept });
    expect(verified).toMatchObject({ ok: true, signer: 'authenticated' });
    expect((verified as Verified).fingerprint).toBe(fingerprintOf(newKey));
    expect(await verifyExport(after, { key: oldKey })).toMatchObject({ ok: false, where: 'key' });
  });
});

async function exportLines(pool: Pool): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportTopic(pool, 'semax', { withContent: true, policyOf: () => 'summary' })) lines.push(line.slice(0, -1));
  return lines;
}

describe('the signer beside the append', () => {
  it('signs what there is, what comes, much at once, and what is left when it is stopped', async () => {
    const { pool, signer, append } = await ledger();
    await append(ANNOTATOR);
    const said: string[] = [];
    const stop = new AbortController();
    const log = { warn: (_fields: object, message: string) => said.push(message), error: (_fields: object, message: string) => said.push(message) };
    const running = runSigner({ pool, signer, now: () => NOW, log, schedule: { everyMs: 86_400_000, everyEntries: 6 } }, stop.signal);
    await until(async () => (await signed(pool)).length === 1);
    await append(report({ post: 'a' }), report({ post: 'b' }));
    await until(async () => (await signed(pool)).length === 2);
    // Fewer than six: they wait for their time, or for the stop.
    await append(report({ post: 'c' }));
    stop.abort();
    await running;
    expect(await signed(pool)).toEqual([1, 7, 10]);
    expect(said).toEqual([]);
  });

  it('says a refusal once, and goes on with the other logs', async () => {
    const { pool, signer, sign, append } = await ledger();
    await append(ANNOTATOR, report({ post: 'a' }));
    await sign();
    await signer.notes.write(ORIGIN, await signCheckpoint({ origin: ORIGIN, size: 9, root: new Uint8Array(32) }, signer.seed), await signer.notes.read(ORIGIN));
    await pool.query(`INSERT INTO topic (slug, title, document) VALUES ('zz', 'zz', '{}')`);
    await pool.query(`INSERT INTO ledger_head (topic) VALUES ('zz')`);
    await inTransaction(pool, (client) => appendEntries(client, { topic: 'zz', now: NOW, folds: new FoldReader() }, [ANNOTATOR]));
    const said: string[] = [];
    const stop = new AbortController();
    const log = { warn: () => undefined, error: (fields: object, message: string) => said.push(`${JSON.stringify(fields)} ${message}`) };
    const running = runSigner({ pool, signer, now: () => NOW, log, schedule: { everyMs: 1, everyEntries: 1 } }, stop.signal);
    await until(async () => (await readNewestCheckpoint(pool, 'zz')) !== undefined);
    await append(report({ post: 'b' }));
    stop.abort();
    await running;
    expect(said).toEqual([expect.stringMatching(/"topic":"semax","code":"log_shrunk".*not signed/)]);
    expect((await readdir(signer.notes.dir)).filter((name) => name.endsWith('.refused'))).toHaveLength(1);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('did not happen');
}
