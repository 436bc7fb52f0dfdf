/**
 * Where the cluster lives: `<dataDir>/postgres`. Only under root, and only where the database's user cannot enter the
 * data directory (`mktemp -d` and /root are closed to others), in a root-owned place of its own, which a pointer file
 * in the data directory names. Proved by test/integration/embedded-users.test.ts.
 */
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvalidInputError } from '../errors.ts';
import { canEnter, chooseIdentity, isRoot, type Identity } from './run-as.ts';

const PLACES = '/var/lib/hearsay';

export interface ClusterHome {
  /** Directory that `identity` can enter; only we can write it. */
  readonly directory: string;
  /** `<directory>/postgres`: exists exactly if a cluster was ever ready. */
  readonly cluster: string;
  readonly identity: Identity;
}

function pointerPath(dataDir: string): string {
  return path.join(dataDir, 'postgres-place');
}

/** Creates the data directory: entered by its owner only, except that root's must let the database's user pass. */
export async function prepareDataDirectory(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new InvalidInputError('data_dir_unwritable', `cannot create ${dataDir} (${reason}): set HEARSAY_DATA to a directory this user may write`, {
      cause: error,
    });
  }
}

/** Finds the home of this data directory's cluster, or settles where a new one goes. */
export async function settleClusterHome(dataDir: string, log: (message: string) => void): Promise<ClusterHome> {
  const pointed = await readPointer(dataDir);
  const directory = pointed ?? dataDir;
  const owner = await lstat(path.join(directory, 'postgres')).catch(() => undefined);
  if (owner !== undefined && !isRoot() && owner.uid !== process.getuid?.()) {
    throw new InvalidInputError(
      'data_dir_owner',
      `the database in ${directory} belongs to another user (uid ${owner.uid}): run hearsay as that user or as root`,
    );
  }
  const identity = await chooseIdentity(owner && { uid: owner.uid, gid: owner.gid });
  if (await canEnter(identity, directory)) return homeAt(directory, identity);
  if (pointed !== undefined || owner !== undefined || !isRoot()) {
    throw new InvalidInputError(
      'data_dir_closed',
      `the database's user (uid ${identity.uid ?? process.getuid?.()}) cannot enter ${directory} any more: give every directory above it the x permission again`,
    );
  }
  const place = await createPlace(dataDir);
  log(`the database's user cannot enter ${dataDir}, so the database goes to ${place}: include it in backups`);
  return homeAt(place, identity);
}

/** Deletes the cluster of a data directory that nobody uses, wherever it is: for throw-away data directories. */
export async function deleteCluster(dataDir: string): Promise<void> {
  const pointed = await readPointer(dataDir);
  if (pointed !== undefined) await rm(pointed, { recursive: true, force: true });
  for (const name of ['postgres', 'postgres.json', 'postgres.log', 'postgres.log.1', 'postgres-place']) {
    await rm(path.join(dataDir, name), { recursive: true, force: true });
  }
}

function homeAt(directory: string, identity: Identity): ClusterHome {
  return { directory, cluster: path.join(directory, 'postgres'), identity };
}

async function readPointer(dataDir: string): Promise<string | undefined> {
  const text = await readFile(pointerPath(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new InvalidInputError('data_dir_unreadable', `cannot read ${pointerPath(dataDir)} (${error.code})`, { cause: error });
  });
  if (text === undefined) return undefined;
  const place = text.trim();
  const found = path.isAbsolute(place) ? await stat(place).catch(() => undefined) : undefined;
  if (found?.isDirectory()) return place;
  throw new InvalidInputError(
    'cluster_missing',
    `the database of ${dataDir} was in ${place}, which is gone: restore it from a backup, or delete ${pointerPath(dataDir)} and postgres.json beside it to start empty`,
  );
}

/** Under /var/lib, or in the temporary directory where that is read-only. */
async function createPlace(dataDir: string): Promise<string> {
  const place = (await createUnder(PLACES)) ?? (await mkdtemp(path.join(tmpdir(), 'hearsay-')));
  await chmod(place, 0o711);
  await writeFile(path.join(place, 'data-directory'), `${dataDir}\n`, { mode: 0o600 });
  await writeFile(pointerPath(dataDir), `${place}\n`, { mode: 0o600 });
  return place;
}

/** Undefined if it cannot be used: read-only, or not root's alone. */
async function createUnder(parent: string): Promise<string | undefined> {
  try {
    await mkdir(parent, { recursive: true, mode: 0o711 });
    const found = await lstat(parent);
    if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) return undefined;
    return await mkdtemp(path.join(parent, 'cluster-'));
  } catch {
    return undefined;
  }
}
