/** Checks of the machine: Node, the data directory, disk, clock, programs. */
import { execFile } from 'node:child_process';
import { access, constants, readFile, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../../config.ts';
import type { Check } from './check.ts';
import { showsItems } from '../../sources/policy.ts';

const run = promisify(execFile);

const OLDEST_NODE = [20, 19] as const;
/** No release of hearsay is older: a clock before this day is wrong. */
const RELEASED = Date.UTC(2026, 10, 1);
const MIB = 1024 * 1024;
const PLACES = '/var/lib/hearsay';

export function checkNode(version: string): readonly Check[] {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const good = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return [{ name: 'node', ok: good, found: version, ...(!good && { doThis: `install Node ${OLDEST_NODE.join('.')} or newer` }) }];
}

export function checkConfiguration(config: Config): readonly Check[] {
  const checks: Check[] = [];
  if (config.unknownVariables.length > 0) {
    const found = `set, but known to nothing: ${config.unknownVariables.join(', ')}`;
    checks.push({ name: 'configuration', ok: 'warn', found, doThis: 'check the spelling against docs/operation.md' });
  }
  if (showsItems(config.xPublic)) {
    const found = `HEARSAY_X_PUBLIC=${config.xPublic} shows more of X posts than link and tallies`;
    checks.push({ name: 'configuration', ok: 'warn', found, doThis: 'keep it only with the right to redistribute X content' });
  }
  const routed = Object.keys(config.routes);
  if (routed.length > 0) {
    const found = `HEARSAY_ROUTES answers for ${routed.join(', ')} on this machine`;
    checks.push({ name: 'configuration', ok: 'warn', found, doThis: 'unset it outside of tests: nothing is fetched from these sites' });
  }
  return checks.length > 0 ? checks : [{ name: 'configuration', ok: true, found: 'every variable understood' }];
}

/** Nothing is created: for a directory that does not exist yet, the nearest one above it must be writable. */
export async function checkDataDirectory(dataDir: string): Promise<readonly Check[]> {
  const existing = await nearestExisting(dataDir);
  const doThis = 'set HEARSAY_DATA to a directory this user may write';
  if (!(await stat(existing)).isDirectory()) return [{ name: 'data directory', ok: false, found: `${existing} is not a directory`, doThis }];
  const writable = await access(existing, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!writable) return [{ name: 'data directory', ok: false, found: `${existing} cannot be written`, doThis }];
  return [{ name: 'data directory', ok: true, found: existing === dataDir ? dataDir : `${dataDir} (made at the first start)` }];
}

export async function checkDiskSpace(dataDir: string): Promise<readonly Check[]> {
  const { bavail, bsize } = await statfs(await nearestExisting(dataDir));
  const free = Math.floor((bavail * bsize) / MIB);
  const found = free >= 10_240 ? `${Math.floor(free / 1024)} GiB free` : `${free} MiB free`;
  const ok = free < 256 ? false : free < 2_048 ? 'warn' : true;
  return [
    { name: 'disk space', ok, found, ...(ok !== true && { doThis: 'free space on the disk of the data directory: the database stops when it is full' }) },
  ];
}

export function checkSystemClock(now: Date): readonly Check[] {
  const ok = now.getTime() >= RELEASED;
  return [{ name: 'clock', ok, found: now.toISOString(), ...(!ok && { doThis: 'set the clock: ledger entries carry their day for ever' }) }];
}

export async function checkZstd(): Promise<readonly Check[]> {
  try {
    const { stdout, stderr } = await run('zstd', ['--version'], { timeout: 10_000 });
    return [{ name: 'zstd', ok: true, found: /v?\d+\.\d+\.\d+/.exec(`${stdout}${stderr}`)?.[0] ?? 'installed' }];
  } catch {
    return [{ name: 'zstd', ok: 'warn', found: 'not installed', doThis: 'install it to import .zst files (apt install zstd, brew install zstd)' }];
  }
}

/** Databases kept outside of a data directory that has been deleted since: posts that nobody will ever erase. */
export async function checkForgottenClusters(places = PLACES): Promise<readonly Check[]> {
  const forgotten: string[] = [];
  for (const name of await readdir(places).catch(() => [])) {
    const place = path.join(places, name);
    const dataDir = await readFile(path.join(place, 'data-directory'), 'utf8').catch(() => undefined);
    if (dataDir === undefined) continue;
    const pointer = await readFile(path.join(dataDir.trim(), 'postgres-place'), 'utf8').catch((error: NodeJS.ErrnoException) =>
      error.code === 'EACCES' ? place : '',
    );
    if (pointer.trim() !== place) forgotten.push(place);
  }
  if (forgotten.length === 0) return [];
  return [
    {
      name: 'forgotten databases',
      ok: 'warn',
      found: forgotten.join(', '),
      doThis: 'their data directories are gone: delete them if you deleted those on purpose',
    },
  ];
}

async function nearestExisting(directory: string): Promise<string> {
  for (let at = directory; ; at = path.dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found !== undefined || at === path.dirname(at)) return at;
  }
}
