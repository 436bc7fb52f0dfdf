/**
 * A git worktree as an outside place: the files of dir.ts, and a commit for each checkpoint. It never pushes: when, where to and with
 * whose key is the operator's. Only its own two files are committed, whatever else is staged; the note carries the signature, the
 * commit none. git sees nothing of our environment. Proved by test/conformance/places.test.ts, skipped where git is missing.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { CHILD_ENV } from '../db/run-as.ts';
import { InvalidInputError, TransientError } from '../errors.ts';
import type { FolderAddress } from './address.ts';
import { openDirPlace, writeCheckpoint } from './dir.ts';
import type { Place } from './place.ts';

const run = promisify(execFile);
const COMMAND_MS = 20_000;
const MAX_OUTPUT_BYTES = 64 * 1024;
/** Commits are the program's own; an identity of the worktree is for people. No editor, agent or detached maintenance may hold one up. */
const SETTINGS = ['user.name=Hearsay', 'user.email=hearsay@localhost', 'commit.gpgSign=false', 'gc.auto=0', 'maintenance.auto=false'];

export function openGitPlace(address: FolderAddress): Place {
  const { name, path: directory } = address;
  return {
    ...openDirPlace(address),
    async deliver(checkpoint, context) {
      await requireWorktree(directory);
      const files = await writeCheckpoint({ name, directory }, checkpoint, context);
      const git = (...args: string[]): Promise<string> => runGit(directory, args, context.signal);
      await git('add', '--force', '--', ...files);
      // Nothing to commit: a delivery before this one was killed after its commit.
      if ((await git('status', '--porcelain', '--', ...files)) !== '') {
        await git('commit', '--quiet', '--message', `${checkpoint.origin}: ${checkpoint.size} entries`, '--only', '--', ...files);
      }
      return [];
    },
  };
}

/** Its top: a directory somewhere inside another project would be committed to that project. */
async function requireWorktree(directory: string): Promise<void> {
  if ((await stat(path.join(directory, '.git')).catch(() => undefined)) !== undefined) return;
  throw new InvalidInputError('place_unusable', `${directory} is not the top of a git worktree: make one with \`git init ${directory}\``);
}

async function runGit(directory: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  try {
    const { stdout } = await run('git', [...settings, '-C', directory, ...args], { env: CHILD_ENV, timeout: COMMAND_MS, maxBuffer: MAX_OUTPUT_BYTES, signal });
    return stdout;
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException & { readonly stderr?: string; readonly killed?: boolean }, directory, args[0] as string);
  }
}

function explain(error: NodeJS.ErrnoException & { readonly stderr?: string; readonly killed?: boolean }, directory: string, command: string): Error {
  if (error.code === 'ENOENT') return new InvalidInputError('place_unusable', 'git is not installed', { cause: error });
  if (error.name === 'AbortError' || error.killed === true) {
    return new TransientError('place_failed', `git ${command} in ${directory} did not end in time; if a lock file of git is left there, remove it`, {
      cause: error,
    });
  }
  return new TransientError('place_failed', `git ${command} in ${directory}: ${(error.stderr ?? '').trim().slice(0, 300) || error.message}`, { cause: error });
}
