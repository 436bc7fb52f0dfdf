// What tsc leaves behind: data files that are read beside the compiled code, and the mode bit of the command.
import { chmod, cp } from 'node:fs/promises';

const DATA = /\.(?:json|yaml|sql|css|bin|gz)$/;
await cp('src', 'dist/src', { recursive: true, filter: (source) => !source.includes('.') || DATA.test(source) });
await chmod('dist/workers/main.js', 0o755);
