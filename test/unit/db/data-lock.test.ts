import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireDataLock } from '../../../src/db/data-lock.ts';
import { identifySelf, isRunning } from '../../../src/db/processes.ts';

let dir: string;
let lock: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-lock-'));
  lock = path.join(dir, 'lock');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A pid that has just ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** Lets `count` contenders at the lock at once; the kinds they got. */
async function contend(count: number): Promise<readonly string[]> {
  const attempts = await Promise.all(Array.from({ length: count }, () => acquireDataLock(lock)));
  const kinds = attempts.map(({ kind }) => kind).sort();
  await Promise.all(attempts.map((attempt) => (attempt.kind === 'held' ? attempt.lock.release() : undefined)));
  return kinds;
}

const oneOf = (count: number) => [...Array<string>(count - 1).fill('busy'), 'held'];

describe('acquireDataLock', () => {
  it('has one holder, names it, and is free again after release', async () => {
    const first = await acquireDataLock(lock);
    expect(first.kind).toBe('held');
    expect(await acquireDataLock(lock)).toEqual({ kind: 'busy', pid: process.pid });
    if (first.kind === 'held') await first.lock.release();
    expect(await readdir(dir)).toEqual([]);
    expect(await contend(8)).toEqual(oneOf(8));
  });

  it('is taken over from a dead owner by exactly one', async () => {
    for (let round = 0; round < 10; round += 1) {
      const self = await identifySelf();
      await writeFile(lock, JSON.stringify({ ...self, pid: deadPid(), nonce: String(round) }));
      expect(await contend(8)).toEqual(oneOf(8));
      expect(await readdir(dir)).toEqual([]);
    }
  });

  it('is taken over where the pid was reused', async () => {
    const self = await identifySelf();
    if (self.startTicks === undefined) return; // without /proc a reused pid cannot be told
    await writeFile(lock, JSON.stringify({ ...self, startTicks: '1', nonce: 'x' }));
    expect(await contend(2)).toEqual(oneOf(2));
  });

  it.each(['', '{', '{"pid":"x"}'])('is taken over from unreadable content %j', async (content) => {
    await writeFile(lock, content);
    expect(await contend(4)).toEqual(oneOf(4));
  });

  it('is taken over when a takeover died half-way', async () => {
    const self = await identifySelf();
    const dead = { ...self, pid: deadPid() };
    await writeFile(lock, JSON.stringify({ ...dead, nonce: 'a' }));
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256')
      .update(await readFile(lock, 'utf8'))
      .digest('hex')
      .slice(0, 16);
    await writeFile(`${lock}.${digest}`, JSON.stringify({ ...dead, nonce: 'b' }));
    expect(await contend(4)).toEqual(oneOf(4));
  });

  it('goes by the heartbeat where the pid is another container’s', async () => {
    const foreign = JSON.stringify({ pid: 1, startTicks: '1', boot: 'elsewhere', namespace: 'pid:[1]', nonce: 'x' });
    await writeFile(lock, foreign);
    const beat = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => undefined), 100);
    try {
      expect(await acquireDataLock(lock)).toEqual({ kind: 'busy', pid: 1 });
    } finally {
      clearInterval(beat);
    }
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    expect(await contend(2)).toEqual(oneOf(2));
  });

  it('release leaves a lock alone that is another’s by now', async () => {
    const attempt = await acquireDataLock(lock);
    await writeFile(lock, 'other');
    if (attempt.kind === 'held') await attempt.lock.release();
    expect(await readFile(lock, 'utf8')).toBe('other');
  });
});

describe('isRunning', () => {
  it('knows itself and the dead', async () => {
    expect(await isRunning(await identifySelf())).toBe(true);
    expect(await isRunning({ pid: deadPid() })).toBe(false);
  });
});
