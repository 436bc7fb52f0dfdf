/** A witness of somebody else's log: every step of the Tessera log's history is cosigned, from its own checkpoints and tiles. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { addSignatureLines, parseCheckpoint, parseVerifierKey } from '../../src/ledger/checkpoint.ts';
import { verifyCosignature, witnessVerifierKeyOf } from '../../src/ledger/cosignature.ts';
import { proveConsistency } from '../../src/ledger/proof.ts';
import { createNodeReader, formatLogPath, type TileReader } from '../../src/ledger/tile.ts';
import { formatAddCheckpoint } from '../../src/witness/add-checkpoint.ts';
import { createWitness } from '../../src/witness/witness.ts';
import { sharedPath } from './shared.ts';

/** Of vectors/README.md. */
const LOG_KEY = parseVerifierKey('example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx');
const KEY = { name: 'witness.example', seed: new Uint8Array(32).fill(5) };
const dir = sharedPath('vectors/tessera-log/log');
const tiles: TileReader = {
  readTiles: async (wanted) => wanted.map((tile) => new Uint8Array(readFileSync(path.join(dir as string, formatLogPath({ kind: 'tile', ...tile }))))),
};

describe.skipIf(!dir)("another log's checkpoints: transparency-dev/tessera (skipped where ../shared is absent)", () => {
  it.each([1, 3, 7])('are cosigned one after the other, %i entries at a time', async (step) => {
    const state = { logs: new Map(), save: async () => undefined, keepEvidence: async () => true, close: async () => undefined };
    const witness = createWitness({ key: KEY, logs: new Map([[LOG_KEY.name, [LOG_KEY]]]), state, now: () => new Date(0), onSuspicion: () => undefined });
    let cosigned = 0;
    for (let oldSize = 0, size = 0; size <= 15; oldSize = size, size += step) {
      const note = readFileSync(path.join(dir as string, `checkpoint.${size}`), 'utf8');
      const proof = oldSize > 0 ? await proveConsistency(createNodeReader(tiles, size), { from: oldSize, to: size }) : [];
      const answer = await witness.addCheckpoint(formatAddCheckpoint({ oldSize, proof, note }));
      const line = answer.kind === 'cosigned' ? answer.line : expect.fail(`size ${size}: ${answer.kind}`);
      expect(await verifyCosignature(parseCheckpoint(addSignatureLines(note, [line])), await witnessVerifierKeyOf(KEY))).toBe(0);
      cosigned += 1;
    }
    expect(cosigned).toBe(Math.floor(15 / step) + 1);
  });
});
