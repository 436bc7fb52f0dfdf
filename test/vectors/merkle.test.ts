import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/ledger/base64.ts';
import { verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts';
import { sharedPath } from './shared.ts';

interface Inclusion {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string | null;
  readonly leafHash: string | null;
  readonly proof: readonly string[] | null;
  readonly desc: string;
  readonly wantErr: boolean;
}

interface Consistency {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string | null;
  readonly root2: string | null;
  readonly proof: readonly string[] | null;
  readonly desc: string;
  readonly wantErr: boolean;
}

const dir = sharedPath('vectors/merkle');

function readProbes<Probe>(kind: string): Probe[] {
  if (!dir) return [];
  const files = readdirSync(path.join(dir, kind), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => JSON.parse(readFileSync(path.join(dir, kind, name), 'utf8')));
}

/** Go writes no bytes as null or as "". */
function bytesOf(text: string | null): Uint8Array {
  return decodeBase64(text ?? '') ?? expect.fail(`${text} is not base64`);
}

function expectOutcome(wantErr: boolean, verify: () => void): void {
  if (wantErr) expect(verify).toThrow(expect.objectContaining({ code: 'bad_proof' }));
  else expect(verify).not.toThrow();
}

describe.skipIf(!dir)('proof probes of transparency-dev/merkle (skipped where ../shared is absent)', () => {
  const inclusion = readProbes<Inclusion>('inclusion');
  const consistency = readProbes<Consistency>('consistency');

  it('are 98 of each kind, of which some hold and some do not', () => {
    expect([inclusion.length, consistency.length]).toEqual([98, 98]);
    for (const probes of [inclusion, consistency]) expect(new Set(probes.map(({ wantErr }) => wantErr))).toEqual(new Set([true, false]));
  });

  it.each(inclusion)('inclusion of $leafIdx in $treeSize: $desc', (probe) => {
    expectOutcome(probe.wantErr, () =>
      verifyInclusion({
        index: probe.leafIdx,
        size: probe.treeSize,
        leaf: bytesOf(probe.leafHash),
        root: bytesOf(probe.root),
        proof: (probe.proof ?? []).map(bytesOf),
      }),
    );
  });

  it.each(consistency)('consistency of $size1 with $size2: $desc', (probe) => {
    expectOutcome(probe.wantErr, () =>
      verifyConsistency({
        from: probe.size1,
        fromRoot: bytesOf(probe.root1),
        to: probe.size2,
        toRoot: bytesOf(probe.root2),
        proof: (probe.proof ?? []).map(bytesOf),
      }),
    );
  });
});
