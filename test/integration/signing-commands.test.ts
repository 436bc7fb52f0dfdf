/** Signing from the command line: who signs when, what is printed, and what is made where nothing should be. */
import { access, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { parseCheckpoint, parseVerifierKey, signCheckpoint } from '../../src/ledger/checkpoint.ts';
import { noteFileName } from '../../src/signer/note-store.ts';
import { createEdge, type TestEdge } from './edge.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
}

const edges: TestEdge[] = [];
afterEach(async () => {
  for (const edge of edges.splice(0)) await edge.close();
});

async function makeEdge(
  env: Record<string, string> = {},
): Promise<{ edge: TestEdge; run: (...argv: string[]) => Promise<Ran>; file: (name: string) => string }> {
  const edge = await createEdge({ env: { HEARSAY_ORIGIN: 'ledger.example', ...env } });
  edges.push(edge);
  const run = async (...argv: string[]): Promise<Ran> => {
    const { out, talk } = { ...edge.written };
    const code = await runCli(argv, edge);
    return { code, out: edge.written.out.slice(out.length), talk: edge.written.talk.slice(talk.length) };
  };
  return { edge, run, file: (name) => path.join(edge.config.dataDir, name) };
}

/** As another process sees it: the same database and data directory under other variables. */
function reconfigured(edge: TestEdge, signer: Partial<TestEdge['config']['signer']>): TestEdge {
  return { ...edge, config: { ...edge.config, signer: { ...edge.config.signer, ...signer } }, written: edge.written };
}

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

describe('ledger keygen and key', () => {
  it('makes a private key, prints the public side of it for every topic, and never overwrites', async () => {
    const { run, file } = await makeEdge();
    const made = await run('ledger', 'keygen', '--json');
    expect(made.code).toBe(0);
    const answer = JSON.parse(made.out) as { file: string; public_key_sha256: string; vkeys: Record<string, string> };
    expect(answer.file).toBe(file('signing-key'));
    const seed = (await readFile(answer.file, 'utf8')).trim();
    expect(seed).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(answer.file)).mode & 0o777).toBe(0o600);
    expect(made.out + made.talk).not.toContain(seed);
    expect(Object.keys(answer.vkeys)).toContain('ledger.example/semax');
    expect(parseVerifierKey(answer.vkeys['ledger.example/semax'] ?? '').name).toBe('ledger.example/semax');
    // Before anything is signed, the key that will.
    await run('counts', 'semax');
    expect((await run('ledger', 'key', 'semax')).out).toBe(`${answer.vkeys['ledger.example/semax']}\n`);

    const again = await run('ledger', 'keygen');
    expect([again.code, again.out]).toEqual([1, '']);
    expect(again.talk).toContain('(key_exists)');
    expect((await readFile(answer.file, 'utf8')).trim()).toBe(seed);
  });

  it('writes where it is told, for one log of another host', async () => {
    const { run, file } = await makeEdge();
    const made = await run('ledger', 'keygen', '--out', file('other-key'), '--origin', 'other.example:8443/oxytocin');
    expect(made.code).toBe(0);
    const [vkey, hash] = made.out.trimEnd().split('\n');
    expect(parseVerifierKey(vkey ?? '').name).toBe('other.example:8443/oxytocin');
    expect(hash).toMatch(/^sha-256 of the public key: [0-9a-f]{64}$/);
    expect(await isThere(file('signing-key'))).toBe(false);
    for (const bad of ['UPPER.example', 'https://x.example', 'x.example/a b', 'x.example/', '']) {
      expect(await run('ledger', 'keygen', '--out', file('k2'), '--origin', bad), bad).toMatchObject({ code: 2, out: '' });
    }
    expect(await isThere(file('k2'))).toBe(false);
  });
});

describe('signing by commands', () => {
  it('signs once by hand, shows what is signed, and exports what is signed, whole or in excerpts', async () => {
    const { run, file } = await makeEdge();
    expect((await run('counts', 'semax')).code).toBe(0);
    expect(await isThere(file('signing-key'))).toBe(false);
    const [before] = (await run('ledger', 'status', 'semax', '--json')).out.split('\n');
    expect(JSON.parse(before ?? '')).toEqual({ topic: 'semax', origin: 'ledger.example/semax', entries: 1, unsigned: 1 });
    const signed = await run('ledger', 'sign', 'semax', '--json');
    expect([signed.code, JSON.parse(signed.out)]).toEqual([0, { topic: 'semax', kind: 'signed', size: 1 }]);
    expect((await run('ledger', 'sign', '--all')).out).toMatch(/^semax +1 entries, signed before$/m);
    const vkey = (await run('ledger', 'key', 'semax')).out.trim();
    expect(JSON.parse((await run('ledger', 'status', 'semax', '--json')).out)).toMatchObject({
      unsigned: 0,
      own_size: 1,
      checkpoint: { size: 1, vkey, cosignatures: 0 },
    });
    expect((await run('ledger', 'status')).out).toContain('semax: 1 entries, 0 not signed yet');
    expect((await run('ledger', 'export', 'semax', '--out', file('whole'))).code).toBe(0);
    expect(await run('ledger', 'verify', file('whole'), '--key', vkey)).toMatchObject({
      code: 0,
      out: expect.stringContaining('authenticated by the key given'),
    });
    const excerpt = await run('ledger', 'export', 'semax', '--out', '-', '--entries', ' 0-0,0 ');
    expect([excerpt.code, excerpt.out.trimEnd().split('\n').length]).toEqual([0, 3]);
    expect(excerpt.talk).toContain('exported 1 entries');
    for (const bad of ['', 'x', '1-', '3-2', '0-99999999', '1;2'])
      expect(await run('ledger', 'export', 'semax', '--out', '-', '--entries', bad), bad).toMatchObject({ code: 2, out: '' });
    expect(await run('ledger', 'export', 'semax', '--out', '-', '--entries', '7')).toMatchObject({ code: 1, out: '' });
  });

  it('wants to know which, and knows which there are', async () => {
    const { run } = await makeEdge();
    await run('counts', 'semax');
    expect(await run('ledger', 'sign')).toMatchObject({ code: 2, talk: expect.stringContaining('bad_target') });
    expect(await run('ledger', 'sign', 'semax', '--all')).toMatchObject({ code: 2 });
    expect(await run('ledger', 'sign', 'semax', '--previous-key', 'nonsense')).toMatchObject({ code: 2, talk: expect.stringContaining('bad_key') });
    expect(await run('ledger', 'status', 'nothing')).toMatchObject({ code: 1, talk: expect.stringContaining('unknown_topic') });
    expect(await run('ledger', 'key', 'nothing')).toMatchObject({ code: 1, talk: expect.stringContaining('unknown_topic') });
  });

  it('signs at the end of a command that appends, and not of one that looks', async () => {
    const { run, file } = await makeEdge();
    const posts = file('posts.ndjson');
    await writeFile(posts, `${JSON.stringify({ id: 't3_a', platform: 'reddit', text: 'I took Semax for two weeks and my focus improved a lot.' })}\n`);
    expect((await run('import', posts, '--format', 'ndjson', '--topic', 'semax', '--dry-run')).code).toBe(0);
    expect((await run('ledger', 'export', 'semax', '--out', '-')).code).toBe(0);
    await rm(file('signer'), { recursive: true });
    await run('counts', 'semax');
    expect(await isThere(file('signer'))).toBe(false);
    expect((await run('import', posts, '--format', 'ndjson', '--topic', 'semax')).code).toBe(0);
    const { entries, unsigned, own_size } = JSON.parse((await run('ledger', 'status', 'semax', '--json')).out) as Record<string, number>;
    expect([entries, unsigned, own_size]).toEqual([entries, 0, entries]);
    expect(entries).toBeGreaterThan(1);
  });

  it('makes no key and signs nothing where HEARSAY_SIGNER is off; one that is there is used when asked to', async () => {
    const { edge, run, file } = await makeEdge({ HEARSAY_SIGNER: 'off' });
    const posts = file('posts.ndjson');
    await writeFile(posts, `${JSON.stringify({ id: 't3_a', platform: 'reddit', text: 'I took Semax for two weeks and my focus improved a lot.' })}\n`);
    expect((await run('import', posts, '--format', 'ndjson', '--topic', 'semax')).code).toBe(0);
    for (const argv of [
      ['ledger', 'export', 'semax', '--out', '-'],
      ['ledger', 'key', 'semax'],
    ]) {
      expect(await run(...argv), argv.join(' ')).toMatchObject({ code: 1, out: '', talk: expect.stringContaining('not_signed_yet') });
    }
    for (const argv of [['ledger', 'sign', '--all'], ['signer']]) {
      expect(await run(...argv), argv.join(' ')).toMatchObject({ code: 1, out: '', talk: expect.stringContaining('signing_key_missing') });
    }
    expect(await isThere(file('signing-key'))).toBe(false);
    expect(await isThere(file('signer'))).toBe(false);
    expect((await run('ledger', 'keygen')).code).toBe(0);
    expect((await run('ledger', 'sign', 'semax')).out).toMatch(/^semax +signed \d+ entries$/m);
    // `hearsay signer` on the same: signs what other processes append until it is stopped.
    const alone = runCli(['signer'], edge);
    await run('review', 'list', 'semax');
    edge.stop();
    expect(await alone).toBe(0);
  });

  it('exits with 1 and says why when a log is refused, and doctor and status say it too', async () => {
    const { edge, run, file } = await makeEdge();
    await run('counts', 'semax');
    await run('ledger', 'sign', '--all');
    const origin = 'ledger.example/semax';
    const note = path.join(file('signer'), `${noteFileName(origin)}.checkpoint`);
    const seed = Buffer.from((await readFile(file('signing-key'), 'utf8')).trim(), 'hex');
    const kept = await readFile(note, 'utf8');
    await writeFile(note, await signCheckpoint({ ...parseCheckpoint(kept), size: 9 }, seed));
    const refused = await run('ledger', 'sign', '--all');
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/^semax +REFUSED \(log_shrunk\): .*older state was restored/m);
    expect(refused.out).toMatch(/^bpc-157 +1 entries, signed before$/m);
    expect((await run('ledger', 'status', 'semax')).out).toMatch(/REFUSED +since .*\(log_shrunk\)/);
    const checks = (await run('doctor', '--json')).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string });
    expect(checks.filter(({ name }) => name === 'signer')).toEqual([
      {
        name: 'signer',
        ok: false,
        found: expect.stringMatching(/^semax is not signed since .*\(log_shrunk\)/),
        doThis: expect.stringContaining('When the signer refuses'),
      },
    ]);
    // The last checkpoint is the evidence: it can be exported all the same.
    const exported = await run('ledger', 'export', 'semax', '--out', '-');
    expect([exported.code, exported.talk]).toEqual([0, expect.stringContaining('(log_shrunk); exporting the last checkpoint')]);
    await writeFile(note, kept);
    expect((await run('ledger', 'sign', '--all')).code).toBe(0);
    expect((await readdir(file('signer'))).filter((name) => name.endsWith('.refused'))).toEqual([]);
    expect(edge.written.out + edge.written.talk).not.toContain(seed.toString('hex'));
  });

  it('changes the key when a person says so', async () => {
    const { run, file } = await makeEdge();
    await run('counts', 'semax');
    await run('ledger', 'sign', '--all');
    const old = (await run('ledger', 'key', 'semax')).out.trim();
    await rm(file('signing-key'));
    await run('ledger', 'keygen');
    expect((await run('ledger', 'sign', '--all')).out.match(/signer_key_changed/g)?.length).toBeGreaterThanOrEqual(2);
    expect(await run('ledger', 'sign', '--all', '--previous-key', old)).toMatchObject({ code: 0 });
    expect(await run('ledger', 'sign', '--all')).toMatchObject({ code: 0 });
  });

  it('refuses a directory it cannot use, and a database without tables, with what to do', async () => {
    const { edge, run, file } = await makeEdge();
    await mkdir(file('blocked'));
    await writeFile(file('blocked/signer'), '');
    await run('counts', 'semax');
    const blocked = reconfigured(edge, { dir: path.join(file('blocked'), 'signer') });
    expect(await runCli(['ledger', 'sign', 'semax'], blocked)).toBe(1);
    expect(edge.written.talk).toContain('signer_dir_unusable');
    const client = new pg.Client({ connectionString: edge.databaseUrl });
    await client.connect();
    await client.query('DROP SCHEMA hearsay CASCADE');
    await client.end();
    expect(await run('ledger', 'sign', '--all')).toMatchObject({ code: 1, talk: expect.stringContaining('(database_unprepared)') });
  });
});
