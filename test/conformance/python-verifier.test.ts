/**
 * docs/verify/verify.py and `hearsay ledger verify` share no code and must agree: on what holds, on what does not, and on the place. In
 * Python counts are not recomputed, which is the one thing that may differ.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatVerifierKey, parseCheckpoint, parseVerifierKey, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { verifyExportBytes } from '../../src/verify/verify-bytes.ts';
import { ORIGIN, SEED } from '../property/ledger-sample.ts';
import { findDifference, skipsPython, type Verdict, verifyChangesInPython, verifyInPython } from '../run-python.ts';
import { HOSTILE } from './python-verifier/hostile-entries.ts';
import { bytesOf, entries, excerpt, seal, verifyHere, whole } from './python-verifier/sample.ts';
import { commit, type Entry, sealExport } from './python-verifier/sealed-export.ts';

/** A closing line with one signature more: the bytes of the log's own, under the name and id of this key. */
function signAlsoAs(vkey: string, line: string): string {
  const closing = JSON.parse(line) as { checkpoint: string };
  const key = parseVerifierKey(vkey);
  const [, , own] = /\n\n(— (\S+) )([^\n]+)\n/.exec(closing.checkpoint)?.slice(1) ?? [];
  const bytes = Buffer.concat([Buffer.from(key.id), Buffer.from(own as string, 'base64').subarray(4)]);
  return `${JSON.stringify({ ...closing, checkpoint: `${closing.checkpoint}— ${key.name} ${bytes.toString('base64')}\n` })}\n`;
}

const script = path.resolve(import.meta.dirname, '../../docs/verify/verify.py');

describe.skipIf(skipsPython)('the Python verifier (skipped without Python 3.9, but not in CI)', () => {
  it('is one file of under 250 lines that imports nothing but the standard library', () => {
    const text = readFileSync(script, 'utf8');
    expect(text.split('\n').length - 1).toBeLessThan(250);
    const imports = [...text.matchAll(/^(?:import (.+)|from (\S+) import .+)$/gm)].flatMap((match) => (match[1] ?? match[2] ?? '').split(', '));
    expect(imports.toSorted()).toEqual(['argparse', 'base64', 'calendar', 'collections', 'functools', 'hashlib', 'json', 're', 'sys']);
  });

  it('accepts what is accepted here, with the key and checkpoint that were kept', async () => {
    const vkey = formatVerifierKey(await verifierKeyOf(ORIGIN, SEED));
    const stranger = formatVerifierKey(await verifierKeyOf(ORIGIN, new Uint8Array(32).fill(7)));
    const noteOf = (lines: readonly string[]): string => JSON.parse(lines.at(-1) as string).checkpoint;
    const kept = await Promise.all([0, 1, 7, 16].map(async (size) => noteOf(await sealExport(entries.slice(0, size), seal))));
    const rewritten = noteOf(await sealExport([...entries.slice(0, 6), ...entries.slice(7, 10)], seal));
    const elsewhere = noteOf(await sealExport(entries, { ...seal, origin: 'other.example/semax' }));
    const longer = noteOf(await sealExport([...entries, entries[0] as Entry], seal));
    const jobs = [
      ...[whole, excerpt].flatMap((lines) => [{ export: bytesOf(lines) }, { export: bytesOf(lines), key: vkey }, { export: bytesOf(lines), key: stranger }]),
      ...[...kept, rewritten, elsewhere, longer].flatMap((checkpoint) => [
        { export: bytesOf(whole), checkpoint },
        { export: bytesOf(excerpt), checkpoint },
      ]),
    ];
    const there = await verifyInPython(jobs);
    const oks: boolean[] = [];
    for (const [index, job] of jobs.entries()) {
      const key = 'key' in job && job.key ? { key: parseVerifierKey(job.key) } : {};
      const old = 'checkpoint' in job && job.checkpoint ? { oldCheckpoint: parseCheckpoint(job.checkpoint) } : {};
      const here = await verifyHere(job.export, { ...key, ...old });
      expect(findDifference(here, there[index] as Verdict), `job ${index}`).toBeUndefined();
      oks.push(here.ok);
    }
    // Without a key and with the right one; the checkpoints kept, of which an excerpt can only be compared with its own.
    expect(oks).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
      ...[true, false, true, false, true, false, true, true],
      ...[false, false, false, false, false, false],
    ]);
  });

  it("refuses a log under another log's key, though its signature was copied to a line with that key's name", async () => {
    const key = formatVerifierKey(await verifierKeyOf('ledger.example/selank', SEED));
    const copied = [whole, excerpt].map((lines) => bytesOf(lines.with(-1, signAlsoAs(key, lines.at(-1) as string))));
    for (const [index, there] of (await verifyInPython(copied.map((bytes) => ({ export: bytes, key })))).entries()) {
      const here = await verifyHere(copied[index] as Buffer, { key: parseVerifierKey(key) });
      expect([here, there]).toMatchObject([
        { ok: false, where: 'key', why: 'the key you trust is that of ledger.example/selank, not of ledger.example/semax' },
        { ok: false, where: 'key' },
      ]);
    }
    expect(await verifyInPython(copied.map((bytes) => ({ export: bytes })))).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it('reads no proof that is longer than that of any tree', async () => {
    const longer = (line: string, most: number): string => {
      const { proof, ...rest } = JSON.parse(line) as { proof: string[] };
      return `${JSON.stringify({ ...rest, proof: [...proof, ...Array<string>(most).fill('')].slice(0, most) })}\n`;
    };
    const exports = [63, 64].map((most) => bytesOf(excerpt.with(1, longer(excerpt[1] as string, most))));
    expect(await Promise.all(exports.map((bytes) => verifyHere(bytes)))).toMatchObject([
      { ok: false, where: 'seq 0' },
      { ok: false, where: 'line 2' },
    ]);
    expect(await verifyInPython(exports.map((bytes) => ({ export: bytes })))).toMatchObject([
      { ok: false, where: 'seq 0' },
      { ok: false, where: 'line 2' },
    ]);
  });

  it.each([
    ['an export', whole],
    ['an excerpt', excerpt],
  ])('refuses every changed byte of %s where it is refused here', async (_, lines) => {
    const bytes = bytesOf(lines);
    // Every seventh byte and, at the ends of a line, every one; each with another bit.
    const edges = lines.flatMap((line, index) => {
      const start = Buffer.byteLength(lines.slice(0, index).join(''));
      return [start, start + 1, start + Buffer.byteLength(line) - 2, start + Buffer.byteLength(line) - 1];
    });
    const places = [...new Set([...Array.from({ length: Math.floor(bytes.length / 7) }, (__, at) => at * 7), ...edges])];
    const changes = places.map((at) => [at, (bytes[at] as number) ^ (1 << (at % 8))] as const);
    const there = await verifyChangesInPython(bytes, changes);
    const blind = { counts: 0, cosignature: 0 };
    for (const [index, [at, byte]] of changes.entries()) {
      const changed = Buffer.from(bytes);
      changed[at] = byte;
      const here = await verifyHere(changed);
      expect(findDifference(here, there[index] as Verdict), `byte ${at} to ${byte}`).toBeUndefined();
      if (here.ok) blind.cosignature++;
      else if (there[index]?.ok) blind.counts++;
    }
    // A line by an unknown key is passed over, whatever it says: only who names the witness is told.
    const line = Buffer.byteLength(/\\n(— witness[^\\]+)/.exec(lines.at(-1) as string)?.[1] ?? '');
    expect(blind.cosignature).toBeGreaterThan(0);
    expect(blind.cosignature).toBeLessThanOrEqual(line / 7 + 1);
    const counts = JSON.parse(lines.at(-1) as string).counts ?? '';
    expect(blind.counts).toBeLessThanOrEqual(counts.length / 7 + 1);
  });

  it('refuses lines that are cut, doubled, moved or added where they are refused here', async () => {
    const variants = [whole, excerpt].flatMap((lines) =>
      lines.flatMap((line, at) => [
        { lines: lines.toSpliced(at, 1), isCut: true },
        { lines: lines.toSpliced(at, 0, line) },
        { lines: lines.toSpliced(at, 0, '\n') },
        { lines: lines.slice(0, at) },
        { lines: [...lines.slice(0, at), line.slice(0, -1)] },
        { lines: [...lines.slice(0, at), lines[at + 1] ?? '', line, ...lines.slice(at + 2), '\n'] },
      ]),
    );
    const there = await verifyInPython(variants.map(({ lines }) => ({ export: bytesOf(lines) })));
    for (const [index, { lines, ...variant }] of variants.entries()) {
      const here = await verifyHere(bytesOf(lines));
      expect(findDifference(here, there[index] as Verdict), `variant ${index}`).toBeUndefined();
      // An excerpt with an entry less is an excerpt.
      if (here.ok) expect([lines.length, 'isCut' in variant]).toEqual([excerpt.length - 1, true]);
    }
    expect(there.filter(({ ok }) => ok)).toHaveLength(excerpt.length - 2);
  });

  it('refuses a chain that begins after something, whole or as an excerpt, though it is hashed and signed so', async () => {
    const genesis = new Uint8Array(32).fill(1);
    const exports = [await sealExport(entries, { ...seal, genesis }), await sealExport(entries, { ...seal, genesis, excerpt: [0, 1, 2] })].map(bytesOf);
    const refused = { ok: false, where: 'seq 0' };
    expect(await Promise.all(exports.map((bytes) => verifyHere(bytes)))).toMatchObject([refused, refused]);
    expect(await verifyInPython(exports.map((bytes) => ({ export: bytes })))).toMatchObject([refused, refused]);
  });

  it('refuses bytes that are not UTF-8, also where a reader would see the same text', async () => {
    const [question] = entries.slice(-1) as [Entry];
    const lines = await sealExport([...entries.slice(0, -1), commit({ ...question, content: '{"text":"Does \uFFFD it keep?"}' })], seal);
    const bytes = bytesOf(lines);
    const at = bytes.indexOf('\uFFFD');
    expect(new TextDecoder().decode(bytes.with(at, 0xf0))).toBe(bytes.toString());
    const changed = Buffer.from(bytes.with(at, 0xf0));
    expect([await verifyHere(bytes), await verifyHere(changed)]).toMatchObject([{ ok: true }, { ok: false, where: 'line 17' }]);
    expect(await verifyInPython([{ export: bytes }, { export: changed }])).toMatchObject([{ ok: true }, { ok: false, where: 'line 17' }]);
    // The same on several cores.
    const inChunks = verifyExportBytes(ReadableStream.from([changed]), {}, { threads: 2, chunk: 512, small: 0 });
    expect(await inChunks).toMatchObject({ ok: false, where: 'line 17' });
  });

  it('agrees on entries that are wrong in themselves, sealed anew by whoever has the key', async () => {
    const variants = HOSTILE.map(({ name, change, where }) => ({ name, where, entries: change(entries).map(commit) }));
    const sealed = await Promise.all(variants.map(async (variant) => bytesOf(await sealExport(variant.entries, seal))));
    const there = await verifyInPython(sealed.map((bytes) => ({ export: bytes })));
    for (const [index, { name, where }] of variants.entries()) {
      const here = await verifyHere(sealed[index] as Buffer);
      expect(here.ok ? 'ok' : here.where, `${name}: ${here.ok || here.why}`).toBe(where);
      expect(findDifference(here, there[index] as Verdict), name).toBeUndefined();
    }
  });

  it('answers on the command line with 0, 4 and 2', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'hearsay-python-'));
    const file = path.join(folder, 'export.ndjson');
    const run = (...args: string[]): Promise<{ status: number; out: string }> =>
      new Promise((resolve) => {
        execFile('python3', [script, ...args], (error, out) => resolve({ status: error ? Number(error.code) : 0, out }));
      });
    try {
      await writeFile(file, bytesOf(whole));
      const vkey = formatVerifierKey(await verifierKeyOf(ORIGIN, SEED));
      const verified = await run(file, '--key', vkey);
      expect(verified).toMatchObject({ status: 0, out: expect.stringMatching(/^OK ledger\.example\/semax: 16 entries\n[\s\S]*not recomputed/) });
      expect(verified.out).toContain('authenticated by the key given');
      expect((await run(file)).out).toContain('not authenticated');
      await writeFile(file, bytesOf(whole.toSpliced(4, 1)));
      expect(await run(file)).toMatchObject({ status: 4, out: expect.stringMatching(/^FAILED at seq 3: /) });
      expect(await run(`${file}.absent`)).toMatchObject({ status: 2, out: '' });
      expect(await run(file, '--key', 'no key')).toMatchObject({ status: 2, out: '' });
      expect(await run()).toMatchObject({ status: 2, out: '' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
