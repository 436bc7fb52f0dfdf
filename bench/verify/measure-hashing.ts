/**
 * The bare rate: exactly the messages that verification hashes (entries, commitments, leaves, nodes), and nothing else, one after the
 * other on one core with node:crypto; then the file's bytes in bulk. Reading and building the messages is not timed.
 * `tsx measure-hashing.ts FILE` prints one JSON line.
 */
import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readExportLines } from '../../src/ledger/read-export-lines.ts';

const file = process.argv[2] as string;
const BATCH = 4_096;
const CONTENT = Buffer.from('hearsay/content/v1\n');
const ENTRY = Buffer.from('hearsay/entry/v1\n');
let [ms, cpuMs, hashes, bytes] = [0, 0, 0, 0];

function digestAll(messages: readonly Buffer[]): Buffer[] {
  const before = process.cpuUsage();
  const started = performance.now();
  const digests = messages.map((message) => hash('sha256', message, 'buffer'));
  ms += performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  cpuMs += (user + system) / 1e3;
  hashes += messages.length;
  bytes += messages.reduce((sum, message) => sum + message.length, 0);
  return digests;
}

/** Nodes above leaves, level by level: pairs, and a last one moves up. */
function digestTree(leaves: Buffer[]): Buffer[] {
  for (let level = leaves; level.length > 1; ) {
    const pairs = level.length >> 1;
    const above = digestAll(Array.from({ length: pairs }, (_, at) => Buffer.concat([Buffer.of(1), level[2 * at] as Buffer, level[2 * at + 1] as Buffer])));
    level = level.length % 2 ? [...above, level.at(-1) as Buffer] : above;
    if (level.length === 1) return level;
  }
  return leaves;
}

let previous: Buffer = Buffer.alloc(32);
let messages: Buffer[] = [];
let leaves: Buffer[] = [];
const roots: Buffer[] = [];
const flush = (): void => {
  digestAll(messages);
  roots.push(...digestTree(digestAll(leaves)));
  messages = [];
  leaves = [];
};
for await (const text of readExportLines(createReadStream(file, { highWaterMark: 1024 * 1024 }))) {
  const line = JSON.parse(text) as { entry?: string; header: string; content?: string; salt: string };
  if (line.entry === undefined) continue;
  messages.push(Buffer.concat([ENTRY, previous, Buffer.from(line.header)]));
  if (line.content !== undefined) messages.push(Buffer.concat([CONTENT, Buffer.from(line.salt, 'hex'), Buffer.from(line.content)]));
  previous = Buffer.from(line.entry, 'hex');
  leaves.push(Buffer.concat([Buffer.of(0), previous]));
  if (leaves.length === BATCH) flush();
}
if (leaves.length > 0) flush();
digestTree(roots);

let [bulkMs, bulkBytes] = [0, 0];
const bulk = createHash('sha256');
for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
  const started = performance.now();
  bulk.update(chunk as Buffer);
  bulkMs += performance.now() - started;
  bulkBytes += (chunk as Buffer).length;
}
console.log(JSON.stringify({ ms, cpuMs, hashes, bytes, bulkMs, bulkBytes }));
