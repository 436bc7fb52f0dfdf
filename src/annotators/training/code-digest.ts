/**
 * Digest of what turns labelled texts into weights: code and lexicons of the embedded annotator. It stands in the manifest of the weights, so
 * that weights of other code are noticed (test/unit/annotators/shipped-model.test.ts). Compiled code differs from its source: the build
 * writes the digest of the sources beside it (.ci/copy-assets.mjs).
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** In src/annotators. */
const FOLDERS = [
  ['embedded', '.ts'],
  ['lexicons', '.yaml'],
] as const;

export async function readCodeDigest(): Promise<string> {
  const annotators = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
  if (import.meta.url.endsWith('.ts')) return digestSources(annotators);
  return (await readFile(path.join(annotators, 'training', 'code-digest.txt'), 'utf8')).trim();
}

/** `annotators`: the folder src/annotators. */
export async function digestSources(annotators: string): Promise<string> {
  const hash = createHash('sha256');
  for (const [folder, ending] of FOLDERS) {
    const names = (await readdir(path.join(annotators, folder))).filter((name) => name.endsWith(ending)).sort();
    for (const name of names) {
      const text = (await readFile(path.join(annotators, folder, name), 'utf8')).replaceAll('\r\n', '\n');
      hash.update(`${folder}/${name}\n${Buffer.byteLength(text)}\n`).update(text);
    }
  }
  return hash.digest('hex');
}
