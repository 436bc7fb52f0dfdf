/**
 * Which process is which. A pid alone is not an identity: it is reused, in containers within seconds (every start is
 * pid 7 again), and a killed process may stay behind as a zombie that still answers signal 0.
 */
import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Everything about a process that tells it from a later one with the same pid. Absent parts: not Linux. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot: field 22 of /proc/<pid>/stat, proc(5). */
  readonly startTicks?: string;
  readonly boot?: string;
  /** Pid namespace, `pid:[4026531836]`: pids of another one mean nothing here. */
  readonly namespace?: string;
}

interface ProcessStat {
  readonly name: string;
  readonly state: string;
  readonly startTicks: string;
}

export async function identifySelf(): Promise<ProcessIdentity> {
  const stat = await readStat(process.pid);
  if (stat === undefined) return { pid: process.pid };
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return { pid: process.pid, startTicks: stat.startTicks, boot: boot.trim(), namespace };
}

/** Whether that very process still runs. Only for identities of this boot and pid namespace. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  if (!isSignalable(identity.pid)) return false;
  const stat = await readStat(identity.pid);
  if (stat === undefined) return identity.startTicks === undefined;
  if (stat.state === 'Z' || stat.state === 'X') return false;
  return identity.startTicks === undefined || identity.startTicks === stat.startTicks;
}

/**
 * Pids of PostgreSQL processes that work in `directory`: a server changes into its data directory and its backends
 * inherit that, so this finds exactly ours, however the pid file looks. Zombies are left out.
 */
export async function findServerProcesses(directory: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return findByCommandLine(directory);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
      if (cwd !== directory && cwd !== `${directory} (deleted)`) return [];
      const stat = await readStat(pid);
      return stat?.name === 'postgres' && stat.state !== 'Z' ? [pid] : [];
    }),
  );
  return found.flat();
}

/** Without /proc only the server itself can be told, by its `-D` argument. */
async function findByCommandLine(directory: string): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,command=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return command !== undefined && /\bpostgres\b/.test(command) && command.includes(`-D ${directory} `) ? [Number(pid)] : [];
  });
}

/** Signal 0 reaches a process, or is refused because it is somebody else's. */
function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** `pid (name) state ppid ...`: the name may hold spaces and brackets, so the fields start after the last one. */
async function readStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  return { name: text.slice(text.indexOf('(') + 1, end), state: fields[0] ?? '', startTicks: fields[19] ?? '' };
}
