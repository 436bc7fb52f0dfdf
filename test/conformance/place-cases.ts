/** One of each kind of outside place, made in a temporary folder or on the loopback interface; what test/conformance/places.test.ts runs over. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { formatWitnessKey, witnessVerifierKeyOf } from '../../src/ledger/cosignature.ts';
import { createWitnessApp, serveWitness } from '../../src/witness/server.ts';
import { openWitnessState } from '../../src/witness/state.ts';
import { createWitness } from '../../src/witness/witness.ts';
import type { TestLog } from '../unit/witness/log.ts';

export interface PlaceCase {
  /** As HEARSAY_CHECKPOINT_PLACES names it. */
  readonly address: string;
  /** The newest checkpoint it holds. */
  newest(): Promise<string | undefined>;
  /** Whether what is there can be compared with what is brought. */
  readonly remembers: boolean;
  readonly cosigns: boolean;
  close(): Promise<void>;
}

type MakeCase = (folder: string, log: TestLog) => Promise<PlaceCase>;

const readNewest = (folder: string) => () => readFile(path.join(folder, 'semax/checkpoint'), 'utf8').catch(() => undefined);

export function hasGit(): boolean {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    return false;
  }
}

export const PLACE_CASES: Readonly<Record<string, MakeCase>> = {
  async dir(folder) {
    await mkdir(path.join(folder, 'notes'));
    const place = path.join(folder, 'notes');
    return { address: `dir:${place}`, newest: readNewest(place), remembers: true, cosigns: false, close: async () => undefined };
  },

  async git(folder) {
    const place = path.join(folder, 'worktree');
    execFileSync('git', ['init', '--quiet', place]);
    return { address: `git:${place}`, newest: readNewest(place), remembers: true, cosigns: false, close: async () => undefined };
  },

  async http() {
    let newest: string | undefined;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        newest = Buffer.concat(chunks).toString('utf8');
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return {
      address: `http://127.0.0.1:${port}/checkpoints?token=hunter2`,
      newest: async () => newest,
      remembers: false,
      cosigns: false,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  },

  async witness(folder, log) {
    const key = { name: 'witness.example/w1', seed: new Uint8Array(32).fill(5) };
    const vkey = formatWitnessKey(await witnessVerifierKeyOf(key));
    const logs = new Map([[log.origin, [log.key]]]);
    const state = await openWitnessState(path.join(folder, 'state'), logs);
    const witness = createWitness({ key, logs, state, now: () => new Date(), onSuspicion: () => undefined });
    const server = await serveWitness(createWitnessApp({ witness, vkey, report: () => undefined }), { host: '127.0.0.1', port: 0 });
    return {
      address: `witness+${server.url}#${vkey}`,
      newest: async () => witness.lastOf(log.origin)?.note,
      remembers: true,
      cosigns: true,
      async close() {
        await server.close();
        await state.close();
      },
    };
  },
};
