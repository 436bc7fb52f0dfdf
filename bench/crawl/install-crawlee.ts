/** Crawlee beside its lock file, in bench/crawl/node_modules: it is what Hearsay is compared with, and no dependency of it. Installed at the first run. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const HOME = import.meta.dirname;
const PACKAGE = '@crawlee/cheerio';

export interface InstalledCrawlee {
  readonly folder: string;
  readonly version: string;
}

/** Undefined where it cannot be installed; npm has said why. */
export async function installCrawlee(): Promise<InstalledCrawlee | undefined> {
  const lock = JSON.parse(await readFile(path.join(HOME, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version: string }> };
  const wanted = lock.packages[`node_modules/${PACKAGE}`]?.version as string;
  if ((await installedVersion()) !== wanted) {
    process.stderr.write(`installing ${PACKAGE} ${wanted} in bench/crawl\n`);
    const installed = spawnSync('npm', ['ci', '--prefix', HOME, '--ignore-scripts', '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2] });
    if (installed.status !== 0) return undefined;
  }
  return { folder: HOME, version: wanted };
}

async function installedVersion(): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(path.join(HOME, 'node_modules', PACKAGE, 'package.json'), 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
}
