import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judgeCheckpoint } from '../../../src/witness/judge.ts';
import { NaiveTree } from '../../property/naive-tree.ts';

const tree = NaiveTree.of(9);
const head = (size: number) => ({ size, root: tree.root(0, size) });
const other = { size: 5, root: createHash('sha256').update('other').digest() };
const proof = (from: number, to: number) => tree.subproof(from, { start: 0, end: to });

describe('judgeCheckpoint', () => {
  it.each([
    ['the first checkpoint of a log', judgeCheckpoint(head(5), { oldSize: 0, proof: [] })],
    ['the first one, of nothing', judgeCheckpoint(head(0), { oldSize: 0, proof: [] })],
    ['one that continues the last', judgeCheckpoint(head(9), { oldSize: 5, proof: proof(5, 9) }, head(5))],
    ['one that continues an empty tree', judgeCheckpoint(head(9), { oldSize: 0, proof: [] }, head(0))],
    ['the last one again', judgeCheckpoint(head(5), { oldSize: 5, proof: [] }, head(5))],
  ])('%s is consistent', (_, verdict) => {
    expect(verdict).toEqual({ kind: 'consistent' });
  });

  it('says which size it has when the client believes in another', () => {
    expect(judgeCheckpoint(head(9), { oldSize: 0, proof: [] }, head(5))).toEqual({ kind: 'stale', size: 5 });
    expect(judgeCheckpoint(head(5), { oldSize: 5, proof: [] })).toEqual({ kind: 'stale', size: 0 });
    expect(judgeCheckpoint(head(5), { oldSize: 5, proof: [] }, head(9))).toEqual({ kind: 'stale', size: 9 });
  });
  it('refuses an old size beyond the checkpoint before anything else', () => {
    expect(judgeCheckpoint(head(5), { oldSize: 9, proof: [] }, head(9))).toMatchObject({ kind: 'bad_request' });
  });
  it('sees two roots of one size, also of size 0', () => {
    expect(judgeCheckpoint(other, { oldSize: 5, proof: [] }, head(5))).toEqual({ kind: 'contradiction' });
    expect(judgeCheckpoint({ ...other, size: 0 }, { oldSize: 0, proof: [] })).toEqual({ kind: 'contradiction' });
  });
  it.each([
    ['a proof from nothing', judgeCheckpoint(head(9), { oldSize: 0, proof: proof(5, 9) })],
    ['an empty proof', judgeCheckpoint(head(9), { oldSize: 5, proof: [] }, head(5))],
    ['a proof for one size', judgeCheckpoint(head(5), { oldSize: 5, proof: proof(5, 9) }, head(5))],
    ['another proof', judgeCheckpoint(head(9), { oldSize: 5, proof: proof(4, 9) }, head(5))],
    ['another history before', judgeCheckpoint(head(9), { oldSize: 5, proof: proof(5, 9) }, other)],
    ['another tree after', judgeCheckpoint({ ...other, size: 9 }, { oldSize: 5, proof: proof(5, 9) }, head(5))],
  ])('%s proves nothing', (_, verdict) => {
    expect(verdict).toMatchObject({ kind: 'unproved', why: expect.any(String) });
  });
});
