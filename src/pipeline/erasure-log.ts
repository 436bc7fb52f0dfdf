/**
 * `<dataDir>/erasures.ndjson`: every erasure, outside the database, so that a restored backup cannot bring back what was
 * erased after it was made. Holds keyed hashes, reasons and times; no text, no id. The database is the truth and this file
 * a copy: at every start each learns what only the other knows (docs/adr/0006-backups-and-key-shredding.md).
 * Proved by test/integration/erasure-log.test.ts.
 */
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { inTransaction } from '../db/pool.ts';
import { type EraseReason, erasePost } from '../ledger/erase.ts';
import type { Hearsay } from './hearsay.ts';

export interface Erasure {
  readonly postKey: Buffer;
  readonly reason: EraseReason;
  readonly at: Date;
}

const lineSchema = z.object({
  post_key: z.string().regex(/^[0-9a-f]{64}$/),
  reason: z.enum(['source_deleted', 'platform_terms', 'request', 'operator']),
  at: z.iso.datetime(),
  /** Of the secret that the hash was made with: under another one it names nothing. */
  key_id: z.string(),
});

function erasureLogPath(dataDir: string): string {
  return path.join(dataDir, 'erasures.ndjson');
}

/** Call when the erasure is committed. A failure leaves it to the next start, and is told in the log. */
export async function noteErasures(hearsay: Hearsay, erasures: readonly Erasure[]): Promise<void> {
  if (erasures.length === 0) return;
  const lines = erasures.map(({ postKey, reason, at }) =>
    JSON.stringify({ post_key: postKey.toString('hex'), reason, at: at.toISOString(), key_id: hearsay.keys.keyId }),
  );
  try {
    const file = await open(erasureLogPath(hearsay.dataDir), 'a', 0o600);
    try {
      // The leading newline ends a line that a crash cut off.
      await file.writeFile(`\n${lines.join('\n')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    hearsay.log.warn(
      { code: (error as NodeJS.ErrnoException).code },
      `cannot write ${erasureLogPath(hearsay.dataDir)}: a restored backup would not know these erasures`,
    );
  }
}

/**
 * Erases again what the file names and the database does not know, and notes what only the database knows. Returns how
 * many posts were erased again: more than none means that an older database has been restored.
 */
export async function reapplyErasures(hearsay: Hearsay): Promise<number> {
  const noted = await readErasureLog(hearsay.dataDir, hearsay.keys.keyId);
  const found = await hearsay.pool.query<{ post_key: Buffer; reason: EraseReason | null; blocked_at: Date }>(
    'SELECT post_key, reason, blocked_at FROM blocked_post',
  );
  const blocked = new Set(found.rows.map((row) => row.post_key.toString('hex')));
  const lost = [...noted].filter(([key]) => !blocked.has(key));
  for (const [, { postKey, reason }] of lost) {
    await inTransaction(hearsay.pool, (client) => erasePost(client, { postKey, reason }, { now: hearsay.now(), folds: hearsay.folds, keys: hearsay.keys }));
  }
  await noteErasures(
    hearsay,
    found.rows
      .filter((row) => !noted.has(row.post_key.toString('hex')))
      .map((row) => ({ postKey: row.post_key, reason: row.reason ?? 'operator', at: row.blocked_at })),
  );
  return lost.length;
}

/** By post key, hex. A line that cannot be read names nothing: the database knows it unless that is lost too. */
async function readErasureLog(dataDir: string, keyId: string): Promise<ReadonlyMap<string, Erasure>> {
  const text = await readFile(erasureLogPath(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return new Map(
    text.split('\n').flatMap((line): [string, Erasure][] => {
      const parsed = lineSchema.safeParse(parseJson(line));
      if (!parsed.success || parsed.data.key_id !== keyId) return [];
      const { post_key: key, reason, at } = parsed.data;
      return [[key, { postKey: Buffer.from(key, 'hex'), reason, at: new Date(at) }]];
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
