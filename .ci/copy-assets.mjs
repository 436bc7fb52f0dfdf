// What tsc leaves behind: data files that are read beside the compiled code, the browser's verifier, and the mode bit of the command.
// The one argument is where the build is, `dist` by default.
import { chmod, cp } from 'node:fs/promises';
import { buildVerifier } from './build-verifier.mjs';

const dist = process.argv[2] ?? 'dist';
const DATA = /\.(?:json|yaml|sql|css|bin|gz)$/;
await cp('src', `${dist}/src`, { recursive: true, filter: (source) => !source.includes('.') || (DATA.test(source) && !source.endsWith('tsconfig.json')) });
await buildVerifier(`${dist}/src/browser/verify.js`);
await chmod(`${dist}/workers/main.js`, 0o755);
