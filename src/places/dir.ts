/**
 * A directory as an outside place: on another machine's disk, a removable one, or one that a backup or web server picks up.
 *
 *   <directory>/<slug>/checkpoint      the newest, replaced whole
 *   <directory>/<slug>/<size>          each one delivered, never replaced
 *
 * The directory itself is never made: an empty mount point must not pass for the disk that belongs there. What is there already is read
 * back first, and only a checkpoint of our own history is followed by another. Proved by test/conformance/places.test.ts.
 */
import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describeError, HearsayError, InvalidInputError } from '../errors.ts';
import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint.ts';
import { replaceFile } from '../replace-file.ts';
import type { FolderAddress } from './address.ts';
import { compareWithTree, type DeliveryContext, type OutgoingCheckpoint, type Place } from './place.ts';

const NEWEST = 'checkpoint';
/** Slugs come from topic files, which allow no more than this; here they become paths. */
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function openDirPlace({ name, path: directory }: FolderAddress): Place {
  return {
    name,
    async deliver(checkpoint, context) {
      await writeCheckpoint({ name, directory }, checkpoint, context);
      return [];
    },
    readNewest: (origin) => readNote(path.join(directory, slugOf(origin), NEWEST)),
  };
}

interface Directory {
  readonly name: string;
  readonly directory: string;
}

/** Paths of the two files, relative to the directory, whether they had to be written or not. */
export async function writeCheckpoint({ name, directory }: Directory, checkpoint: OutgoingCheckpoint, { tree }: DeliveryContext): Promise<readonly string[]> {
  await requireDirectory(directory);
  const slug = slugOf(checkpoint.origin);
  const files = [path.join(slug, String(checkpoint.size)), path.join(slug, NEWEST)] as const;
  return guard(directory, async () => {
    await mkdir(path.join(directory, slug), { recursive: true });
    let order: 'behind' | 'ahead' = 'behind';
    for (const file of files) {
      const held = await readHeld(path.join(directory, file), checkpoint);
      if (held !== undefined) order = await compareWithTree(held, checkpoint, { tree, name });
      if (held === undefined || held.size < checkpoint.size) await replaceFile(path.join(directory, file), checkpoint.note);
    }
    return order === 'ahead' ? files.slice(0, 1) : files;
  });
}

/** @throws InvalidInputError `place_taken` for anything that is not a checkpoint of this log: it is not ours to replace */
async function readHeld(file: string, { origin }: OutgoingCheckpoint): Promise<Checkpoint | undefined> {
  const note = await readNote(file);
  if (note === undefined) return undefined;
  const held = parseHeld(note, file);
  if (held.origin !== origin)
    throw new InvalidInputError('place_taken', `${file} is a checkpoint of ${held.origin}, not of ${origin}: give each installation its own directory`);
  return held;
}

function parseHeld(note: string, file: string): Checkpoint {
  try {
    return parseCheckpoint(note);
  } catch (error) {
    if (!(error instanceof HearsayError)) throw error;
    throw new InvalidInputError(
      'place_taken',
      `${file} is not a checkpoint (${describeError(error).message}): somebody else wrote it; look at it and move it away`,
    );
  }
}

async function readNote(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) throw new InvalidInputError('place_unusable', `there is no directory ${directory}: make it, or mount the disk it is on`);
}

function slugOf(origin: string): string {
  const slug = origin.slice(origin.lastIndexOf('/') + 1);
  if (!SLUG.test(slug)) throw new InvalidInputError('place_unusable', 'the last part of the origin is not the slug of a topic');
  return slug;
}

async function guard<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    if (error instanceof HearsayError || reason === undefined) throw error;
    throw new InvalidInputError('place_unusable', `cannot write to ${directory} (${reason})`, { cause: error });
  }
}
