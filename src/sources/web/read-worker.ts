/** Worker thread of page-readers.ts: a response in, what it says out. */
import { parentPort } from 'node:worker_threads';
import { readResponse } from './page-post.ts';

export interface ReadTask {
  readonly url: string;
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
}

parentPort?.on('message', ({ url, body, contentType }: ReadTask) => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  parentPort?.postMessage(readResponse({ url, body: bytes, headers: contentType === undefined ? {} : { 'content-type': contentType } }));
});
