/**
 * The second verifier, docs/verify/verify.py, on many inputs in one process. Tests that need it skip where there is no Python 3.9, but
 * never in CI: what is not run proves nothing.
 */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Failed, Verified } from '../src/ledger/verify.ts';
import { collect } from './collect.ts';

const driver = path.resolve(import.meta.dirname, 'conformance/python-verifier/drive.py');
const found = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'], { stdio: 'ignore' });

/** True where tests of the Python verifier are to be skipped. */
export const skipsPython = found.status !== 0 && process.env['CI'] !== 'true';

export type Verdict =
  | {
      readonly ok: true;
      readonly size: number;
      readonly root: string;
      readonly open: number;
      readonly withheld: number;
      readonly quotes: number;
      readonly history: number;
    }
  | { readonly ok: false; readonly where: string; readonly why: string };

export interface ExportJob {
  readonly export: Uint8Array;
  /** Verifier key that is trusted. */
  readonly key?: string;
  /** Note that was kept. */
  readonly checkpoint?: string;
}

export function verifyInPython(jobs: readonly ExportJob[]): Promise<readonly Verdict[]> {
  return runDriver(jobs.map((job) => ({ ...job, export: base64(job.export) })));
}

/** One export with one byte changed at a time: `[offset, byte]`. */
export async function verifyChangesInPython(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Promise<readonly Verdict[]> {
  const [verdicts] = await runDriver<readonly Verdict[]>([{ export: base64(bytes), changes }]);
  return verdicts as readonly Verdict[];
}

/** Public key, message and signature, each in hex -> whether the signature holds. */
export async function verifySignaturesInPython(signatures: readonly (readonly [string, string, string])[]): Promise<readonly boolean[]> {
  const [answers] = await runDriver<readonly boolean[]>([{ signatures }]);
  return answers as readonly boolean[];
}

/** Hashes in base64. */
export type ProofJob = { readonly size: number; readonly root: string; readonly proof: readonly string[] } & (
  | { readonly index: number; readonly leaf: string }
  | { readonly from: number; readonly old: string }
);

export async function verifyProofsInPython(proofs: readonly ProofJob[]): Promise<readonly boolean[]> {
  const [answers] = await runDriver<readonly boolean[]>([{ proofs }]);
  return answers as readonly boolean[];
}

async function runDriver<T>(jobs: readonly object[]): Promise<T[]> {
  const child = spawn('python3', [driver], { stdio: ['pipe', 'pipe', 'inherit'], timeout: 300_000 });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  child.stdin.end(JSON.stringify(jobs));
  const [output, status] = await Promise.all([collect(child.stdout), ended]);
  if (status !== 0) throw new Error(`${driver} ended with ${status}`);
  return JSON.parse(Buffer.concat(output as Buffer[]).toString('utf8')) as T[];
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** `undefined` where the two agree. Wrong counts are Python's one blind spot. */
export function findDifference(here: Verified | Failed, there: Verdict): object | undefined {
  if (here.ok !== there.ok) return !here.ok && here.where === 'counts' ? undefined : { here, there };
  if (!here.ok) return here.where === (there as Failed).where ? undefined : { here, there };
  const { size, root, open, withheld, history, quotes } = here;
  const same = there.ok && JSON.stringify([size, root, open, withheld, history, quotes.checked]);
  return same === JSON.stringify(there.ok && [there.size, there.root, there.open, there.withheld, there.history, there.quotes]) ? undefined : { here, there };
}
