/** `hearsay source stop|start|log`: the switch of all crawls of a source, and what `hearsay sources` says of it. */
import { existsSync } from 'node:fs';
import { describeError, InvalidInputError } from '../../errors.ts';
import { sourceNamed, sources } from '../../sources/list.ts';
import { describeStop, readStops, readSwitchLog, type SourceSwitch, startSource, stopSource } from '../../pipeline/source-stop.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

/** Long enough for a sentence. */
const MAX_REASON = 500;

export async function stop(edge: Edge, name: string, flags: { readonly reason?: string }): Promise<ExitCode> {
  requireSource(name);
  return withHearsay(edge, {}, async ({ hearsay }) => {
    await stopSource(hearsay.pool, name, { reason: flags.reason?.trim().slice(0, MAX_REASON) || undefined, now: hearsay.now() });
    const [stopped] = await readStops(hearsay.pool, hearsay.now(), { source: name, kind: 'operator' });
    if (stopped) await edge.out(`${name} ${describeStop(stopped)}\n`);
    edge.talk('a crawl that is running ends after its next page; kept posts are still re-checked for deletion');
    return EXIT.ok;
  });
}

export async function start(edge: Edge, name: string): Promise<ExitCode> {
  requireSource(name);
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const was = await startSource(hearsay.pool, name, hearsay.now());
    await edge.out(was ? `${name} is crawled again\n` : `${name} was not stopped\n`);
    return EXIT.ok;
  });
}

export async function showLog(edge: Edge, name: string | undefined, flags: { readonly json?: boolean }): Promise<ExitCode> {
  if (name !== undefined) requireSource(name);
  return withHearsay(edge, {}, async ({ hearsay }) => {
    for (const line of await readSwitchLog(hearsay.pool, name)) await edge.out(`${flags.json ? JSON.stringify(line) : describeSwitch(line)}\n`);
    return EXIT.ok;
  });
}

const ACT_WORDS: Readonly<Record<SourceSwitch['act'], string>> = { stop: 'stopped', start: 'started', cap: 'capped by its platform' };

function describeSwitch({ at, source, act, command, reason, until }: SourceSwitch): string {
  return `${at.toISOString()}  ${source} ${ACT_WORDS[act]}${until ? ` until ${until.toISOString()}` : ''} (${command})${reason === null ? '' : `: ${reason}`}`;
}

/** Source -> its stops as lines. A checkout that has no data yet gets none made for the asking. */
export async function readSwitches(edge: Edge): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = new Map<string, string[]>();
  if (edge.config.databaseUrl === undefined && !existsSync(edge.config.dataDir)) return lines;
  const stops = await withHearsay(edge, {}, ({ hearsay }) => readStops(hearsay.pool, hearsay.now())).catch((error: unknown) => {
    edge.talk(`note: whether a source is stopped cannot be said: ${describeError(error).message}`);
    return [];
  });
  for (const stop of stops) lines.set(stop.source, [...(lines.get(stop.source) ?? []), describeStop(stop)]);
  return lines;
}

function requireSource(name: string): void {
  if (!sourceNamed(name))
    throw new InvalidInputError('unknown_source', `there is no source named ${name}; there are ${sources.map((source) => source.name).join(', ')}`);
}
