/**
 * What a witness must never forget: per log the last checkpoint it cosigned, a file each, whose name is the SHA-256 of the origin and
 * whose content is the cosigned note itself. There is no other format: a note says by its own signatures whether it is whole.
 * `evidence/` keeps what a log should be asked about. One process at a time may use the directory.
 * Proved by test/unit/witness/state.test.ts.
 */
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { acquireDataLock } from '../db/data-lock.ts';
import { describeError, HearsayError, IntegrityError, InvalidInputError } from '../errors.ts';
import { type Checkpoint, isSignedBy } from '../ledger/checkpoint.ts';
import { sha256 } from '../ledger/sha256.ts';
import { DRAFT_SUFFIX, replaceFile } from '../replace-file.ts';
import { parseLogCheckpoint } from './log-checkpoint.ts';
import type { LogList } from './log-list.ts';

/** A checkpoint that was cosigned, and its note with the cosignature. */
export interface Cosigned {
  readonly checkpoint: Checkpoint;
  readonly note: string;
}

export interface WitnessState {
  /** By origin, as they were when the state was opened. */
  readonly logs: ReadonlyMap<string, Cosigned>;
  /** On disk, for good, when it returns. */
  save(cosigned: Cosigned): Promise<void>;
  /** Keeps a text once, and at most so many for each log and kind; false when it was not kept. */
  keepEvidence(evidence: Evidence): Promise<boolean>;
  close(): Promise<void>;
}

/** `contradiction`: two signed roots of one size, which proves a fork. `unproved`: a failed proof, which may be the client's. */
interface Evidence {
  readonly kind: 'contradiction' | 'unproved';
  readonly checkpoint: Checkpoint;
  readonly text: string;
}

/** A client can send a bad proof with every checkpoint a log ever published: they must not fill the disk. */
const MAX_EVIDENCE = 16;

/** Name of a log in paths: an origin may hold anything. */
export function logIdOf(origin: string): string {
  return bytesToHex(sha256(utf8ToBytes(origin)));
}

/**
 * `onWait`: told when only time can tell whether another witness still lives, which takes up to half a minute.
 * @throws IntegrityError `witness_state_damaged`: with a hole in its memory a witness could cosign a second history
 * @throws InvalidInputError `witness_state_in_use`, `witness_state_unusable`
 */
export async function openWitnessState(dir: string, trusted: LogList, onWait?: () => void): Promise<WitnessState> {
  const folders = { logs: path.join(dir, 'logs'), evidence: path.join(dir, 'evidence') };
  await guard(dir, async () => {
    for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o755 });
  });
  const attempt = await guard(dir, () => acquireDataLock(path.join(dir, 'lock'), onWait));
  if (attempt.kind === 'busy') throw new InvalidInputError('witness_state_in_use', `${dir} is used by the witness with pid ${attempt.pid}`);
  try {
    const logs = await guard(dir, () => readLogs(folders.logs, trusted));
    return {
      logs,
      save: ({ checkpoint, note }) => guard(dir, () => replaceFile(path.join(folders.logs, logIdOf(checkpoint.origin)), note)),
      keepEvidence: (evidence) => guard(dir, () => writeEvidence(folders.evidence, evidence)),
      close: () => attempt.lock.release(),
    };
  } catch (error) {
    await attempt.lock.release();
    throw error;
  }
}

async function readLogs(folder: string, trusted: LogList): Promise<Map<string, Cosigned>> {
  const logs = new Map<string, Cosigned>();
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (name.endsWith(DRAFT_SUFFIX)) {
      await unlink(file);
      continue;
    }
    const note = await readFile(file, 'utf8');
    const checkpoint = await checkNote(note, { file, name, trusted });
    logs.set(checkpoint.origin, { checkpoint, note });
  }
  return logs;
}

/** A log that is no longer in the list keeps its memory, which cannot be checked without a key. */
async function checkNote(note: string, { file, name, trusted }: { file: string; name: string; trusted: LogList }): Promise<Checkpoint> {
  const checkpoint = parseStored(note, file);
  if (logIdOf(checkpoint.origin) !== name) throw damaged(file, 'it is of another log');
  const keys = trusted.get(checkpoint.origin);
  const signed = await Promise.all((keys ?? []).map((key) => isSignedBy(checkpoint, key)));
  if (keys !== undefined && !signed.includes(true)) {
    throw damaged(
      file,
      `none of the keys given for ${checkpoint.origin} signed it; after a change of the log's key, list the old one too until the log has grown`,
    );
  }
  return checkpoint;
}

function parseStored(note: string, file: string): Checkpoint {
  try {
    return parseLogCheckpoint(note);
  } catch (error) {
    throw damaged(file, describeError(error).message);
  }
}

async function writeEvidence(folder: string, { kind, checkpoint, text }: Evidence): Promise<boolean> {
  const prefix = `${kind}-${logIdOf(checkpoint.origin).slice(0, 16)}-`;
  const name = `${prefix}${checkpoint.size}-${bytesToHex(sha256(utf8ToBytes(checkpoint.body))).slice(0, 16)}`;
  const kept = (await readdir(folder)).filter((other) => other.startsWith(prefix) && !other.endsWith(DRAFT_SUFFIX));
  if (kept.includes(name) || kept.length >= MAX_EVIDENCE) return false;
  await replaceFile(path.join(folder, name), text);
  return true;
}

function damaged(file: string, why: string): IntegrityError {
  return new IntegrityError(
    'witness_state_damaged',
    `${file} cannot be relied on: ${why}. A witness that forgets may cosign two histories: see docs/witness.md`,
  );
}

async function guard<T>(dir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    // The lock's own words are about HEARSAY_DATA, which a witness has not.
    if (reason === undefined || (error instanceof HearsayError && reason !== 'data_dir_unwritable')) throw error;
    throw new InvalidInputError('witness_state_unusable', `cannot use ${dir} (${reason}): --state names a directory this user may read and write`, {
      cause: error,
    });
  }
}
