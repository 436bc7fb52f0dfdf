/** What the tests of the Python verifier share: the sample of test/property/ledger-sample.ts, sealed with a history and a witness's line, whole and as an excerpt. */
import { readExportLines } from '../../../src/ledger/read-export-lines.ts';
import { type Failed, type Verified, verifyExport, type VerifyOptions } from '../../../src/ledger/verify.ts';
import { ORIGIN, sampleExport, SEED } from '../../property/ledger-sample.ts';
import { type Entry, sealExport } from './sealed-export.ts';

export const seal = { origin: ORIGIN, topic: 'semax', seed: SEED };
const witness = { name: 'witness.example/w', seed: new Uint8Array(32).fill(9) };

/** The sample's entries as an export has them. */
export const entries: readonly Entry[] = (await sampleExport()).slice(1, -1).map((line) => {
  const { entry: _entry, ...rest } = JSON.parse(line) as Entry & { entry: string };
  return rest;
});
export const whole = await sealExport(entries, { ...seal, history: [1, 4, 11, 15], witness });
export const excerpt = await sealExport(entries, { ...seal, excerpt: [0, 1, 2, 3, 8, 15], witness });

export function bytesOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(''));
}

export function verifyHere(bytes: Uint8Array, options: VerifyOptions = {}): Promise<Verified | Failed> {
  return verifyExport(readExportLines([bytes]), options);
}
