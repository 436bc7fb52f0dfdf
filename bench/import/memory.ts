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
function growth(samples: readonly number[]): number {
  const quarter = (nth: number): number => median(samples.slice(Math.floor((samples.length * nth) / 4), Math.floor((samples.length * (nth + 1)) / 4)));
  return quarter(3) / quarter(1);
}

/** What is asked of an import of any size. The first minutes are the start, and say nothing of growth. */
export const MAX_MB = 400;
export const MAX_GROWTH = 1.1;
const MIN_SAMPLES = 120;

export interface MemoryFigures {
  readonly peak_mb: number;
  /** Null: too short a run to say. */
  readonly growth: number | null;
}

export function measureMemory({ samples, peakMb }: Pick<MemoryWatch, 'samples' | 'peakMb'>): MemoryFigures {
  return { peak_mb: peakMb(), growth: samples.length < MIN_SAMPLES ? null : growth(samples) };
}

/** What is not as asked, in words; none where all is. */
export function listExcesses({ peak_mb: peak, growth: ratio }: MemoryFigures): string[] {
  return [
    ...(peak < MAX_MB ? [] : [`peak memory: ${Math.round(peak)} MB, asked is under ${MAX_MB}`]),
    ...(ratio === null || ratio <= MAX_GROWTH ? [] : [`memory is not flat: it grew ${ratio.toFixed(2)} times, asked is at most ${MAX_GROWTH}`]),
  ];
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
