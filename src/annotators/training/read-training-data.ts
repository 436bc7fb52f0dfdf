/** The labelled texts and training sets, read from a folder that is not part of this repository; the digest of each file goes into the manifest. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readPracticeFiles } from '../practice/read-practice.ts';
import type { Lessons, TrainingExample } from '../embedded/train.ts';
import { GOLD_FILE, readTrainingTexts } from '../evaluation/training-texts.ts';

export function hasTrainingData(folder: string): boolean {
  return existsSync(path.join(folder, GOLD_FILE));
}

export interface TrainingData extends Lessons {
  readonly examples: readonly TrainingExample[];
  /** Each file that was read. */
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
}

export async function readTrainingData(folder: string): Promise<TrainingData> {
  const digests = new Map<string, string>();
  const read = (file: string): string => {
    const bytes = readFileSync(path.join(folder, file));
    digests.set(file, createHash('sha256').update(bytes).digest('hex'));
    return bytes.toString('utf8');
  };
  const texts = await readTrainingTexts({ read });
  for (const { file, text } of readPracticeFiles()) digests.set(file, createHash('sha256').update(text).digest('hex'));
  return { ...texts, files: [...digests].sort().map(([file, sha256]) => ({ file, sha256 })) };
}
