import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Rule -> a file that breaks it. A cruise that sees nothing would pass as well: these must be found. */
const PLANTED: Readonly<Record<string, readonly [file: string, text: string]>> = {
  'src-below-jobs-and-workers': ['src/pipeline/planted.ts', "import '../../jobs/queues.ts';\n"],
  'jobs-below-workers': ['jobs/planted.ts', "import '../workers/outcome.ts';\n"],
  'bullmq-not-in-src': ['src/pipeline/planted-queue.ts', "import { Queue } from 'bullmq';\nexport const queue = Queue;\n"],
  'pure-core-has-no-edges': ['src/normalize/planted.ts', "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n"],
  'bullmq-in-jobs-and-workers-only': ['src/pipeline/planted-redis.ts', "import { Redis } from 'ioredis';\nexport const redis = Redis;\n"],
  'no-circular': ['src/pipeline/planted-circle.ts', "import { circle } from './planted-circle-too.ts';\nexport const back = (): unknown => circle;\n"],
  'cli-above-all': ['src/api/planted-cli.ts', "import '../cli/edge.ts';\n"],
  'no-orphans': ['src/planted-orphan.ts', 'export const alone = 1;\n'],
  'stages-below-faces': ['src/pipeline/planted-face.ts', "import '../api/app.ts';\n"],
  'sources-know-no-database': ['src/sources/planted.ts', "import '../db/pool.ts';\n"],
  'nothing-imports-tests': ['src/planted-test.ts', "import '../test/vectors/shared.ts';\n"],
  resolvable: ['src/planted-missing.ts', "import './not-there.ts';\n"],
};

describe('import rules', () => {
  let copy: string;
  beforeAll(async () => {
    copy = await mkdtemp(path.join(tmpdir(), 'hearsay-layers-'));
    for (const part of ['src', 'jobs', 'workers', 'test/vectors', 'package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
      await mkdir(path.dirname(path.join(copy, part)), { recursive: true });
      await cp(path.join(root, part), path.join(copy, part), { recursive: true });
    }
    await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    await writeFile(
      path.join(copy, 'src/pipeline/planted-circle-too.ts'),
      "import { back } from './planted-circle.ts';\nexport const circle = (): unknown => back;\n",
    );
    for (const [file, text] of Object.values(PLANTED)) await writeFile(path.join(copy, file), text);
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  it('finds every planted violation, and fails because of them', async () => {
    const bin = path.join(root, 'node_modules/.bin/depcruise');
    const failed = await run(bin, ['src', 'jobs', 'workers', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'], {
      cwd: copy,
      maxBuffer: 64 * 1024 * 1024,
    }).then(
      () => undefined,
      (error: { code: number; stdout: string }) => error,
    );
    expect(failed?.code).toBeGreaterThan(0);
    const report = failed?.stdout ?? '';
    expect(Number(/(\d+) modules/.exec(report)?.[1])).toBeGreaterThan(100);
    for (const [rule, [file]] of Object.entries(PLANTED)) expect(report, rule).toMatch(new RegExp(`${rule}: ${file.replace(/\.ts$/, '')}`));
  });
});
