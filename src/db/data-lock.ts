/**
 * The lock of a data directory: one owner at a time, taken over from a dead one, never from a living one.
 *
 * `lock` holds the owner's identity and a nonce. It appears whole, by link(2). Taking over from a dead owner is a
 * compare-and-swap: whoever creates `lock.<digest of the dead owner's content>` (by the same rules, so that dying
 * there is no problem either) may replace exactly that content, by rename(2). Proved by test/unit/db/data-lock.test.ts.
 */
import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { InvalidInputError } from '../errors.ts';
import { identifySelf, isRunning, type ProcessIdentity } from './processes.ts';

/** How often an owner touches its lock, and for how long an untouched one may still be alive, in milliseconds. */
const BEAT_MS = 5_000;
const SILENCE_MS = 30_000;

export interface DataLock {
  release(): Promise<void>;
}

export type LockAttempt = { readonly kind: 'held'; readonly lock: DataLock } | { readonly kind: 'busy'; readonly pid: number };

const contentSchema = z.object({
  pid: z.int().positive(),
  startTicks: z.string().optional(),
  boot: z.string().optional(),
  namespace: z.string().optional(),
  nonce: z.string(),
});

/** Takes the lock, or says who has it. Waits up to half a minute, saying so, where only the owner's heartbeat can tell. */
export async function acquireDataLock(path: string, onWait: () => void = () => undefined): Promise<LockAttempt> {
  const self = await identifySelf();
  for (;;) {
    const mine = JSON.stringify({ ...self, nonce: randomBytes(8).toString('hex') });
    if (await createWhole(path, mine)) return { kind: 'held', lock: keepLock(path, mine) };
    const theirs = await readFile(path, 'utf8').catch(() => undefined);
    if (theirs === undefined) continue;
    const holder = readHolder(theirs);
    if (holder !== undefined && (await isHolderAlive({ path, holder, self, onWait }))) return { kind: 'busy', pid: holder.pid };
    const takeover = await acquireDataLock(`${path}.${createHash('sha256').update(theirs).digest('hex').slice(0, 16)}`);
    if (takeover.kind === 'busy') {
      await sleep(50);
      continue;
    }
    try {
      // Somebody may have finished the same takeover before us; then the content is new and the right is void.
      if ((await readFile(path, 'utf8').catch(() => undefined)) !== theirs) continue;
      const draft = `${path}.draft-${randomBytes(8).toString('hex')}`;
      await writeFile(draft, mine, { mode: 0o600, flag: 'wx' });
      await rename(draft, path);
      return { kind: 'held', lock: keepLock(path, mine) };
    } finally {
      await takeover.lock.release();
    }
  }
}

/** False where the name is taken. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const draft = `${path}.draft-${randomBytes(8).toString('hex')}`;
  try {
    await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
    await link(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new InvalidInputError('data_dir_unwritable', `cannot create the lock ${path} (${code}): set HEARSAY_DATA to a local directory this user may write`, {
      cause: error,
    });
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}

/** Undefined for anything that is not a lock's content: a crash of the machine may leave an empty file. */
function readHolder(content: string): ProcessIdentity | undefined {
  try {
    const parsed = contentSchema.safeParse(JSON.parse(content));
    return parsed.success ? (parsed.data as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}

interface HolderQuestion {
  readonly path: string;
  readonly holder: ProcessIdentity;
  readonly self: ProcessIdentity;
  readonly onWait: () => void;
}

/**
 * A pid says something only within its boot and pid namespace. For an owner in another container, or on the far side
 * of a shared disk, its heartbeat decides: alive if the lock is touched while we watch.
 */
async function isHolderAlive({ path, holder, self, onWait }: HolderQuestion): Promise<boolean> {
  if (holder.boot === self.boot && holder.namespace === self.namespace) return isRunning(holder);
  const first = await touchedAt(path);
  if (first === undefined) return false;
  if (Math.abs(Date.now() - first) < SILENCE_MS) onWait();
  for (let now = first; Math.abs(Date.now() - first) < SILENCE_MS; ) {
    await sleep(250);
    const next = await touchedAt(path);
    if (next === undefined) return false;
    if (next !== now) return true;
    now = next;
  }
  return false;
}

async function touchedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => undefined,
  );
}

function keepLock(path: string, mine: string): DataLock {
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      if ((await readFile(path, 'utf8').catch(() => undefined)) === mine) await unlink(path).catch(() => undefined);
    },
  };
}
