/**
 * A witness of its own process for the kill tests: prints its address or why it does not start, and dies by SIGKILL where it was told to, which no handler sees.
 * Arguments: state directory, verifier key of the log, number of saves after which it dies, before or after the file is written.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describeError } from '../../src/errors.ts';
import { formatWitnessKey, witnessVerifierKeyOf } from '../../src/ledger/cosignature.ts';
import { parseLogList } from '../../src/witness/log-list.ts';
import { createWitnessApp, serveWitness } from '../../src/witness/server.ts';
import { openWitnessState } from '../../src/witness/state.ts';
import { createWitness } from '../../src/witness/witness.ts';

export const WITNESS_KEY = { name: 'witness.example/w1', seed: new Uint8Array(32).fill(5) };

export interface WitnessProcess {
  readonly child: ChildProcess;
  readonly url: string;
}

export interface Death {
  /** Saves that go well. */
  readonly saves: number;
  readonly when: 'before' | 'after';
}

export async function startWitnessProcess(dir: string, vkey: string, death: Death): Promise<WitnessProcess> {
  const args = ['--import', import.meta.resolve('tsx'), fileURLToPath(import.meta.url), dir, vkey, String(death.saves), death.when];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('no pipe');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('http')) throw new Error(line);
    return { child, url: line };
  }
  throw new Error('ended without a word');
}

async function main(dir: string, vkey: string, { saves, when }: Death): Promise<void> {
  const logs = parseLogList(vkey);
  const state = await openWitnessState(dir, logs);
  let left = saves;
  const dying = {
    ...state,
    async save(cosigned: Parameters<typeof state.save>[0]) {
      if (left-- > 0) return state.save(cosigned);
      if (when === 'after') await state.save(cosigned);
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => undefined);
    },
  };
  const witness = createWitness({ key: WITNESS_KEY, logs, state: dying, now: () => new Date(), onSuspicion: () => undefined });
  const app = createWitnessApp({ witness, vkey: formatWitnessKey(await witnessVerifierKeyOf(WITNESS_KEY)), report: () => undefined });
  process.stdout.write(`${(await serveWitness(app, { host: '127.0.0.1', port: 0 })).url}\n`);
}

const [, script, dir, vkey, saves, when] = process.argv;
if (script !== undefined && dir !== undefined && vkey !== undefined && import.meta.url === pathToFileURL(script).href) {
  await main(dir, vkey, { saves: Number(saves), when: when as Death['when'] }).catch((error: unknown) =>
    process.stdout.write(`${describeError(error).code}\n`),
  );
}
