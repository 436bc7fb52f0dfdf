import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { inTransaction } from '../../src/db/pool.ts';
import { deriveKeys } from '../../src/keys.ts';
import { GENESIS } from '../../src/ledger/chain.ts';
import { addSignatureLines, parseCheckpoint, parseVerifierKey } from '../../src/ledger/checkpoint.ts';
import { erasePost } from '../../src/ledger/erase.ts';
import { type ExportOptions, exportTopic } from '../../src/ledger/export.ts';
import { leafHashOf } from '../../src/ledger/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts';
import { readNewestCheckpoint } from '../../src/ledger/published.ts';
import type { AppendRequest } from '../../src/ledger/request.ts';
import { verifyExport } from '../../src/ledger/verify.ts';
import { tamper } from './tamper.ts';
import { ANNOTATOR, digest, type LedgerFixture, NOW, openLedger, report } from './ledger-fixture.ts';

type Line = Record<string, string | number | undefined> & { history?: { checkpoint: string; proof: string[] }[]; proof?: string[] };

let open: LedgerFixture | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function ledger(...requests: AppendRequest[]): Promise<LedgerFixture> {
  open = await openLedger();
  await open.append(ANNOTATOR, ...requests);
  return open;
}

async function exportLines(pool: Pool, options: Partial<ExportOptions> = {}, topic = 'semax'): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportTopic(pool, topic, { withContent: true, policyOf: () => 'summary', ...options })) lines.push(line);
  return lines;
}

async function sessionsInTransaction(pool: Pool): Promise<number> {
  const found = await pool.query<{ n: number }>(
    `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
  );
  return found.rows[0]?.n ?? 0;
}

const parse = (lines: readonly string[]): Line[] => lines.map((line) => JSON.parse(line) as Line);
const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const trimmed = (lines: readonly string[]): string[] => lines.map((line) => line.slice(0, -1));

describe('an export', () => {
  it('waits for the first checkpoint, and leaves the connection as it was', async () => {
    const { pool, sign } = await ledger(report({ post: 'a' }));
    await expect(exportLines(pool)).rejects.toMatchObject({ code: 'not_signed_yet', message: expect.stringContaining('hearsay ledger sign semax') });
    await expect(exportLines(pool, {}, 'nothing')).rejects.toMatchObject({ code: 'unknown_topic' });
    await sign();
    expect(await exportLines(pool)).toHaveLength(6);
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  it('fails, and nothing else does, where the server ends the session of a reader that stalls', async () => {
    const { pool, sign } = await ledger(report({ post: 'a' }));
    await sign();
    pool.once('connect', (client) => void client.query(`SELECT set_config('idle_in_transaction_session_timeout', '50', false)`));
    for (const idle of await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()))) idle.release(true);
    const lines = exportTopic(pool, 'semax', { withContent: true, policyOf: () => 'summary' });
    expect((await lines.next()).value).toContain('hearsay-ledger');
    await vi.waitUntil(async () => (await sessionsInTransaction(pool)) === 0, { timeout: 20_000 });
    await expect(lines.next()).rejects.toMatchObject({ name: 'TransientError', code: 'database_timeout' });
    expect(await exportLines(pool)).toHaveLength(6);
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  it('holds exactly the entries of the newest checkpoint, whatever was appended since', async () => {
    const { pool, sign, append } = await ledger(report({ post: 'a' }));
    await sign();
    const before = await exportLines(pool);
    await append(report({ post: 'b' }));
    expect(await exportLines(pool)).toEqual(before);
    expect(await verifyExport(trimmed(before))).toMatchObject({ ok: true, size: 4 });
    await sign();
    expect(
      await verifyExport(trimmed(await exportLines(pool)), { oldCheckpoint: parseCheckpoint(parse(before).at(-1)?.['checkpoint'] as string) }),
    ).toMatchObject({
      ok: true,
      size: 7,
    });
  });

  it('calls content withheld that a tombstone destroyed which is not signed yet, and erased from then on', async () => {
    const fixture = await ledger(report({ post: 'a' }), report({ post: 'b' }));
    const { pool, sign } = fixture;
    await sign();
    await inTransaction(pool, (client) =>
      erasePost(client, { postKey: digest('post:a'), reason: 'request' }, { now: NOW, folds: fixture.folds, keys: deriveKeys(new Uint8Array(32)) }),
    );
    const kinds = (lines: readonly string[]): (string | undefined)[] =>
      parse(lines.slice(1, -1)).map((line) => ['content', 'withheld', 'erased'].find((key) => key in line));
    const early = await exportLines(pool);
    expect(kinds(early)).toEqual([undefined, 'withheld', 'withheld', 'withheld', 'content', 'content', 'content']);
    expect(await verifyExport(trimmed(early))).toMatchObject({ ok: true, size: 7, withheld: 3, erased: 0, open: 3 });
    await sign();
    const late = await exportLines(pool);
    expect(kinds(late)).toEqual([undefined, 'erased', 'erased', 'erased', 'content', 'content', 'content', undefined]);
    expect(await verifyExport(trimmed(late))).toMatchObject({ ok: true, size: 8, withheld: 0, erased: 3, open: 3 });
  });

  it('opens content by the public policy of its platform only, claims like their sources', async () => {
    const { pool, sign } = await ledger(report({ post: 'a' }), {
      ...report({ post: 'w' }),
      labels: { ...report({ post: 'w' }).labels, platform: 'web' },
    });
    await sign();
    const opened = async (policyOf: ExportOptions['policyOf'], entries?: number[]): Promise<number[]> =>
      parse((await exportLines(pool, { withContent: false, policyOf, ...(entries ? { entries } : {}) })).slice(1, -1))
        .filter((line) => 'content' in line)
        .map((line) => (JSON.parse(line['header'] as string) as { seq: number }).seq);
    const webOnly: ExportOptions['policyOf'] = (platform) => (platform === 'web' ? 'text' : 'summary');
    expect(await opened(() => 'summary')).toEqual([]);
    expect(await opened(webOnly)).toEqual([4, 5, 6]);
    expect(await opened(webOnly, [2, 5])).toEqual([5]);
    expect(await opened(() => 'text')).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('holds earlier checkpoints, at most 32 spread evenly, each with a proof that it leads to the last', async () => {
    const { pool, sign, append } = await ledger();
    for (let at = 0; at < 40; at++) {
      await sign();
      await append({ type: 'question', id: `q${at}`, text: 'does it keep?' });
    }
    await sign();
    const lines = await exportLines(pool);
    const key = parseVerifierKey(parse(lines)[0]?.['vkey'] as string);
    const closing = parse(lines).at(-1) as Line;
    const last = parseCheckpoint(closing['checkpoint'] as string);
    expect(last.size).toBe(41);
    const history = closing.history ?? [];
    expect(history).toHaveLength(32);
    const sizes = history.map(({ checkpoint, proof }) => {
      const { size, root } = parseCheckpoint(checkpoint);
      verifyConsistency({ from: size, fromRoot: root, to: last.size, toRoot: last.root, proof: proof.map(bytes) });
      return size;
    });
    expect(sizes[0]).toBe(1);
    expect(sizes.slice(1).map((size, at) => size - (sizes[at] as number))).toSatisfy((gaps: number[]) => gaps.every((gap) => gap === 1 || gap === 2));
    expect(await verifyExport(trimmed(lines), { key })).toMatchObject({ ok: true, signer: 'authenticated' });
  });

  it('carries the lines of witnesses in the note', async () => {
    const { pool, sign } = await ledger();
    await sign();
    const line = `— witness.example/w1 ${Buffer.alloc(76, 7).toString('base64')}`;
    await pool.query('INSERT INTO cosignature (topic, size, name, line) VALUES ($1, 1, $2, $3)', ['semax', 'witness.example/w1', line]);
    const note = parse(await exportLines(pool)).at(-1)?.['checkpoint'] as string;
    const plain = await pool.query<{ note: string }>('SELECT note FROM checkpoint');
    expect(note).toBe(addSignatureLines(plain.rows[0]?.note ?? '', [line]));
    expect((await readNewestCheckpoint(pool, 'semax'))?.note).toBe(note);
  });

  it('halts where the tables lost an entry, or a checkpoint that was signed is not of this history', async () => {
    const { pool, url, sign, append } = await ledger(report({ post: 'a' }));
    await sign();
    await append(report({ post: 'b' }));
    await sign();

    await tamper(url, 'ledger_content', 'DELETE FROM ledger_content WHERE seq = 2');
    await expect(exportLines(pool)).rejects.toMatchObject({ code: 'missing_content' });
    await expect(exportLines(pool, { entries: [2] })).rejects.toMatchObject({ code: 'missing_content' });
    await tamper(url, 'ledger_content', `INSERT INTO ledger_content SELECT topic, 2, salt, content FROM ledger_content WHERE seq = 3`);
    await tamper(url, 'ledger_entry', `UPDATE ledger_entry SET entry = sha256('changed') WHERE seq = 5`);
    await expect(exportLines(pool)).rejects.toMatchObject({ code: 'tree_differs', message: expect.stringContaining('size 4') });
    await expect(exportLines(pool, { entries: [5] })).rejects.toMatchObject({ code: 'tree_differs', message: expect.stringContaining('entry 5') });
    await tamper(url, 'ledger_content', 'DELETE FROM ledger_content WHERE seq = 6');
    await tamper(url, 'ledger_entry', 'DELETE FROM ledger_entry WHERE seq = 6');
    await expect(exportLines(pool)).rejects.toMatchObject({ code: 'missing_entry' });
    await expect(exportLines(pool, { entries: [6] })).rejects.toMatchObject({ code: 'missing_entry' });
  });
});

describe('an excerpt', () => {
  it('holds the entries asked for, each provable by itself', async () => {
    const { pool, sign } = await ledger(report({ post: 'a' }), report({ post: 'b' }), report({ post: 'c' }));
    await sign();
    const whole = parse(await exportLines(pool));
    const lines = await exportLines(pool, { entries: [0, 5, 6, 9] });
    const [opening, ...rest] = parse(lines);
    expect(opening).toMatchObject({ excerpt: 1, topic: 'semax', vkey: whole[0]?.['vkey'] });
    const closing = rest.pop() as Line;
    expect(Object.keys(closing)).toEqual(['checkpoint']);
    const { size, root } = parseCheckpoint(closing['checkpoint'] as string);
    expect(rest.map((line) => (JSON.parse(line['header'] as string) as { seq: number }).seq)).toEqual([0, 5, 6, 9]);
    for (const { proof = [], previous, ...line } of rest) {
      const { seq } = JSON.parse(line['header'] as string) as { seq: number };
      expect(line).toEqual(whole[seq + 1]);
      expect(previous).toBe(seq === 0 ? Buffer.from(GENESIS).toString('hex') : whole[seq]?.['entry']);
      const entry = createHash('sha256')
        .update('hearsay/entry/v1\n')
        .update(Buffer.from(previous as string, 'hex'))
        .update(line['header'] as string)
        .digest();
      expect(entry.toString('hex')).toBe(line['entry']);
      verifyInclusion({ index: seq, size, root, leaf: leafHashOf(entry), proof: proof.map(bytes) });
    }
  });

  it('is of signed entries only, and bounded', async () => {
    const { pool, sign, append } = await ledger(report({ post: 'a' }));
    await sign();
    await append(report({ post: 'b' }));
    await expect(exportLines(pool, { entries: [3, 4] })).rejects.toMatchObject({ code: 'unknown_entry', message: expect.stringContaining('entry 4') });
    expect(await exportLines(pool, { entries: [3] })).toHaveLength(3);
    await expect(exportLines(pool, { entries: Array.from({ length: 10_001 }, (_, at) => at % 4) })).rejects.toMatchObject({ code: 'excerpt_too_large' });
  });

  it('needs no other entry than its neighbour, its source, and the tree', async () => {
    const { pool, sign, append } = await ledger();
    for (let at = 0; at < 3; at++) await append(...Array.from({ length: 100 }, (_, n): AppendRequest => ({ type: 'question', id: `${at}-${n}`, text: 'q' })));
    await sign();
    const [, line] = parse(await exportLines(pool, { entries: [300] }));
    expect(line?.proof).toHaveLength(4);
  });
});
