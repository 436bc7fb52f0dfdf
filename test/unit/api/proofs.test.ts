import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { consistencyBody, inclusionBody } from '../../../src/api/proof-schemas.ts';
import { decodeBase64 } from '../../../src/ledger/base64.ts';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { leafHashOf } from '../../../src/ledger/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../../src/ledger/proof.ts';
import { must } from '../counts/must.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { MemoryLog } from './memory-log.ts';
import { serve } from './serve.ts';

const log = await MemoryLog.signedAt(600, [3, 520]);
const { app, json } = serve(new MemoryLedger(), { logOf: () => log });
const base = '/api/topics/semax/proofs';
const bytesOf = (hashes: readonly string[]) => hashes.map((hash) => must(decodeBase64(hash)));

describe('inclusion', () => {
  it('is proved to a stranger who trusts a signed root only', async () => {
    const body = inclusionBody.strict().parse(await json(`${base}/inclusion?seq=300`));
    const checkpoint = parseCheckpoint(must(body.checkpoint));
    expect(body).toMatchObject({ seq: 300, size: 520, checkpoint: log.notes.get(520) });
    expect(hexToBytes(body.entry)).toEqual(log.tree.entries[300]);
    expect(hexToBytes(body.leaf)).toEqual(leafHashOf(hexToBytes(body.entry)));
    expect(hexToBytes(body.root)).toEqual(checkpoint.root);
    verifyInclusion({ index: 300, size: checkpoint.size, leaf: hexToBytes(body.leaf), root: checkpoint.root, proof: bytesOf(body.proof) });
  });

  it('of any older size, with its note where it was signed', async () => {
    expect(await json(`${base}/inclusion?seq=2&size=3`)).toMatchObject({ size: 3, checkpoint: log.notes.get(3) });
    const unsigned = inclusionBody.strict().parse(await json(`${base}/inclusion?seq=2&size=519`));
    expect(unsigned).not.toHaveProperty('checkpoint');
    verifyInclusion({ index: 2, size: 519, leaf: hexToBytes(unsigned.leaf), root: log.tree.root(0, 519), proof: bytesOf(unsigned.proof) });
  });
});

describe('consistency', () => {
  it('is proved to a stranger who kept an old checkpoint', async () => {
    const body = consistencyBody.strict().parse(await json(`${base}/consistency?from=3`));
    expect(body).toMatchObject({ from: 3, to: 520, from_checkpoint: log.notes.get(3), to_checkpoint: log.notes.get(520) });
    const [older, newer] = [parseCheckpoint(must(body.from_checkpoint)), parseCheckpoint(must(body.to_checkpoint))];
    verifyConsistency({ from: older.size, fromRoot: older.root, to: newer.size, toRoot: newer.root, proof: bytesOf(body.proof) });
  });

  it('of sizes that were not signed, and of one with itself', async () => {
    const body = consistencyBody.strict().parse(await json(`${base}/consistency?from=255&to=257`));
    expect(Object.keys(body).filter((key) => key.endsWith('checkpoint'))).toEqual([]);
    verifyConsistency({ from: 255, fromRoot: log.tree.root(0, 255), to: 257, toRoot: log.tree.root(0, 257), proof: bytesOf(body.proof) });
    expect(await json(`${base}/consistency?from=520`)).toMatchObject({ from: 520, to: 520, proof: [] });
  });
});

describe('refusals', () => {
  it.each([
    ['inclusion', 400, 'bad_query'],
    ['inclusion?seq=-1', 400, 'bad_query'],
    ['inclusion?seq=1e1', 400, 'bad_query'],
    ['inclusion?seq=0&size=', 400, 'bad_query'],
    ['inclusion?seq=520', 400, 'bad_size'],
    ['inclusion?seq=3&size=3', 400, 'bad_size'],
    ['inclusion?seq=0&size=0', 400, 'bad_size'],
    ['inclusion?seq=0&size=521', 400, 'bad_size'],
    ['inclusion?seq=0&size=999999999999999', 400, 'bad_size'],
    ['consistency', 400, 'bad_query'],
    ['consistency?to=5', 400, 'bad_query'],
    ['consistency?from=0', 400, 'bad_size'],
    ['consistency?from=5&to=4', 400, 'bad_size'],
    ['consistency?from=521', 400, 'bad_size'],
    ['consistency?from=3&to=521', 400, 'bad_size'],
    ['nothing', 404, 'not_found'],
  ])('%s is %i %s', async (query, status, code) => {
    const answer = await app.request(`${base}/${query}`);
    expect([answer.status, await answer.json()]).toEqual([status, { error: { code, message: expect.any(String) } }]);
  });

  it('of what is not there', async () => {
    expect((await app.request('/api/topics/unheard-of/proofs/inclusion?seq=0')).status).toBe(404);
    const unsigned = serve(new MemoryLedger(), { logOf: () => new MemoryLog(5) });
    expect(await unsigned.json(`${base}/inclusion?seq=0`)).toMatchObject({ error: { code: 'no_checkpoint' } });
    expect(await unsigned.json(`${base}/consistency?from=1`)).toMatchObject({ error: { code: 'no_checkpoint' } });
  });

  it('tell nobody but the log of this server that its tree is not the signed one', async () => {
    const reported: unknown[] = [];
    const forged = await MemoryLog.signedAt(5, []);
    await forged.sign(
      5,
      log.tree.root(0, 5).map((byte) => byte ^ 1),
    );
    const answers = serve(new MemoryLedger(), { logOf: () => forged, report: (error) => reported.push(error) });
    const answer = await answers.app.request(`${base}/inclusion?seq=0`);
    expect([answer.status, await answer.json()]).toEqual([500, { error: { code: 'tree_differs', message: expect.not.stringMatching(/root|5/) } }]);
    expect(reported).toEqual([expect.objectContaining({ code: 'tree_differs' })]);
  });
});
