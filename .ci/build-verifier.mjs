// The browser's verifier: src/browser/main.ts and the ledger's pure core in one file, with the portable SHA-256 in the place of node:crypto's.
import path from 'node:path';
import { build } from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '..');
const PORTABLE = path.join(ROOT, 'src/ledger/sha256-portable.ts');

const portableHash = {
  name: 'portable-hash',
  setup: (bundle) => bundle.onResolve({ filter: /\/sha256\.ts$/ }, () => ({ path: PORTABLE })),
};

/** Bytes of the script; written to `outfile` where one is given. */
export async function buildVerifier(outfile) {
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, 'src/browser/main.ts')],
    bundle: true,
    format: 'esm',
    minify: true,
    // Browsers that have String.prototype.isWellFormed, the newest thing the core asks for.
    target: ['chrome111', 'firefox119', 'safari16.4'],
    legalComments: 'eof',
    plugins: [portableHash],
    tsconfigRaw: {},
    write: false,
  });
  const [{ contents }] = outputFiles;
  if (outfile) {
    const { mkdir, writeFile } = await import('node:fs/promises');
    await mkdir(path.dirname(outfile), { recursive: true });
    await writeFile(outfile, contents);
  }
  return contents;
}
