/** `hearsay ledger verify`: a file, standard input, an address, or a topic of the database. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { InvalidInputError } from '../../errors.ts';
import { parseCheckpoint, parseVerifierKey } from '../../ledger/checkpoint.ts';
import { parseWitnessKey } from '../../ledger/cosignature.ts';
import type { Failed, VerifyOptions } from '../../ledger/verify-result.ts';
import { counted, verifyAddress } from '../../verify/verify-address.ts';
import { verifyExportBytes } from '../../verify/verify-bytes.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { describeVerified, type Outcome } from '../describe-verified.ts';

interface Flags {
  readonly key?: string;
  readonly checkpoint?: string;
  readonly witness?: readonly string[];
  readonly json?: boolean;
}

const READ_BYTES = 256 * 1024;

export async function verifyLedger(edge: Edge, target: string, flags: Flags): Promise<ExitCode> {
  const options: VerifyOptions = {
    ...(flags.key === undefined ? {} : { key: parseVerifierKey(flags.key.trim()) }),
    ...(flags.checkpoint === undefined ? {} : { oldCheckpoint: parseCheckpoint(await readText(flags.checkpoint)) }),
    witnesses: (flags.witness ?? []).map((vkey) => parseWitnessKey(vkey.trim())),
  };
  const result = await verifyTarget(edge, target, options);
  edge.progress('');
  await edge.out(flags.json ? `${JSON.stringify(result)}\n` : result.ok ? describeVerified(result) : `FAILED at ${result.where}: ${result.why}\n`);
  return result.ok ? EXIT.ok : EXIT.verification;
}

async function verifyTarget(edge: Edge, target: string, options: VerifyOptions): Promise<Outcome | Failed> {
  if (target === '-') return verifyExportBytes(...watch(edge, options, edge.stdin));
  const file = await stat(target).catch(() => undefined);
  if (file?.isFile()) return verifyExportBytes(...watch(edge, options, createReadStream(target, { highWaterMark: READ_BYTES }), file.size));
  if (/^https?:\/\//i.test(target)) {
    const { onBytes, onProgress } = showProgress(edge);
    return verifyAddress(target, { ...options, onProgress }, { signal: edge.signal, onBytes });
  }
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(target))
    throw new InvalidInputError('file_not_found', `${target} is neither a file, an address nor the slug of a topic`);
  // Only this needs a database and all that comes with it; a stranger's file is checked without.
  const [{ withHearsay }, { verifyTopic }] = await Promise.all([import('../open-hearsay.ts'), import('../../verify/verify-topic.ts')]);
  return withHearsay(edge, {}, ({ hearsay }) => verifyTopic(hearsay.pool, target, { ...options, onProgress: showProgress(edge).onProgress }));
}

function watch(edge: Edge, options: VerifyOptions, stream: AsyncIterable<Uint8Array>, size?: number): [AsyncIterable<Uint8Array>, VerifyOptions] {
  const { onBytes, onProgress } = showProgress(edge, size);
  return [counted(stream, onBytes), { ...options, onProgress }];
}

/** Entries, rate, and how much of a known size: on the terminal only. */
function showProgress(edge: Edge, size?: number): { onBytes(bytes: number): void; onProgress(entries: number): void } {
  const started = performance.now();
  let read = 0;
  return {
    onBytes: (bytes) => {
      read += bytes;
    },
    onProgress: (entries) => {
      const rate = read === 0 ? '' : `, ${(read / 1e3 / Math.max(1, performance.now() - started)).toFixed(1)} MB/s`;
      const share = size ? `, ${Math.min(100, Math.floor((100 * read) / size))} %` : '';
      edge.progress(`verified ${entries} entries${rate}${share}`);
    },
  };
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new InvalidInputError('file_not_found', `no such file: ${file}`);
  });
}
