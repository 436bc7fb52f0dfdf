/** The table of recordings: every file of the folder is a row, but for licences and lists of recordings. Proved by test/unit/recordings.test.ts. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileRows } from './files.ts';
import { redditRows } from './reddit.ts';
import type { Row } from './row.ts';
import { xRows } from './x.ts';

/** What lies beside recordings and is none. */
const NO_RECORDING = /(?:^|\/)(?:LICENSE(?:\.\w+)?|INDEX\.tsv|capture-receipts\.json)$/;
/** Recordings of whole conversations, which have a reader for their format. */
const CONVERSATIONS = /^(?:praw|tweepy_cassettes)\//;

export async function listRecordings(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .filter((file) => !NO_RECORDING.test(file))
    .sort();
}

export async function readRows(dir: string): Promise<readonly Row[]> {
  const files = await listRecordings(dir);
  const single = files.filter((file) => !CONVERSATIONS.test(file));
  return [...(await redditRows(dir)), ...(await xRows(dir)), ...(await fileRows(dir, single))].sort((a, b) => (a.recording < b.recording ? -1 : 1));
}
