/** Looks for a token in files and in Redis, in the forms that a database, a log or a queue may give it. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Redis } from 'ioredis';

/** A name for the form, and its bytes. */
type Form = readonly [name: string, bytes: Buffer];

/**
 * UTF-8, and each 8 letters of it: a compressed TOAST value (pglz) breaks letters that are not repeated into groups of 8.
 * UTF-16, hex, and Base64 at each of its three alignments, without the letters that what stands beside it changes.
 */
export function formsOf(token: string): readonly Form[] {
  const bytes = Buffer.from(token, 'utf8');
  const utf16 = Buffer.from(token, 'utf16le');
  const groups = Array.from({ length: token.length - 7 }, (_, at): Form => [`letters ${at} to ${at + 8}`, Buffer.from(token.slice(at, at + 8))]);
  const base64 = [0, 1, 2].map((shift): Form => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return [`base64 +${shift}`, Buffer.from(encoded.slice(Math.ceil((shift * 4) / 3), -2))];
  });
  return [
    ['utf-8', bytes],
    ...groups,
    ['utf-16le', utf16],
    ['utf-16be', Buffer.from(utf16).swap16()],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ...base64,
  ];
}

/** `file: form` for each hit, in every file under the directories. */
export async function findInFiles(directories: readonly string[], forms: readonly Form[]): Promise<string[]> {
  const hits: string[] = [];
  for (const directory of directories) {
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isFile()) continue;
      // Gone meanwhile: the server deletes files of its own.
      const bytes = await readFile(file).catch(() => Buffer.alloc(0));
      for (const [name, form] of forms) if (bytes.includes(form)) hits.push(`${path.relative(directory, file)}: ${name}`);
    }
  }
  return hits;
}

/** Bytes under the directories: a search of nothing finds nothing. */
export async function countBytes(directories: readonly string[]): Promise<number> {
  let total = 0;
  for (const directory of directories) {
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) total += (await lstat(path.join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
    }
  }
  return total;
}

/** Every key under the prefix with what it holds, as text. */
export async function readRedis(redis: Redis, prefix: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 500 })) {
    for (const key of keys as string[]) found.set(key, JSON.stringify(await readValue(redis, key)));
  }
  return found;
}

async function readValue(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return null;
  }
}
