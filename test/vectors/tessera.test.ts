import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSignedBy, parseCheckpoint, parseVerifierKey } from '../../src/ledger/checkpoint.ts';
import { leafHashOf } from '../../src/ledger/merkle.ts';
import { proveConsistency, proveInclusion, readRoot, verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts';
import { createNodeReader, decodeEntryBundle, formatLogPath, splitHashes, type TileReader } from '../../src/ledger/tile.ts';
import { sharedPath } from './shared.ts';

/** Of vectors/README.md. */
const KEY = parseVerifierKey('example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx');
/** As that log spells them. */
const WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eit', 'nain', 'ten', 'ileven', 'twelf', 'threeten', 'fourten', 'fivten'];
const SIZES = Array.from({ length: WORDS.length + 1 }, (_, size) => size);

const dir = sharedPath('vectors/tessera-log/log');

function readLogFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(path.join(dir as string, name)));
}

/** The log's own tiles, under the paths we give them. */
const tiles: TileReader = {
  readTiles: async (wanted) => wanted.map((tile) => readLogFile(formatLogPath({ kind: 'tile', ...tile }))),
};

describe.skipIf(!dir)("another log's files: transparency-dev/tessera (skipped where ../shared is absent)", () => {
  const checkpoints = dir ? SIZES.map((size) => parseCheckpoint(readFileSync(path.join(dir, `checkpoint.${size}`), 'utf8'))) : [];
  const rootAt = (size: number): Uint8Array => checkpoints[size]?.root ?? expect.fail(`no checkpoint of size ${size}`);

  it('its 16 checkpoints are signed by its key, and none is if a byte of it is changed', async () => {
    expect(checkpoints.map(({ size }) => size)).toEqual(SIZES);
    for (const checkpoint of checkpoints) {
      expect(checkpoint.origin).toBe('example.com/log/testdata');
      expect(await isSignedBy(checkpoint, KEY)).toBe(true);
      expect(await isSignedBy({ ...checkpoint, body: checkpoint.body.replace('log', 'Log') }, KEY)).toBe(false);
    }
    expect(readLogFile('checkpoint')).toEqual(readLogFile('checkpoint.15'));
  });

  it.each(SIZES)('size %i: the signed root is that of its tile, and of its entry bundle', async (size) => {
    expect(await readRoot(createNodeReader(tiles, size), size)).toEqual(rootAt(size));
    if (size === 0) return;
    const entries = decodeEntryBundle(readLogFile(formatLogPath({ kind: 'entries', index: 0, width: size })));
    expect(entries.map((entry) => new TextDecoder().decode(entry))).toEqual(WORDS.slice(0, size));
    const leaves = entries.map(leafHashOf);
    expect(splitHashes(readLogFile(formatLogPath({ kind: 'tile', level: 0, index: 0, width: size })))).toEqual(leaves);
    const fromEntries = createNodeReader({ readTiles: async () => [new Uint8Array(Buffer.concat(leaves))] }, size);
    expect(await readRoot(fromEntries, size)).toEqual(rootAt(size));
  });

  it('every entry is proved to be in every size that has it', async () => {
    const entries = decodeEntryBundle(readLogFile(formatLogPath({ kind: 'entries', index: 0, width: 15 })));
    let proved = 0;
    for (const size of SIZES) {
      for (const [index, entry] of entries.slice(0, size).entries()) {
        const claim = { index, size, leaf: leafHashOf(entry), root: rootAt(size), proof: await proveInclusion(createNodeReader(tiles, size), { index, size }) };
        expect(() => verifyInclusion(claim)).not.toThrow();
        expect(() => verifyInclusion({ ...claim, root: rootAt(size - 1) })).toThrow(expect.objectContaining({ code: 'bad_proof' }));
        proved += 1;
      }
    }
    expect(proved).toBe((15 * 16) / 2);
  });

  it('every size is proved to be the beginning of every later one', async () => {
    let proved = 0;
    for (const to of SIZES.slice(1)) {
      for (let from = 1; from <= to; from++) {
        const claim = { from, fromRoot: rootAt(from), to, toRoot: rootAt(to), proof: await proveConsistency(createNodeReader(tiles, to), { from, to }) };
        expect(() => verifyConsistency(claim)).not.toThrow();
        expect(() => verifyConsistency({ ...claim, fromRoot: rootAt(from - 1) })).toThrow(expect.objectContaining({ code: 'bad_proof' }));
        proved += 1;
      }
    }
    expect(proved).toBe((15 * 16) / 2);
  });
});
