import { afterEach, describe, expect, it } from 'vitest';
import { openListed } from './open-listed.ts';
import type { Place } from '../../../src/places/place.ts';
import { createPost } from '../../../src/places/post.ts';
import { answerWith, type Loopback } from './loopback.ts';

const opened: Loopback[] = [];
const serve: typeof answerWith = async (answer) => {
  const server = await answerWith(answer);
  opened.push(server);
  return server;
};
afterEach(() => Promise.all(opened.splice(0).map((server) => server.close())));
const { signal } = new AbortController();
const listed = (address: string) => createPost({ address, name: 'place', allowHosts: [new URL(address).host] });

describe('createPost', () => {
  it('posts text, with what stands before the host as authorization', async () => {
    const server = await serve((response) => response.writeHead(200, { 'content-type': 'Text/X.tlog.size; charset=utf-8' }).end('12\n'));
    const post = listed(`${server.url.replace('//', '//kim:p%40ss@')}/notes?token=abc`);
    expect(await post('a note — of us\n', signal)).toEqual({ status: 200, contentType: 'text/x.tlog.size', text: '12\n' });
    expect(server.asked).toMatchObject([{ url: '/notes?token=abc', body: 'a note — of us\n' }]);
    const { headers } = server.asked[0] as (typeof server.asked)[number];
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', authorization: `Basic ${Buffer.from('kim:p@ss').toString('base64')}` });
  });

  it('reads no more than 64 KiB of an answer', async () => {
    const server = await serve((response) => response.writeHead(200).end('x'.repeat(65 * 1024)));
    await expect(listed(server.url)('x', signal)).rejects.toMatchObject({
      code: 'place_failed',
      message: expect.stringMatching(/^place: body is larger/),
    });
  });

  it.each([
    ['a server that hangs up', 'place_unreachable'],
    ['nobody', 'place_unreachable'],
  ])('fails in time at %s, without the address', async (what, code) => {
    const server = await serve((response) => response.destroy());
    if (what === 'nobody') await opened.pop()?.close();
    const error = await listed(`${server.url.replace('//', '//kim:hunter2@')}/?token=hunter2`)('x', signal).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'TransientError', code, message: expect.stringMatching(/^place: /) });
    expect((error as Error).message).not.toMatch(/hunter2|127\.0\.0\.1/);
  });

  it.each([
    ['a loopback address', 'http://127.0.0.1:4321/?token=hunter2', '127.0.0.1:4321'],
    ['one in IPv6', 'http://kim:hunter2@[::1]:4321/', '[::1]:4321'],
    ['a private address', 'https://10.0.0.7/hunter2', '10.0.0.7:443'],
    ['the metadata of a cloud', 'http://169.254.169.254/', '169.254.169.254:80'],
    ['a name of this machine', 'http://localhost:4321/', 'localhost:4321'],
    ['another port', 'https://192.0.2.1:8443/', '192.0.2.1:8443'],
  ])('asks nobody at %s that is not listed, and says what to list', async (_what, address, hostPort) => {
    for (const allowHosts of [[], ['127.0.0.1:1', 'localhost:80', '10.0.0.7:80']]) {
      const error = await createPost({ address, name: 'place', allowHosts })('x', signal).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ name: 'InvalidInputError', code: 'address_blocked' });
      expect((error as Error).message).toMatch(/^place: /);
      expect((error as Error).message).toContain(`put ${hostPort} into HEARSAY_ALLOW_HOSTS`);
      expect((error as Error).message).not.toContain('hunter2');
    }
  });

  it('follows no redirect, wherever it leads', async () => {
    const inside = await serve((response) => response.end('inside'));
    const server = await serve((response) => response.writeHead(307, { location: inside.url }).end());
    expect(await listed(server.url)('x', signal)).toMatchObject({ status: 307 });
    expect(inside.asked).toEqual([]);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    await expect(listed(server.url)('x', stop.signal)).rejects.toMatchObject({ code: 'place_unreachable' });
  });
});

describe('an HTTP place', () => {
  const deliverTo = (url: string): ReturnType<Place['deliver']> => {
    const place = openListed(`${url}/notes`)[0] as Place;
    const tree = { rootAt: async () => new Uint8Array(32), newestSize: async () => 1, proveFrom: async () => [] };
    return place.deliver({ topic: 'semax', origin: 'log.example/semax', size: 1, root: new Uint8Array(32), note: 'note\n' }, { tree, delivered: 0, signal });
  };

  it.each([200, 201, 202, 204])('takes %i for a receipt', async (status) => {
    const server = await serve((response) => response.writeHead(status).end());
    await deliverTo(server.url);
    expect(server.asked.map(({ body }) => body)).toEqual(['note\n']);
  });
  it.each([
    [500, 'TransientError', 'place_failed'],
    [503, 'TransientError', 'place_failed'],
    [429, 'TransientError', 'place_failed'],
    [400, 'InvalidInputError', 'place_refused'],
    [401, 'InvalidInputError', 'place_refused'],
    [404, 'InvalidInputError', 'place_refused'],
  ])('fails at %i', async (status, name, code) => {
    const server = await serve((response) => response.writeHead(status).end('why'));
    await expect(deliverTo(server.url)).rejects.toMatchObject({ name, code, message: expect.stringContaining(`answers ${status}`) });
  });
  it('follows no redirect', async () => {
    const target = await serve((response) => response.writeHead(200).end());
    const server = await serve((response) => response.writeHead(307, { location: target.url }).end());
    await expect(deliverTo(server.url)).rejects.toMatchObject({ code: 'place_refused' });
    expect(target.asked).toEqual([]);
  });
});
