/**
 * The user PostgreSQL runs as. It refuses to run as root, so under root it gets another user, and everything it needs
 * must be reachable by that one. Reachability is tried, not computed from mode bits: access lists, mount options and
 * missing capabilities do not show in them. Proved by test/integration/embedded-users.test.ts.
 */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { InvalidInputError } from '../errors.ts';

const run = promisify(execFile);

/** Children get this and nothing of our environment, which may hold secrets. */
export const CHILD_ENV: Readonly<Record<string, string>> = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Ids to switch to; none means: the user we are. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

export interface CommandResult {
  readonly ok: boolean;
  /** stdout and stderr, at most 64 KiB; for a command that could not be started, why. */
  readonly output: string;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Under root: `owner` (of a cluster that exists already), else `postgres`, `hearsay`, a new system user `hearsay`,
 * `nobody`, whichever is there first.
 */
export async function chooseIdentity(owner?: Identity): Promise<Identity> {
  if (!isRoot()) return {};
  if (owner?.uid !== undefined && owner.uid !== 0) return owner;
  const existing = (await findUser('postgres')) ?? (await findUser('hearsay'));
  if (existing !== undefined) return existing;
  await createSystemUser('hearsay');
  const identity = (await findUser('hearsay')) ?? (await findUser('nobody'));
  if (identity !== undefined) return identity;
  throw new InvalidInputError(
    'no_database_user',
    'PostgreSQL cannot run as root and there is no other user: start hearsay as an ordinary user, or set DATABASE_URL',
  );
}

async function findUser(name: string): Promise<Identity | undefined> {
  try {
    const ids = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name], { env: CHILD_ENV })).stdout)));
    const [uid, gid] = ids;
    return uid !== undefined && gid !== undefined && uid > 0 ? { uid, gid } : undefined;
  } catch {
    return undefined;
  }
}

/** shadow-utils first, then BusyBox. Failing is fine: the caller looks what there is. */
async function createSystemUser(name: string): Promise<void> {
  const attempts = [
    ['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', name],
    ['adduser', '-S', '-H', '-D', '-s', '/sbin/nologin', name],
  ];
  for (const [command = '', ...args] of attempts) {
    const done = await run(command, args, { env: CHILD_ENV }).then(
      () => true,
      () => false,
    );
    if (done) return;
  }
}

/** Runs a command to its end, as that user, from `/`: our own working directory may be closed to it. */
export function runAs(identity: Identity, command: readonly [string, ...string[]], input = ''): Promise<CommandResult> {
  return new Promise((resolve) => {
    const [file, ...args] = command;
    let output = '';
    const child = spawn(file, args, { ...identity, cwd: '/', env: CHILD_ENV, stdio: 'pipe' });
    const collect = (chunk: Buffer) => {
      if (output.length < 65_536) output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    // A child that ends without reading its input is no error of its own.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code, signal) => resolve({ ok: code === 0, output: signal === null ? output : `${output}\nended by ${signal}` }));
  });
}

/** Whether that user can get into a directory, through every directory above it. */
export async function canEnter(identity: Identity, directory: string): Promise<boolean> {
  return (await runAs(identity, ['/bin/sh', '-c', 'cd "$1"', 'sh', directory])).ok;
}
