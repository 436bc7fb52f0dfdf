/** Turns a response into the capture that is stored beside the posts read from it. Proved by test/unit/sources/capture.test.ts. */
import { createHash } from 'node:crypto';
import type { HttpResponse } from '../fetch/http.ts';
import type { Capture } from './source.ts';

/** Credentials and cookies say nothing about what was published; they are not kept. */
const DROPPED = new Set(['set-cookie', 'cookie', 'authorization', 'proxy-authorization', 'proxy-authenticate', 'www-authenticate']);

export function captureOf(response: HttpResponse): Capture {
  return {
    digest: createHash('sha256').update(response.body).digest('hex'),
    url: response.url,
    status: response.status,
    headers: Object.fromEntries(Object.entries(response.headers).filter(([name]) => !DROPPED.has(name.toLowerCase()))),
    body: response.body,
    fetchedAt: response.fetchedAt,
  };
}
