import { afterEach, describe, expect, it } from 'vitest';
import { parsePlaces } from '../../../src/places/address.ts';
import { openPlaces } from '../../../src/places/list.ts';
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

describe('createPost', () => {
  it('posts text, with what stands before the host as authorization', async () => {
    const server = await serve((response) => response.writeHead(200, { 'content-type': 'Text/X.tlog.size; charset=utf-8' }).end('12\n'));
    const post = createPost(`${server.url.replace('//', '//kim:p%40ss@')}/notes?token=abc`, 'place');
    expect(await post('a note — of us\n', signal)).toEqual({ status: 200, contentType: 'text/x.tlog.size', text: '12\n' });
    expect(server.asked).toMatchObject([{ url: '/notes?token=abc', body: 'a note — of us\n' }]);
    const { headers } = server.asked[0] as (typeof server.asked)[number];
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', authorization: `Basic ${Buffer.from('kim:p@ss').toString('base64')}` });
  });

  it('reads no more than 64 KiB of an answer', async () => {
    const server = await serve((response) => response.writeHead(200).end('x'.repeat(65 * 1024)));
    await expect(createPost(server.url, 'place')('x', signal)).rejects.toMatchObject({
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
    const error = await createPost(`${server.url.replace('//', '//kim:hunter2@')}/?token=hunter2`, 'place')('x', signal).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'TransientError', code, message: expect.stringMatching(/^place: /) });
    expect((error as Error).message).not.toMatch(/hunter2|127\.0\.0\.1/);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    await expect(createPost(server.url, 'place')('x', stop.signal)).rejects.toMatchObject({ code: 'place_unreachable' });
  });
});

describe('an HTTP place', () => {
  const deliverTo = (url: string): ReturnType<Place['deliver']> => {
    const place = openPlaces(parsePlaces(`${url}/notes`, '/'))[0] as Place;
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
