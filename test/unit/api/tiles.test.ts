import { describe, expect, it } from 'vitest';
import { decodeEntryBundle, splitHashes } from '../../../src/ledger/tile.ts';
import { must } from '../counts/must.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { MemoryLog, WITNESS_LINE } from './memory-log.ts';
import { serve } from './serve.ts';

const log = await MemoryLog.signedAt(600, [3, 520]);
const { app } = serve(new MemoryLedger(), { logOf: () => log });
const IMMUTABLE = 'public, max-age=31536000, immutable';

async function read(path: string): Promise<{ bytes: Uint8Array; headers: Headers }> {
  const answer = await app.request(`/log/semax/${path}`);
  expect(answer.status, path).toBe(200);
  return { bytes: new Uint8Array(await answer.arrayBuffer()), headers: answer.headers };
}

describe('the log as static files', () => {
  it('has the newest checkpoint with the lines of witnesses, to be asked for again soon', async () => {
    const { bytes, headers } = await read('checkpoint');
    const note = new TextDecoder().decode(bytes);
    expect(note).toBe(log.notes.get(520));
    expect(note.endsWith(WITNESS_LINE)).toBe(true);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('cache-control')).toBe('public, max-age=5');
  });

  it.each([
    ['tile/0/000', 0, 256],
    ['tile/0/002.p/8', 512, 8],
    ['tile/0/002.p/1', 512, 1],
    ['tile/0/001.p/7', 256, 7],
  ])('has %s, of leaf hashes, for good', async (path, first, width) => {
    const { bytes, headers } = await read(path);
    expect(splitHashes(bytes)).toEqual(Array.from({ length: width }, (_, at) => log.tree.root(first + at, first + at + 1)));
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('cache-control')).toBe(IMMUTABLE);
  });

  it('has tiles above, of the roots of full tiles only', async () => {
    expect(splitHashes((await read('tile/1/000.p/2')).bytes)).toEqual([log.tree.root(0, 256), log.tree.root(256, 512)]);
  });

  it('has bundles of entry hashes, and their headers a line each', async () => {
    const bundle = await read('tile/entries/002.p/8');
    expect(decodeEntryBundle(bundle.bytes)).toEqual(log.tree.entries.slice(512, 520));
    expect(bundle.bytes).toHaveLength(8 * 34);
    const page = await read('headers/001');
    expect(Buffer.from(page.bytes)).toEqual(Buffer.concat(log.headers.slice(256, 512).flatMap((header) => [header, Buffer.from('\n')])));
    expect(page.headers.get('content-type')).toBe('application/x-ndjson');
    for (const { headers } of [bundle, page]) expect(headers.get('cache-control')).toBe(IMMUTABLE);
  });

  it.each([
    'tile/0/002',
    'tile/0/002.p/9',
    'tile/0/003.p/1',
    'tile/1/000',
    'tile/1/000.p/3',
    'tile/2/000.p/1',
    'tile/63/000.p/1',
    'tile/0/x035/x184/x372/x088/831',
    'tile/entries/002.p/9',
    'headers/002',
    'headers/002.p/9',
    'tile/0/002.p/0',
    'tile/0/2.p/8',
    'tile/64/000',
    'tile/0/',
    'tile/0/000%00',
    'tile/0/000%2Fx',
    'headers/000/',
  ])('answers 404 no_tile to %s', async (path) => {
    const answer = await app.request(`/log/semax/${path}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: 'no_tile' } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['/log/unheard-of/checkpoint', 'unknown_topic'],
    ['/log/unheard-of/tile/0/000', 'unknown_topic'],
    ['/log/unheard-of/headers/000', 'unknown_topic'],
    ['/log/semax', 'not_found'],
    ['/log/semax/checkpoint/', 'not_found'],
  ])('answers 404 to %s: %s', async (path, code) => {
    const answer = await app.request(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code } });
  });

  it('has nothing before anything is signed', async () => {
    const unsigned = serve(new MemoryLedger(), { logOf: () => new MemoryLog(600) });
    for (const path of ['checkpoint', 'tile/0/000', 'tile/entries/000', 'headers/000']) {
      const answer = await unsigned.app.request(`/log/semax/${path}`);
      expect(answer.status, path).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: 'no_checkpoint' } });
    }
  });

  it('is asked by caches and by other origins', async () => {
    const first = await app.request('/log/semax/tile/0/000', { headers: { Origin: 'https://reader.example' } });
    expect(first.headers.get('access-control-allow-origin')).toBe('*');
    const again = await app.request('/log/semax/tile/0/000', { headers: { 'If-None-Match': must(first.headers.get('etag')) } });
    expect(again.status).toBe(304);
    expect(again.headers.get('cache-control')).toBe(IMMUTABLE);
    const head = await app.request('/log/semax/tile/0/000', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await app.request('/log/semax/tile/0/000', { method: 'POST' })).status).toBe(404);
  });
});
