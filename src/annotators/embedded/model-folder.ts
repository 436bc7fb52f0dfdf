/**
 * Where a version of the embedded annotator is: `weights.bin`, `calibration.json`, and `manifest.json`, which says what they were made from. The
 * shipped one is this folder; a candidate's is anywhere.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.strictObject({
  /** Of the two files beside it. */
  weights: sha256,
  calibration: sha256,
  /** Of the code and lexicons it was trained with (training/code-digest.ts). */
  code: sha256,
  /** Each file learned from. */
  data: z.array(z.strictObject({ file: z.string(), sha256 })),
  /** Weights that a candidate went on from, and the decisions it learned from. */
  reviews: z
    .strictObject({ base: sha256, digest: sha256, rows: z.record(z.string(), z.int().nonnegative()), skipped: z.record(z.string(), z.int().nonnegative()) })
    .optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export interface ModelFiles {
  readonly weights: Uint8Array;
  readonly calibration: string;
}

/** @throws InvalidInputError `bad_model_folder`: a file is missing, or they do not belong together. */
export async function readModelFolder(folder?: string): Promise<ModelFiles & { readonly manifest: Manifest }> {
  const place = folder ?? shippedFolder();
  const read = (name: string): Promise<Buffer> =>
    readFile(path.join(place, name)).catch(() => {
      throw badFolder(`there is no ${name} in ${folder ?? 'the shipped model'}`);
    });
  const [weights, calibration, manifestText] = await Promise.all([read('weights.bin'), read('calibration.json'), read('manifest.json')]);
  const manifest = manifestSchema.safeParse(JSON.parse(manifestText.toString('utf8')));
  if (!manifest.success) throw badFolder(`manifest.json: ${manifest.error.issues[0]?.message}`);
  const text = withPlainLineEnds(calibration.toString('utf8'));
  if (digestOf(weights) !== manifest.data.weights || digestOf(text) !== manifest.data.calibration)
    throw badFolder('its files are not those manifest.json names');
  return { weights, calibration: text, manifest: manifest.data };
}

export async function writeModelFolder(folder: string, files: ModelFiles, made: Omit<Manifest, 'weights' | 'calibration'>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest: Manifest = { weights: digestOf(files.weights), calibration: digestOf(files.calibration), ...made };
  await writeFile(path.join(folder, 'weights.bin'), files.weights);
  await writeFile(path.join(folder, 'calibration.json'), files.calibration);
  // Last: without it the folder is none.
  await writeFile(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}

function shippedFolder(): string {
  return path.dirname(fileURLToPath(import.meta.url));
}

/** Checkouts differ in them. */
function withPlainLineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function digestOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function badFolder(why: string): InvalidInputError {
  return new InvalidInputError('bad_model_folder', `model folder: ${why}`);
}
