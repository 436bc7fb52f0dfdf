import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { appendLeaf, EMPTY_FRONTIER, leafHashOf, nodeHashOf, rootOf } from '../../../src/ledger/merkle.ts';
import { type NodeReader, proveConsistency } from '../../../src/ledger/proof.ts';
import { judgeHead, needsProof } from '../../../src/signer/judge.ts';

const origin = 'ledger.example/semax';
const entries = Array.from({ length: 40 }, (_, at) => sha256(Uint8Array.of(at)));

function rootAt(size: number, of = entries): Uint8Array {
  return rootOf(of.slice(0, size).reduce(appendLeaf, EMPTY_FRONTIER));
}

function readerOf(of: readonly Uint8Array[]): NodeReader {
  const node = (level: number, index: number): Uint8Array =>
    level === 0 ? leafHashOf(of[index] as Uint8Array) : nodeHashOf(node(level - 1, index * 2), node(level - 1, index * 2 + 1));
  return { readNodes: async (nodes) => nodes.map(({ level, index }) => node(level, index)) };
}

async function judge(before: { size: number; root: Uint8Array }, head: { size: number; root: Uint8Array }, of = entries) {
  const proof = needsProof({ origin, ...before }, { origin, ...head }) ? await proveConsistency(readerOf(of), { from: before.size, to: head.size }) : [];
  return judgeHead({ origin, ...head }, { origin, where: 'notes/', ...before }, proof);
}

describe('judgeHead', () => {
  it('lets a tree be signed that extends, or is, what was signed before, and nothing else', async () => {
    for (const [from, to] of [
      [0, 0],
      [0, 7],
      [7, 7],
      [7, 8],
      [8, 40],
      [31, 33],
    ] as const) {
      expect(await judge({ size: from, root: rootAt(from) }, { size: to, root: rootAt(to) }), `${from} to ${to}`).toEqual({ kind: 'consistent' });
    }
  });

  it('refuses a smaller tree, whatever its root', async () => {
    expect(await judge({ size: 8, root: rootAt(8) }, { size: 7, root: rootAt(7) })).toMatchObject({ kind: 'refused', code: 'log_shrunk' });
    expect(await judge({ size: 8, root: rootAt(8) }, { size: 0, root: rootAt(0) })).toMatchObject({ kind: 'refused', code: 'log_shrunk' });
  });

  it('refuses another root of the same size, naming both places', async () => {
    const verdict = await judge({ size: 8, root: rootAt(8) }, { size: 8, root: rootAt(9) });
    expect(verdict).toMatchObject({ kind: 'refused', code: 'log_rewritten', why: expect.stringMatching(/^notes\/ has 8 entries of ledger\.example\/semax/) });
  });

  it('refuses every history in which an entry before the signed size is another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 39 }), fc.integer({ min: 1, max: 40 }), fc.nat(39), async (from, more, at) => {
        const to = Math.min(40, from + more);
        fc.pre(to > from);
        const rewritten = entries.with(at, sha256(Uint8Array.of(200)));
        const verdict = await judge({ size: from, root: rootAt(from) }, { size: to, root: rootAt(to, rewritten) }, rewritten);
        expect(verdict.kind).toBe(at < from ? 'refused' : 'consistent');
        if (verdict.kind === 'refused') expect(verdict.code).toBe('log_inconsistent');
      }),
    );
  });

  it('does not believe a proof that is missing, cut or of other sizes', async () => {
    const head = { origin, size: 40, root: rootAt(40) };
    const before = { origin, where: 'notes/', size: 13, root: rootAt(13) };
    const proof = await proveConsistency(readerOf(entries), { from: 13, to: 40 });
    for (const bad of [
      [],
      proof.slice(1),
      proof.slice(0, -1),
      [...proof, proof[0] as Uint8Array],
      await proveConsistency(readerOf(entries), { from: 12, to: 40 }),
    ]) {
      expect(judgeHead(head, before, bad)).toMatchObject({ kind: 'refused', code: 'log_inconsistent' });
    }
    expect(judgeHead(head, before, proof)).toEqual({ kind: 'consistent' });
  });
});
