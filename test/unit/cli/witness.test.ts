/** `hearsay witness` as it is typed: what it prints, what it leaves on disk, and which mistakes it names. */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Edge } from '../../../src/cli/edge.ts';
import { runCli } from '../../../src/cli/run.ts';
import { readConfig } from '../../../src/config.ts';
import { formatVerifierKey } from '../../../src/ledger/checkpoint.ts';
import { parseWitnessKey } from '../../../src/ledger/cosignature.ts';
import { NaiveTree } from '../../property/naive-tree.ts';
import { createLog, forkOf } from '../witness/log.ts';

const tree = NaiveTree.of(9);
const log = await createLog(tree);
const fork = await createLog(forkOf(tree, 2));
const VKEY = formatVerifierKey(log.key);

let folder: string;
let written: { out: string; talk: string };
let stop: AbortController;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearsay-witness-'));
  written = { out: '', talk: '' };
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await rm(folder, { recursive: true, force: true });
});

/** A witness reads neither configuration nor topics, and starts no queue. */
function edge(): Edge {
  const unused = (): never => {
    throw new Error('a witness has no queues');
  };
  return {
    config: readConfig({}, folder),
    runtime: { openQueues: unused, startWorkers: unused },
    stdin: (async function* () {})(),
    async out(text) {
      written.out += text;
    },
    talk(line) {
      written.talk += `${line}\n`;
    },
    progress: () => undefined,
    signal: stop.signal,
    topicsDir: folder,
  };
}
const run = (...argv: string[]): Promise<number> => runCli(['witness', ...argv], edge());
const file = (name: string): string => path.join(folder, name);

/** Starts one, and gives its address. */
async function start(...argv: string[]): Promise<{ url: string; ended: Promise<number> }> {
  const ended = run('--port', '0', ...argv);
  await expect.poll(() => written.talk, { timeout: 20_000 }).toContain('verifier key: ');
  return { url: /http:\/\/\S+\//.exec(written.talk)?.[0] ?? '', ended };
}

describe('hearsay witness keygen', () => {
  it('prints the verifier key and keeps the private one', async () => {
    expect(await run('keygen', '--name', 'witness.example/w1', '--out', file('key'))).toBe(0);
    expect(parseWitnessKey(written.out.trim()).name).toBe('witness.example/w1');
    expect((await stat(file('key'))).mode & 0o777).toBe(0o600);
    expect(await run('keygen', '--name', 'witness.example/w1', '--out', file('key'))).toBe(1);
    expect(written.talk).toContain('(file_exists)');
    expect(await run('keygen', '--name', 'two words', '--out', file('other'))).toBe(2);
  });
});

describe('hearsay witness', () => {
  it('cosigns, says what is suspicious, stops when told to, and goes on from its state', async () => {
    await run('keygen', '--name', 'witness.example/w1', '--out', file('key'));
    const first = await start('--log', VKEY, '--state', file('state'), '--key', file('key'));
    const post = async (url: string, body: string): Promise<number> => (await fetch(`${url}add-checkpoint`, { method: 'POST', body })).status;
    expect(await post(first.url, await log.request(5, 0))).toBe(200);
    expect(await post(first.url, await fork.request(5, 5))).toBe(409);
    expect(written.talk).toContain('ALARM: log.example/semax signed two roots of size 5: it has shown two histories; kept in evidence/\n');
    stop.abort();
    expect(await first.ended).toBe(0);
    expect((await readdir(file('state'))).sort()).toEqual(['evidence', 'logs']);
    expect(await readdir(folder)).not.toContain('.hearsay');

    stop = new AbortController();
    written.talk = '';
    await writeFile(file('logs'), `# ours\n${VKEY}\n`);
    const second = await start('--logs', file('logs'), '--state', file('state'), '--key', file('key'), '--name', 'witness.example/w1');
    expect(await post(second.url, await log.request(9, 0))).toBe(409);
    expect(await post(second.url, await log.request(9, 5))).toBe(200);
    // Beside it none starts on the same state.
    expect(await run('--log', VKEY, '--state', file('state'), '--key', file('key'), '--port', '0')).toBe(1);
    expect(written.talk).toContain('(witness_state_in_use)');
    stop.abort();
    expect(await second.ended).toBe(0);
  });

  it('makes its key at the first start, when it is given a name', async () => {
    const { ended } = await start('--log', VKEY, '--state', file('state'), '--name', 'witness.example');
    stop.abort();
    expect(await ended).toBe(0);
    expect((await stat(file('state/witness.key'))).mode & 0o777).toBe(0o600);
    expect(await run('--log', VKEY, '--state', file('state'), '--name', 'other.example', '--port', '0')).toBe(2);
    expect(written.talk).toContain('is the key of witness.example, not of other.example');
  });

  it.each([
    ['no state', ['--log', VKEY], 2, /required option/],
    ['no log', ['--state', 'state', '--name', 'w'], 2, /bad_log_list/],
    ['a key that is none', ['--state', 'state', '--name', 'w', '--log', 'log.example'], 2, /bad_log_list/],
    ['a list that is not there', ['--state', 'state', '--name', 'w', '--logs', 'nowhere'], 1, /file_not_found/],
    ['no key and no name', ['--state', 'state', '--log', VKEY], 1, /witness keygen.*file_not_found/],
    ['a port that is none', ['--state', 'state', '--name', 'w', '--log', VKEY, '--port', 'http'], 2, /bad_port/],
  ])('ends at a mistake: %s', async (_, argv, code, message) => {
    expect(await run(...argv.map((word) => (word === 'state' || word === 'nowhere' ? file(word) : word)))).toBe(code);
    expect(written.talk).toMatch(message);
  });
});
