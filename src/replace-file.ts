/**
 * Replaces a file so that a reader, a crash or a power cut finds the old one or the new one, whole: draft, fsync, rename, fsync of
 * the directory. Nothing may be said to anybody about what was written before this returns.
 * Proved by test/unit/replace-file.test.ts; killed in between, by test/integration/witness.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';

/** Ends the names of drafts: what a crash left may be deleted. */
export const DRAFT_SUFFIX = '.draft';

/** `mode`: of the new file, default 0644. Raises Node's errors (`ENOENT`, `EACCES`, `ENOSPC`, ...). */
export async function replaceFile(file: string, text: string, mode = 0o644): Promise<void> {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}${DRAFT_SUFFIX}`;
  try {
    const handle = await open(draft, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw error;
  }
  await syncDirectory(path.dirname(file));
}

/** A rename survives a power cut only once its directory is written too: fsync(2), "Calling fsync() does not necessarily ensure ...". */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
