/** What ships, as a bench runs it: bundled by esbuild, not compiled on the way by tsx. Packages come from the project. */
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';

export async function bundleInto(outdir: string, entryPoints: NonNullable<BuildOptions['entryPoints']>): Promise<void> {
  await build({ entryPoints, bundle: true, splitting: true, platform: 'node', format: 'esm', packages: 'external', outdir, logLevel: 'error' });
  await writeFile(path.join(outdir, 'package.json'), '{"type":"module"}');
  await symlink(path.resolve(import.meta.dirname, '../node_modules'), path.join(outdir, 'node_modules'), 'dir');
}
