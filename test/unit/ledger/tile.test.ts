import { describe, expect, it } from 'vitest';
import { createNodeReader, decodeEntryBundle, encodeEntryBundle, formatLogPath, type LogFile, parseLogPath, widthAt } from '../../../src/ledger/tile.ts';

describe('paths of c2sp.org/tlog-tiles', () => {
  it.each<[LogFile, string]>([
    [{ kind: 'tile', level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ kind: 'tile', level: 0, index: 273, width: 112 }, 'tile/0/273.p/112'],
    [{ kind: 'tile', level: 1, index: 1234067, width: 256 }, 'tile/1/x001/x234/067'],
    [{ kind: 'tile', level: 63, index: 1000, width: 1 }, 'tile/63/x001/000.p/1'],
    [{ kind: 'entries', index: 999, width: 256 }, 'tile/entries/999'],
    [{ kind: 'entries', index: 999_999, width: 255 }, 'tile/entries/x999/999.p/255'],
    [{ kind: 'headers', index: 3, width: 17 }, 'headers/003.p/17'],
    [{ kind: 'headers', index: 35_184_372_088_831, width: 256 }, 'headers/x035/x184/x372/x088/831'],
  ])('%o is %s', (file, path) => {
    expect(formatLogPath(file)).toBe(path);
    expect(parseLogPath(path)).toEqual(file);
  });

  it.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/00a',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/100/000',
    'tile/0/x000/001',
    'tile/0/x000',
    'tile/0/000/001',
    'tile/0/X001/234',
    'tile/0/x001/x234',
    'tile/0/x001//234',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/999',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000.p/5/',
    'tile/0/000 ',
    'tile/0/000\n',
    '/tile/0/000',
    'x/tile/0/000',
    'tile/data/000',
    'tile/entries/0/000',
    'tile/headers/000',
    'headers/0/000',
    'headers/x035/x184/x372/x088/832',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/%30%30%30',
  ])('%j is none', (path) => {
    expect(parseLogPath(path)).toBeUndefined();
  });
});

describe('widths', () => {
  /** The example of the specification: a tree of 70,000. */
  it.each([
    [70_000, 0, 272, 256],
    [70_000, 0, 273, 112],
    [70_000, 0, 274, 0],
    [70_000, 1, 0, 256],
    [70_000, 1, 1, 17],
    [70_000, 2, 0, 1],
    [70_000, 3, 0, 0],
    [256, 0, 0, 256],
    [256, 0, 1, 0],
    [256, 1, 0, 1],
    [255, 1, 0, 0],
    [0, 0, 0, 0],
    [Number.MAX_SAFE_INTEGER, 6, 0, 31],
    [Number.MAX_SAFE_INTEGER, 63, 0, 0],
  ])('size %i, level %i, tile %i: %i', (size, level, index, width) => {
    expect(widthAt(size, { level, index })).toBe(width);
  });
});

describe('entry bundles', () => {
  const entries = [Uint8Array.of(1, 2, 3), new Uint8Array(), new Uint8Array(0xffff).fill(9)];

  it('have each entry behind its length in two bytes, big-endian', () => {
    expect([...encodeEntryBundle(entries.slice(0, 2))]).toEqual([0, 3, 1, 2, 3, 0, 0]);
    expect(decodeEntryBundle(encodeEntryBundle(entries))).toEqual(entries);
  });

  it.each([
    ['nothing at all', new Uint8Array()],
    ['half a length', Uint8Array.of(0)],
    ['an entry cut off', Uint8Array.of(0, 2, 1)],
    ['half a length at the end', Uint8Array.of(0, 1, 1, 0)],
    ['257 entries', new Uint8Array(257 * 2)],
  ])('are refused with %s', (_name, bundle) => {
    expect(() => decodeEntryBundle(bundle)).toThrow(expect.objectContaining({ code: 'bad_tile' }));
  });

  it('hold 256 entries at most, and do hold 256', () => {
    const full = Array.from({ length: 256 }, (_, seq) => Uint8Array.of(seq));
    expect(decodeEntryBundle(encodeEntryBundle(full))).toEqual(full);
  });

  it('hold no entry that its length cannot say', () => {
    expect(() => encodeEntryBundle([new Uint8Array(0x10000)])).toThrow(expect.objectContaining({ code: 'bad_tile' }));
  });
});

describe('nodes out of tiles', () => {
  it.each([31, 33, 64, 0])('refuse a tile of one hash that has %i bytes', async (bytes) => {
    const reader = createNodeReader({ readTiles: async () => [new Uint8Array(bytes)] }, 1);
    await expect(reader.readNodes([{ level: 0, index: 0 }])).rejects.toMatchObject({ code: 'bad_tile' });
  });

  it('refuse a reader that gives fewer tiles than it was asked for', async () => {
    const reader = createNodeReader({ readTiles: async () => [] }, 1);
    await expect(reader.readNodes([{ level: 0, index: 0 }])).rejects.toMatchObject({ code: 'bad_tile' });
  });

  it.each([
    [5, { level: 0, index: 5 }],
    [5, { level: 1, index: 2 }],
    [255, { level: 8, index: 0 }],
    [257, { level: 8, index: 1 }],
  ])('a tree of %i has no %o', async (size, node) => {
    const reader = createNodeReader({ readTiles: () => expect.fail('nothing is to be read') }, size);
    await expect(reader.readNodes([node])).rejects.toMatchObject({ code: 'bad_size' });
  });
});
