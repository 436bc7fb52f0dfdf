/**
 * What the signer remembers outside the database: the last note it signed of each log, one file each, and why it refuses to sign, if it
 * does. A note is there whole or not at all, also after a power cut, and only ever replaces the one it was made after.
 * Proved by test/unit/signer/note-store.test.ts and, killed in a loop, by test/integration/signer-kill.test.ts.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { HearsayError, InvalidInputError, TransientError } from '../errors.ts';
import { DRAFT_SUFFIX, replaceFile, syncDirectory } from '../replace-file.ts';

const refusalSchema = z.strictObject({ origin: z.string(), code: z.string(), message: z.string(), since: z.iso.datetime() });
/** Why a log is not signed, since when. */
export type Refusal = z.infer<typeof refusalSchema>;

export interface NoteStore {
  readonly dir: string;
  /** The last note of a log; undefined before the first. */
  read(origin: string): Promise<string | undefined>;
  /** Replaces `before`, the note that was read. Raises TransientError `signer_race` when another signer replaced it meanwhile. */
  write(origin: string, note: string, before: string | undefined): Promise<void>;
  readRefusal(origin: string): Promise<Refusal | undefined>;
  /** Keeps a refusal until `clearRefusal`, `since` being that of the first with its code; true when it is that first one. */
  noteRefusal(refusal: Refusal): Promise<boolean>;
  clearRefusal(origin: string): Promise<void>;
}

/** Readable, and safe in any file system: no two origins share a name, whatever their slugs hold. */
export function noteFileName(origin: string): string {
  const readable = origin
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '_')
    .slice(0, 80);
  return `${readable}-${createHash('sha256').update(origin).digest('hex').slice(0, 16)}`;
}

/** Makes the directory when there is something to keep; reading creates nothing. */
export function openNoteStore(dir: string): NoteStore {
  const notePath = (origin: string): string => path.join(dir, `${noteFileName(origin)}.checkpoint`);
  const refusalPath = (origin: string): string => path.join(dir, `${noteFileName(origin)}.refused`);
  const readRefusal = (origin: string): Promise<Refusal | undefined> => guard(dir, async () => parseRefusal(await readIfThere(refusalPath(origin))));
  return {
    dir,
    readRefusal,
    read: (origin) => guard(dir, () => readIfThere(notePath(origin))),
    write: (origin, note, before) =>
      guard(dir, async () => {
        await makeDirectory(dir);
        // The database's lock keeps signers apart; this is for one that lost its connection, and the lock with it, unawares.
        if ((await readIfThere(notePath(origin))) !== before)
          throw new TransientError('signer_race', `another signer replaced the note of ${origin} meanwhile`);
        await dropDrafts(dir, notePath(origin));
        await replaceFile(notePath(origin), note);
      }),
    async noteRefusal(refusal) {
      const known = await readRefusal(refusal.origin);
      const isNews = known?.code !== refusal.code;
      if (!isNews && known.message === refusal.message) return false;
      const kept: Refusal = isNews ? refusal : { ...refusal, since: known.since };
      await guard(dir, async () => {
        await makeDirectory(dir);
        await replaceFile(refusalPath(refusal.origin), `${JSON.stringify(kept)}\n`);
      });
      return isNews;
    },
    clearRefusal: (origin) => guard(dir, () => unlink(refusalPath(origin)).catch(ignoreMissing)),
  };
}

/** Of signers that were killed: this one has the log to itself. */
async function dropDrafts(dir: string, file: string): Promise<void> {
  const left = (await readdir(dir)).filter((name) => name.startsWith(`${path.basename(file)}.`) && name.endsWith(DRAFT_SUFFIX));
  for (const name of left) await unlink(path.join(dir, name)).catch(ignoreMissing);
}

/** A new directory survives a power cut only once its parent is written. */
async function makeDirectory(dir: string): Promise<void> {
  const made = await mkdir(dir, { recursive: true, mode: 0o755 });
  if (made !== undefined) await syncDirectory(path.dirname(made));
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** A damaged one says nothing; the next refusal replaces it. */
function parseRefusal(text: string | undefined): Refusal | undefined {
  if (text === undefined) return undefined;
  try {
    return refusalSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What Node says of the directory, with what to do. */
async function guard<T>(dir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    if (error instanceof HearsayError || reason === undefined) throw error;
    throw new InvalidInputError(
      'signer_dir_unusable',
      `cannot use ${dir} (${reason}): HEARSAY_SIGNER_DIR must be a directory that the user who runs hearsay may read and write`,
      { cause: error },
    );
  }
}
