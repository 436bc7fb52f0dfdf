/** Resident memory of a running process, from Linux's /proc (proc_pid_status(5)). Children, such as zstd, have files of their own. */
import { readFileSync } from 'node:fs';

const EVERY_MS = 1_000;

export interface MemoryWatch {
  /** One a second, in MB of 10^6 bytes. */
  readonly samples: readonly number[];
  /** The highest there ever was, as the kernel knows it. */
  peakMb(): number;
  stop(): void;
}

export function watchMemory(pid: number): MemoryWatch {
  const samples: number[] = [];
  let peak = 0;
  const look = (): void => {
    const status = readStatus(pid);
    if (status === undefined) return;
    samples.push(status.residentMb);
    peak = status.peakMb;
  };
  const timer = setInterval(look, EVERY_MS);
  return { samples, peakMb: () => peak, stop: () => clearInterval(timer) };
}

/** The last quarter of the samples over the second one: the first is the start. About 1 where memory does not grow with the file. */
export function growth(samples: readonly number[]): number {
  const quarter = (nth: number): number => median(samples.slice(Math.floor((samples.length * nth) / 4), Math.floor((samples.length * (nth + 1)) / 4)));
  return quarter(3) / quarter(1);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Undefined once the process is gone: what is left of it has no memory. */
function readStatus(pid: number): { readonly residentMb: number; readonly peakMb: number } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const field = (name: string): number | undefined => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return kibibytes === undefined ? undefined : (Number(kibibytes) * 1_024) / 1e6;
  };
  const [residentMb, peakMb] = [field('VmRSS'), field('VmHWM')];
  return residentMb === undefined || peakMb === undefined ? undefined : { residentMb, peakMb };
}
