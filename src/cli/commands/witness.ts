/** `hearsay witness`: cosigns the checkpoints of other logs. Reads no configuration and opens no database: it works beside any log. */
import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describeError, InvalidInputError } from '../../errors.ts';
import { formatWitnessKey, type WitnessKey, witnessVerifierKeyOf } from '../../ledger/cosignature.ts';
import { createKeyFile, readKeyFile } from '../../witness/key-file.ts';
import { type LogList, parseLogList } from '../../witness/log-list.ts';
import { createWitnessApp, serveWitness } from '../../witness/server.ts';
import { openWitnessState } from '../../witness/state.ts';
import { createWitness, type Suspicion } from '../../witness/witness.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';

interface WitnessFlags {
  readonly log?: readonly string[];
  readonly logs?: string;
  readonly state: string;
  readonly key?: string;
  readonly name?: string;
  readonly host: string;
  readonly port: string;
}

export async function runWitness(edge: Edge, flags: WitnessFlags): Promise<ExitCode> {
  const logs = await readLogs(flags);
  if (!/^\d{1,5}$/.test(flags.port) || Number(flags.port) > 65_535)
    throw new InvalidInputError('bad_port', '--port is a number from 0 (any free port) to 65535');
  const state = await openWitnessState(flags.state, logs, () => edge.talk(`waiting to see whether another witness uses ${flags.state}`));
  try {
    const key = await loadKey(edge, flags);
    const vkey = formatWitnessKey(await witnessVerifierKeyOf(key));
    const witness = createWitness({ key, logs, state, now: () => new Date(), onSuspicion: (suspicion) => edge.talk(describeSuspicion(suspicion)) });
    const report = (error: unknown): void => edge.talk(`failed: ${describeError(error).message}`);
    const server = await serveWitness(createWitnessApp({ witness, vkey, report }), { host: flags.host, port: Number(flags.port) });
    edge.talk(`witness ${key.name}: ${server.url}, ${logs.size} ${logs.size === 1 ? 'log' : 'logs'}`);
    edge.talk(`verifier key: ${vkey}`);
    await stopAsked(edge.signal);
    edge.talk('stopping');
    await server.close();
    return EXIT.ok;
  } finally {
    await state.close();
  }
}

/** Prints the verifier key; the private one stays in the file. */
export async function generateWitnessKey(edge: Edge, flags: { readonly name: string; readonly out: string }): Promise<ExitCode> {
  await edge.out(`${formatWitnessKey(await witnessVerifierKeyOf(await createKeyFile(flags.out, flags.name)))}\n`);
  return EXIT.ok;
}

async function readLogs(flags: WitnessFlags): Promise<LogList> {
  const file = flags.logs === undefined ? '' : await readText(flags.logs);
  const logs = parseLogList([file, ...(flags.log ?? [])].join('\n'));
  if (logs.size === 0) throw new InvalidInputError('bad_log_list', 'no log to follow: name its verifier key with --log, or a list with --logs');
  return logs;
}

/** With `--name` the key is made at the first start. */
async function loadKey(edge: Edge, flags: WitnessFlags): Promise<WitnessKey> {
  const file = flags.key ?? path.join(flags.state, 'witness.key');
  const found = await stat(file).catch(() => undefined);
  if (found === undefined && flags.name !== undefined) {
    await mkdir(path.dirname(file), { recursive: true });
    edge.talk(`made a key: ${file}; keep a copy, it is who this witness is`);
    return createKeyFile(file, flags.name);
  }
  const key = await readKeyFile(file);
  if (flags.name !== undefined && flags.name !== key.name) throw new InvalidInputError('bad_key', `${file} is the key of ${key.name}, not of ${flags.name}`);
  if (found !== undefined && (found.mode & 0o077) !== 0) edge.talk(`note: ${file} can be read by others: chmod 600 ${file}`);
  return key;
}

function describeSuspicion({ kind, origin, size, kept }: Suspicion): string {
  const what =
    kind === 'contradiction'
      ? `ALARM: ${origin} signed two roots of size ${size}: it has shown two histories`
      : `suspicious: ${origin} signed a tree of size ${size} that was not proved to continue the last one; the proof or the log is wrong`;
  return kept ? `${what}; kept in evidence/` : what;
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new InvalidInputError('file_not_found', `no such file: ${file}`);
  });
}

function stopAsked(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
