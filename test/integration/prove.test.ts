/** `hearsay ledger prove` on a log made in SQL: what it prints is verified here from nothing but the signed root. */
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { createPool } from '../../src/db/pool.ts';
import { decodeBase64 } from '../../src/ledger/base64.ts';
import { parseCheckpoint } from '../../src/ledger/checkpoint.ts';
import type { ConsistencyDocument, InclusionDocument } from '../../src/ledger/log.ts';
import { verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts';
import { NaiveTree } from '../property/naive-tree.ts';
import { must } from '../unit/counts/must.ts';
import { addCheckpoint, addEntries, addLeafTiles, addTopic } from './log-fixture.ts';
import { createEdge, type TestEdge } from './edge.ts';

const tree = NaiveTree.of(400);
let edge: TestEdge;
let pool: Pool;

beforeAll(async () => {
  edge = await createEdge();
  pool = createPool(edge.databaseUrl, { applicationName: 'test-prove', max: 2 });
  await addTopic(pool, 'semax');
  await addEntries(pool, 'semax', { to: 400 });
  await addLeafTiles(pool, 'semax');
});
afterAll(async () => {
  await pool.end();
  await edge.close();
});

async function prove(...argv: string[]): Promise<{ code: number; out: string; talk: string }> {
  Object.assign(edge.written, { out: '', talk: '' });
  const code = await runCli(['ledger', 'prove', ...argv], edge);
  return { code, ...edge.written };
}

const bytesOf = (hashes: readonly string[]) => hashes.map((hash) => must(decodeBase64(hash)));

describe('hearsay ledger prove', () => {
  it('has nothing to prove before anything is signed', async () => {
    expect(await prove('semax', '--entry', '0')).toMatchObject({ code: 1, out: '', talk: expect.stringContaining('(no_checkpoint)') });
    await addCheckpoint(pool, 'semax', { tree, size: 7 });
    await addCheckpoint(pool, 'semax', { tree, size: 390 });
  });

  it('prints that an entry is in the newest tree, or in an older one', async () => {
    const ran = await prove('semax', '--entry', '5');
    expect([ran.code, ran.talk]).toEqual([0, '']);
    const newest = JSON.parse(ran.out) as InclusionDocument;
    expect(newest.size).toBe(390);
    const { root } = parseCheckpoint(must(newest.checkpoint));
    verifyInclusion({ index: 5, size: 390, leaf: hexToBytes(newest.leaf), root, proof: bytesOf(newest.proof) });
    const older = JSON.parse((await prove('semax', '--entry', '5', '--size', '300')).out) as InclusionDocument;
    expect(older).not.toHaveProperty('checkpoint');
    verifyInclusion({ index: 5, size: 300, leaf: hexToBytes(older.leaf), root: tree.root(0, 300), proof: bytesOf(older.proof) });
  });

  it('prints that the tree only grew', async () => {
    const grown = JSON.parse((await prove('semax', '--from', '7')).out) as ConsistencyDocument;
    const [older, newer] = [parseCheckpoint(must(grown.from_checkpoint)), parseCheckpoint(must(grown.to_checkpoint))];
    verifyConsistency({ from: 7, fromRoot: older.root, to: 390, toRoot: newer.root, proof: bytesOf(grown.proof) });
    expect(JSON.parse((await prove('semax', '--from', '7', '--to', '8')).out)).toMatchObject({ from: 7, to: 8 });
  });

  it.each([
    [['semax'], 2, 'bad_seq'],
    [['semax', '--size', '3'], 2, 'bad_seq'],
    [['semax', '--to', '3'], 2, 'bad_seq'],
    [['semax', '--entry', '1', '--from', '1'], 2, 'bad_seq'],
    [['semax', '--entry', '1', '--to', '3'], 2, 'bad_seq'],
    [['semax', '--from', '1', '--size', '3'], 2, 'bad_seq'],
    [['semax', '--entry', '-1'], 2, 'bad_seq'],
    [['semax', '--entry', '1e2'], 2, 'bad_seq'],
    [['semax', '--entry', '390'], 1, 'bad_size'],
    [['semax', '--entry', '1', '--size', '391'], 1, 'bad_size'],
    [['semax', '--from', '0'], 1, 'bad_size'],
    [['semax', '--from', '8', '--to', '7'], 1, 'bad_size'],
    [['unheard-of', '--entry', '1'], 1, 'unknown_topic'],
  ])('%j exits with %i, %s', async (argv, code, name) => {
    const ran = await prove(...argv);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.talk).toContain(`(${name})`);
  });
});
