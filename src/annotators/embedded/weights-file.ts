/**
 * The file that weights are shipped in, `weights.bin`:
 *
 *     0       8 bytes   "hearsayW"
 *     8       4 bytes   N, length of the head, unsigned, little endian
 *     12      N bytes   head, JSON: {"models": [{"name", "classes", "bits", "scales", "biases", "bytes"}, ...]}
 *     12+N    weights of each model in the order of the head: 8-bit, deflated (RFC 1951) to `bytes` bytes
 *     end-32  32 bytes  SHA-256 of all before
 *
 * Proved by test/unit/annotators/weights-file.test.ts.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.ts';
import type { StoredModel } from './linear-model.ts';

const MAGIC = Buffer.from('hearsayW', 'latin1');
const HEAD_AT = MAGIC.length + 4;
const DIGEST_LENGTH = 32;
/** Places of a model are 2^bits; more than this is no model of ours. */
const MAX_BITS = 20;

const headSchema = z.strictObject({
  models: z.array(
    z.strictObject({
      name: z.string(),
      classes: z.array(z.string()).min(2).max(64),
      bits: z.int().min(1).max(MAX_BITS),
      scales: z.array(z.number()),
      biases: z.array(z.number()),
      bytes: z.int().nonnegative(),
    }),
  ),
});

export function encodeWeights(models: ReadonlyMap<string, StoredModel>): Buffer {
  const parts = [...models].map(([name, { data, ...model }]) => {
    const deflated = deflateRawSync(Buffer.from(data.buffer, data.byteOffset, data.byteLength), { level: 9 });
    return { head: { name, ...model, bytes: deflated.length }, deflated };
  });
  const head = Buffer.from(JSON.stringify({ models: parts.map((part) => part.head) }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const body = Buffer.concat([MAGIC, length, head, ...parts.map((part) => part.deflated)]);
  return Buffer.concat([body, digestOf(body)]);
}

/** @throws InvalidInputError `bad_weights`: not such a file, cut short, or changed. */
export function decodeWeights(bytes: Uint8Array): Map<string, StoredModel> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < HEAD_AT + DIGEST_LENGTH || !file.subarray(0, MAGIC.length).equals(MAGIC)) throw badWeights('it is no file of weights');
  const body = file.subarray(0, -DIGEST_LENGTH);
  if (!digestOf(body).equals(file.subarray(-DIGEST_LENGTH))) throw badWeights('its bytes are not those it was written with');
  let at = HEAD_AT + file.readUInt32LE(MAGIC.length);
  const head = headSchema.safeParse(parseJson(body.subarray(HEAD_AT, at)));
  if (!head.success) throw badWeights(`its head: ${head.error.issues[0]?.message}`);
  const models = new Map<string, StoredModel>();
  for (const { name, bytes: length, ...model } of head.data.models) {
    models.set(name, { ...model, data: inflate(body.subarray(at, at + length), 2 ** model.bits * model.classes.length) });
    at += length;
  }
  return models;
}

function inflate(deflated: Buffer, size: number): Int8Array {
  const inflated = inflateRawSync(deflated, { maxOutputLength: size });
  if (inflated.length !== size) throw badWeights('a model has not as many weights as it says');
  return new Int8Array(inflated.buffer, inflated.byteOffset, inflated.byteLength);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function badWeights(why: string): InvalidInputError {
  return new InvalidInputError('bad_weights', `weights.bin: ${why}`);
}
