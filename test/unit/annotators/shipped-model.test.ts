/** The shipped weights: readable, whole, and trained with the code that reads them. After a change of code: `hearsay train --out src/annotators/embedded`. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModelFolder } from '../../../src/annotators/embedded/model-folder.ts';
import { MODEL_NAMES, parseModels, storeModels } from '../../../src/annotators/embedded/models.ts';
import { readPracticeFiles } from '../../../src/annotators/practice/read-practice.ts';
import { digestSources } from '../../../src/annotators/training/code-digest.ts';

const { weights, manifest } = await readModelFolder();

describe('the shipped weights', () => {
  it('hold every model, and are written again byte for byte', () => {
    const models = parseModels(weights);
    expect(Object.keys(models).sort()).toEqual([...MODEL_NAMES].sort());
    expect(storeModels(models).equals(weights)).toBe(true);
  });

  it('name what they learned from, and nothing that somebody decided in a ledger', () => {
    expect(manifest.data.map(({ file }) => file)).toContain('gold/dev.jsonl');
    expect(manifest.reviews).toBeUndefined();
  });

  it('learned from the practice texts that are here', () => {
    const here = readPracticeFiles().map(({ file, text }) => ({ file, sha256: createHash('sha256').update(text).digest('hex') }));
    expect(manifest.data.filter(({ file }) => file.startsWith('practice/'))).toEqual(here);
  });

  it('were trained with this code and these lexicons', async () => {
    expect(manifest.code).toBe(await digestSources(path.resolve(import.meta.dirname, '../../../src/annotators')));
  });
});
