import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHashOf } from '../../src/ledger/merkle.ts';
import { proveConsistency, proveInclusion, readRoot, verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts';
import { createNodeReader, decodeEntryBundle, encodeEntryBundle, formatLogPath, type LogFile, parseLogPath, type TileId } from '../../src/ledger/tile.ts';
import { MemoryLog } from '../unit/api/memory-log.ts';

const page = { index: fc.nat(2 ** 45 - 1), width: fc.integer({ min: 1, max: 256 }) };
const files: fc.Arbitrary<LogFile> = fc.oneof(
  fc.record({ kind: fc.constant('tile' as const), level: fc.nat(63), ...page }),
  fc.record({ kind: fc.constantFrom('entries' as const, 'headers' as const), ...page }),
);

it('every file has a path, and that path is its only one', () => {
  fc.assert(
    fc.property(files, (file) => {
      expect(parseLogPath(formatLogPath(file))).toEqual(file);
    }),
  );
  const pieces = fc.constantFrom(
    'tile',
    'headers',
    'entries',
    '0',
    '1',
    '63',
    '64',
    '000',
    '001',
    '255',
    '999',
    'x000',
    'x001',
    '.p',
    '/',
    '/',
    '/',
    '000.p',
    '5',
    '256',
    '00',
    'x',
    '',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 9 }), (parts) => {
      const path = parts.join('');
      const file = parseLogPath(path);
      if (file) expect(formatLogPath(file)).toBe(path);
    }),
    { numRuns: 2_000 },
  );
});

it('entry bundles come back as they went in, and hold nothing else', () => {
  const bundles = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 256 });
  fc.assert(
    fc.property(bundles, (entries) => {
      expect(decodeEntryBundle(encodeEntryBundle(entries)).map((entry) => [...entry])).toEqual(entries.map((entry) => [...entry]));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      let entries: Uint8Array[];
      try {
        entries = decodeEntryBundle(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_tile' });
        return;
      }
      expect([...encodeEntryBundle(entries)]).toEqual([...bytes]);
    }),
  );
});

describe('proofs out of tiles are those of a naive recursive tree', () => {
  const MOST = 66_500;
  const log = new MemoryLog(MOST);
  const { tree } = log;
  /** Where tiles fill: 256 leaves, and 65,536. */
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: MOST }),
    fc.tuple(fc.constantFrom(256, 512, 4_096, 65_536, 65_792), fc.integer({ min: -2, max: 2 })).map(([near, by]) => near + by),
  );

  it('roots, inclusion and consistency, each from one read of tiles the size implies', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), async (one, two, any) => {
        const [from, to] = [Math.min(one, two), Math.max(one, two)];
        const asked: TileId[][] = [];
        const readTiles = (tiles: readonly TileId[]) => {
          asked.push([...tiles]);
          return log.readTiles(tiles);
        };
        const nodes = createNodeReader({ readTiles }, to);
        const toRoot = tree.root(0, to);
        expect(await readRoot(nodes, to)).toEqual(toRoot);
        const index = any % to;
        const path = await proveInclusion(nodes, { index, size: to });
        expect(path).toEqual(tree.path(index, 0, to));
        verifyInclusion({ index, size: to, leaf: leafHashOf(tree.entries[index] as Uint8Array), root: toRoot, proof: path });
        const proof = await proveConsistency(nodes, { from, to });
        expect(proof).toEqual(tree.subproof(from, { start: 0, end: to }));
        verifyConsistency({ from, fromRoot: tree.root(0, from), to, toRoot, proof });
        expect(asked.length).toBeLessThanOrEqual(3);
        for (const tiles of asked) {
          expect(new Set(tiles.map((tile) => formatLogPath({ kind: 'tile', ...tile }))).size).toBe(tiles.length);
          // c2sp.org/tlog-tiles: full, or "floor(s / 256**l) mod 256" wide.
          for (const { level, width } of tiles) if (width !== 256) expect(width).toBe(Math.floor(to / 256 ** level) % 256);
        }
      }),
    );
  });
});
