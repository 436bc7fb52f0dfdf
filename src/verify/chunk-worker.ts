/** Worker thread of verify-bytes.ts: a chunk in, its result out, one after the other. */
import { parentPort } from 'node:worker_threads';
import { checkChunk } from './check-chunk.ts';
import type { ChunkTask } from './chunk-result.ts';

parentPort?.on('message', (task: ChunkTask) => {
  const result = checkChunk(task);
  parentPort?.postMessage(result, [result.hashes.buffer, result.presences.buffer]);
});
