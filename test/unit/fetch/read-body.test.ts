import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { expect, it } from 'vitest';
import { readBody } from '../../../src/fetch/read-body.ts';

const streamOf = (bytes: Buffer) => Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]);

it('cuts where the cap says so', async () => {
  const body = await readBody(streamOf(zlib.gzipSync('abcdefgh')), 'gzip', { maxBytes: 5, beyond: 'cut' });
  expect(body.toString()).toBe('abcde');
});

it('inflates no further than the cap needs', async () => {
  let pulled = 0;
  const bomb = zlib.gzipSync(Buffer.alloc(60_000_000));
  const source = Readable.from(
    (function* () {
      for (let at = 0; at < bomb.length; at += 64) {
        pulled += 64;
        yield bomb.subarray(at, at + 64);
      }
    })(),
  );
  await expect(readBody(source, 'gzip', { maxBytes: 1_000_000, beyond: 'refuse' })).rejects.toMatchObject({ code: 'body_too_large' });
  expect(pulled).toBeLessThan(bomb.length / 2);
});

it('reads an empty body under any coding', async () => {
  for (const coding of [undefined, 'identity', 'deflate', 'gzip', 'br'])
    expect(await readBody(Readable.from([]), coding, { maxBytes: 5, beyond: 'refuse' })).toHaveLength(0);
});
