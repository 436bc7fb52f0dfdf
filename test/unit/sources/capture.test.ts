import { expect, it } from 'vitest';
import { captureOf } from '../../../src/sources/capture.ts';

it('keeps bytes, time and headers, without cookies and credentials', () => {
  const capture = captureOf({
    url: 'https://x.example/',
    status: 200,
    headers: { 'content-type': 'text/plain', 'set-cookie': 'a=1', authorization: 'Bearer hush' },
    body: Buffer.from('abc'),
    fetchedAt: '2026-03-01T10:00:00.000Z',
  });
  expect(capture.digest).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(capture.headers).toEqual({ 'content-type': 'text/plain' });
});
