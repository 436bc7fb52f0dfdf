/** `ledger verify ADDRESS`: an export, an article, a log's files, from a server that is honest and from one that is not. */
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { serve as listen } from '@hono/node-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerReader, createLogReader } from '../../src/api/database-reader.ts';
import { runCli } from '../../src/cli/run.ts';
import { exportTopic } from '../../src/ledger/export.ts';
import { formatVerifierKey, type VerifierKey, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { parseAddress } from '../../src/verify/read-address.ts';
import { verifyAddress } from '../../src/verify/verify-address.ts';
import { serve } from '../unit/api/serve.ts';
import { createEdge, type TestEdge } from './edge.ts';
import { ANNOTATOR, digest, type LedgerFixture, openLedger, report } from './ledger-fixture.ts';

describe('where an address leads', () => {
  it('an article to its export, a log to its files, anything else is an export', () => {
    const exported = { kind: 'export', url: 'https://a.example/api/topics/semax/export' };
    for (const article of [
      'https://a.example/t/semax',
      'https://a.example/t/semax/',
      'https://a.example/t/semax/verify',
      'https://a.example/t/semax?x=1#verify',
    ])
      expect(parseAddress(article)).toEqual(exported);
    expect(parseAddress('https://a.example/base/t/semax')).toEqual({ kind: 'export', url: 'https://a.example/base/api/topics/semax/export' });
    for (const log of ['https://a.example/log/semax', 'https://a.example/log/semax/', 'https://a.example/log/semax/checkpoint'])
      expect(parseAddress(log)).toEqual({ kind: 'log', prefix: 'https://a.example/log/semax', slug: 'semax' });
    expect(parseAddress('https://a.example/kept.ndjson?v=2')).toEqual({ kind: 'export', url: 'https://a.example/kept.ndjson?v=2' });
    expect(() => parseAddress('https://')).toThrow(expect.objectContaining({ code: 'bad_url' }));
  });
});

describe('verification over HTTP', () => {
  let ledger: LedgerFixture;
  let origin: string;
  let server: ReturnType<typeof listen>;
  let liar: Server;
  let lies: string;
  let edge: TestEdge;
  /** What the dishonest server makes of an honest body. */
  let lie: (path: string, body: Buffer) => Buffer | undefined = (_, body) => body;
  const verify = (url: string, options = {}) => verifyAddress(url, options, { signal: new AbortController().signal, onBytes: () => undefined });

  beforeAll(async () => {
    ledger = await openLedger();
    await ledger.append(ANNOTATOR, ...Array.from({ length: 200 }, (_, post) => report({ post: `p${post}`, thread: `t${post % 9}` })));
    await ledger.append({ type: 'tombstone', postKey: digest('post:p5'), reason: 'source_deleted' });
    await ledger.sign();
    const { app } = serve(createLedgerReader({ pool: ledger.pool, folds: ledger.folds, topics: new Map() }), {
      logOf: createLogReader(ledger.pool),
      exportLines: (slug) => exportTopic(ledger.pool, slug, { withContent: false, policyOf: () => 'text' }),
    });
    server = listen({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    liar = createServer(async (request, response) => {
      const honest = await fetch(`${origin}${request.url}`);
      const body = lie(request.url as string, Buffer.from(await honest.arrayBuffer()));
      if (body) response.writeHead(honest.status).end(body);
      else response.destroy();
    });
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
    lies = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
    edge = await createEdge();
  }, 120_000);
  afterEach(() => {
    lie = (_, body) => body;
  });
  afterAll(async () => {
    await edge.close();
    liar.closeAllConnections();
    await new Promise((resolve) => liar.close(resolve));
    await new Promise((resolve) => server.close(resolve));
    await ledger.close();
  });

  it('checks the export of an article', async () => {
    expect(await verify(`${origin}/t/semax`)).toMatchObject({ ok: true, size: 602, erased: 3, counts: 'equal' });
    lie = (_, body) => Buffer.from(body.toString().replace('focus better', 'focus worse!'));
    expect(await verify(`${lies}/t/semax`)).toMatchObject({ ok: false, where: 'seq 1' });
    lie = (_, body) => body.subarray(0, body.length - 400);
    expect(await verify(`${lies}/api/topics/semax/export`)).toMatchObject({ ok: false });
  });

  it('rebuilds a log from its headers, and compares every tile', async () => {
    const result = await verify(`${origin}/log/semax`);
    expect(result).toMatchObject({ ok: true, origin: 'ledger.example/semax', size: 602, entries: 602, tiles: 4, counts: 'not checked' });
    const key = await verifierKeyOf('ledger.example/semax', ledger.signer.seed);
    expect(await verify(`${origin}/log/semax`, { key })).toMatchObject({ ok: true, signer: 'authenticated' });
    const stranger = await verifierKeyOf('ledger.example/semax', new Uint8Array(32).fill(1));
    expect(await verify(`${origin}/log/semax`, { key: stranger })).toMatchObject({ ok: false, where: 'key' });
  });

  it("refuses a log under another log's key, though its signature was copied to a line with that key's name", async () => {
    const key = await verifierKeyOf('ledger.example/selank', ledger.signer.seed);
    lie = (url, body) => (url.endsWith('/checkpoint') ? Buffer.from(signAlsoAs(key, body.toString())) : body);
    expect(await verify(`${lies}/log/semax`)).toMatchObject({ ok: true });
    expect(await verify(`${lies}/log/semax`, { key })).toMatchObject({ ok: false, where: 'key', why: expect.stringContaining('ledger.example/selank') });
  });

  it.each([
    { path: '/headers/000', change: (body: Buffer) => body.toString().replace('"number":7', '"number":8'), where: 'seq 19' },
    { path: '/headers/001', change: (body: Buffer) => body.toString().split('\n').slice(1).join('\n'), where: 'headers/1' },
    { path: '/tile/entries/000', change: flip, where: 'seq 124' },
    { path: '/tile/entries/000', change: (body: Buffer) => body.subarray(34), where: 'headers/0' },
    { path: '/tile/0/001', change: flip, where: 'tile 0/1' },
    { path: '/tile/1/000.p/2', change: flip, where: 'tile 1/0' },
    { path: '/checkpoint', change: (body: Buffer) => body.toString().replace('\n602\n', '\n600\n'), where: 'checkpoint' },
    { path: '/checkpoint', change: (body: Buffer) => body.toString().replaceAll('semax', 'other'), where: 'checkpoint' },
  ])('finds what a server changed of $path', async ({ path: changed, change, where }) => {
    lie = (url, body) => (url === `/log/semax${changed}` ? Buffer.from(change(body)) : body);
    expect(await verify(`${lies}/log/semax`)).toMatchObject({ ok: false, where });
  });

  it('finds a signature that does not hold under the key the server tells', async () => {
    const stranger = formatVerifierKey(await verifierKeyOf('ledger.example/semax', new Uint8Array(32).fill(1)));
    lie = (url, body) => (url.startsWith('/api/') ? Buffer.from(JSON.stringify({ vkey: stranger })) : body);
    expect(await verify(`${lies}/log/semax`)).toMatchObject({ ok: false, where: 'checkpoint' });
  });

  it('gives no verdict on a server that does not answer, or has nothing there', async () => {
    await expect(verify(`${origin}/t/nothing`)).rejects.toMatchObject({ code: 'not_found' });
    await expect(verify(`${origin}/log/nothing`)).rejects.toMatchObject({ code: 'not_found' });
    lie = () => undefined;
    await expect(verify(`${lies}/t/semax`)).rejects.toMatchObject({ code: 'network' });
    lie = (url, body) => (url.endsWith('/checkpoint') ? Buffer.alloc(5_000_000, 'a') : body);
    await expect(verify(`${lies}/log/semax`)).rejects.toMatchObject({ code: 'body_too_large' });
  });

  it('ends the command with 0, 4, 1 or 2', async () => {
    expect(await runCli(['ledger', 'verify', `${origin}/log/semax`], edge)).toBe(0);
    expect(edge.written.out).toContain('OK ledger.example/semax: 602 entries');
    expect(edge.written.out).toContain('not checked  content, quotes and counts');
    lie = (_, body) => Buffer.from(body.toString().replace('focus better', 'focus worse!'));
    expect(await runCli(['ledger', 'verify', `${lies}/t/semax`, '--json'], edge)).toBe(4);
    expect(JSON.parse(edge.written.out.trim().split('\n').at(-1) as string)).toMatchObject({ ok: false, where: 'seq 1' });
    expect(await runCli(['ledger', 'verify', `${origin}/t/nothing`], edge)).toBe(1);
    expect(await runCli(['ledger', 'verify', `${origin}/t/semax`, '--witness', 'no key'], edge)).toBe(2);
  });
});

/** The note with one signature more: the bytes of the log's own, under the name and id of this key. */
function signAlsoAs(key: VerifierKey, note: string): string {
  const own = /\n\n— \S+ ([^\n]+)\n/.exec(note)?.[1] ?? '';
  const bytes = Buffer.concat([Buffer.from(key.id), Buffer.from(own, 'base64').subarray(4)]);
  return `${note}— ${key.name} ${bytes.toString('base64')}\n`;
}

function flip(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  const at = Math.min(4_221, body.length - 1);
  changed[at] = (body[at] as number) ^ 1;
  return changed;
}
