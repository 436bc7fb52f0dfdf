// What tsc leaves behind: data files that are read beside the compiled code, the digest of the annotator's sources, the browser's verifier, and
// the mode bit of the command.
// The one argument is where the build is, `dist` by default.
import { chmod, cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildVerifier } from './build-verifier.mjs';

const dist = process.argv[2] ?? 'dist';
const DATA = /\.(?:json|ndjson|yaml|sql|css|bin|gz)$/;
await cp('src', `${dist}/src`, { recursive: true, filter: (source) => !source.includes('.') || (DATA.test(source) && !source.endsWith('tsconfig.json')) });
const { digestSources } = await import(pathToFileURL(path.resolve(dist, 'src/annotators/training/code-digest.js')).href);
await writeFile(`${dist}/src/annotators/training/code-digest.txt`, `${await digestSources('src/annotators')}\n`);
await buildVerifier(`${dist}/src/browser/verify.js`);
await chmod(`${dist}/workers/main.js`, 0o755);
