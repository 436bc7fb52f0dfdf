/** The browser's verifier as the build made it (.ci/build-verifier.mjs). */
import { readFile } from 'node:fs/promises';

/** Beside this file in what is built; from source, what was built last. */
const PLACES = ['../../browser/verify.js', '../../../dist/src/browser/verify.js'].map((place) => new URL(place, import.meta.url));

/** Undefined in a checkout where nothing has been built. */
export async function readVerifierScript(): Promise<string | undefined> {
  for (const place of PLACES) {
    const script = await readFile(place, 'utf8').catch(() => undefined);
    if (script !== undefined) return script;
  }
  return undefined;
}
