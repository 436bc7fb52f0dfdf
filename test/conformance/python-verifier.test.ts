/**
 * docs/verify/verify.py and `hearsay ledger verify` share no code and must agree: on what holds, on what does not, and on the place. In
 * Python counts are not recomputed, which is the one thing that may differ.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/ledger/canonical.ts';
import { formatVerifierKey, parseCheckpoint, parseVerifierKey, type VerifierKey, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { readExportLines } from '../../src/ledger/read-export-lines.ts';
import { type Failed, type Verified, verifyExport, type VerifyOptions } from '../../src/ledger/verify.ts';
import { DOCUMENT_TYPES, EVIDENCE_TIERS, FLAG_NAMES, PLATFORMS, SENTIMENTS, STUDY_DESIGNS } from '../../src/model/labels.ts';
import { verifyExportBytes } from '../../src/verify/verify-bytes.ts';
import { ORIGIN, SEED, sampleExport } from '../property/ledger-sample.ts';
import { NaiveTree } from '../property/naive-tree.ts';
import { findDifference, type ProofJob, skipsPython, type Verdict, verifyChangesInPython, verifyInPython, verifyProofsInPython } from '../run-python.ts';
import { commit, type Entry, sealExport } from './python-verifier/sealed-export.ts';
import { HOSTILE } from './python-verifier/hostile-entries.ts';

interface Past {
  readonly checkpoint: string;
  readonly proof: readonly string[];
}
interface Closing extends Pick<Past, 'checkpoint'> {
  readonly history: readonly Past[];
}

const script = path.resolve(import.meta.dirname, '../../docs/verify/verify.py');
const seal = { origin: ORIGIN, topic: 'semax', seed: SEED };
const witness = { name: 'witness.example/w', seed: new Uint8Array(32).fill(9) };

/** The sample's entries as an export has them. */
const entries: readonly Entry[] = (await sampleExport()).slice(1, -1).map((line) => {
  const { entry: _entry, ...rest } = JSON.parse(line) as Entry & { entry: string };
  return rest;
});
const whole = await sealExport(entries, { ...seal, history: [1, 4, 11, 15], witness });
const excerpt = await sealExport(entries, { ...seal, excerpt: [0, 1, 2, 3, 8, 15], witness });
const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.join(''));

function verifyHere(bytes: Uint8Array, options: VerifyOptions = {}): Promise<Verified | Failed> {
  return verifyExport(readExportLines([bytes]), options);
}

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

  it('agrees on what the last line says of earlier checkpoints', async () => {
    const closing = JSON.parse(whole.at(-1) as string) as Closing;
    const [one, four, eleven, fifteen] = closing.history as [Past, Past, Past, Past];
    const stranger = JSON.parse((await sealExport(entries, { ...seal, seed: new Uint8Array(32).fill(7), history: [4] })).at(-1) as string) as Closing;
    const [byStranger] = stranger.history as [Past];
    const itself = { checkpoint: closing.checkpoint, proof: [] };
    const histories: readonly (readonly [string, readonly Past[], string])[] = [
      ['all of them', [one, four, eleven, fifteen], 'ok'],
      ['one of them', [eleven], 'ok'],
      ['none of them', [], 'line 18'],
      ['more than 32', Array.from({ length: 33 }, () => one), 'line 18'],
      ['twice the same', [four, four], 'checkpoint'],
      ['newest first', [eleven, four], 'checkpoint'],
      ['the checkpoint itself', [itself], 'checkpoint'],
      ['one by somebody else', [byStranger], 'checkpoint'],
      ['without its proof', [{ ...four, proof: [] }], 'checkpoint'],
      ['with the proof of another', [{ ...four, proof: eleven.proof }], 'checkpoint'],
      ['with a step too many', [{ ...four, proof: [...four.proof, ...four.proof.slice(-1)] }], 'checkpoint'],
      ['with a step too few', [{ ...eleven, proof: eleven.proof.slice(0, -1) }], 'checkpoint'],
      ['with half a hash', [{ ...four, proof: [(four.proof[0] as string).slice(0, 24), ...four.proof.slice(1)] }], 'checkpoint'],
    ];
    const variants = histories.map(([, history]) => bytesOf([...whole.slice(0, -1), `${canonicalText({ ...closing, history } as never)}\n`]));
    const there = await verifyInPython(variants.map((bytes) => ({ export: bytes })));
    for (const [index, [name, , where]] of histories.entries()) {
      const here = await verifyHere(variants[index] as Buffer);
      expect(here.ok ? 'ok' : here.where, name).toBe(where);
      expect(findDifference(here, there[index] as Verdict), name).toBeUndefined();
    }
  });

  it('agrees on names: of the log, its key, and earlier notes', async () => {
    const closing = JSON.parse(whole.at(-1) as string) as Closing;
    const opening = JSON.parse(whole[0] as string) as { vkey: string };
    const own = await verifierKeyOf(ORIGIN, SEED);
    const other = await verifierKeyOf('other.example/semax', SEED);
    // A signature is over the text and not over the name in its line, so the same key can sign under any name.
    const rename = (note: string, key: VerifierKey): string => {
      const { body, signatures } = parseCheckpoint(note);
      return `${body}\n— ${key.name} ${Buffer.concat([key.id, signatures[0]?.signature as Uint8Array]).toString('base64')}\n`;
    };
    const [elsewhere] = (JSON.parse((await sealExport(entries, { ...seal, origin: other.name, history: [4] })).at(-1) as string) as Closing).history as [Past];
    const pair = [
      [opening, { ...closing, history: [{ ...elsewhere, checkpoint: rename(elsewhere.checkpoint, own) }] }, 'checkpoint'],
      [{ ...opening, vkey: formatVerifierKey(other) }, { ...closing, checkpoint: rename(closing.checkpoint, other) }, 'key'],
      [{ ...opening, vkey: `${opening.vkey.slice(0, -1)}A` }, closing, 'key'],
      [{ ...opening, origin: other.name }, closing, 'checkpoint'],
      [{ ...opening, topic: 'selank' }, closing, 'seq 0'],
    ] as const;
    const line = (value: object): string => `${canonicalText(value as never)}\n`;
    const variants = pair.map(([first, last]) => bytesOf([line(first), ...whole.slice(1, -1), line(last)]));
    const there = await verifyInPython(variants.map((bytes) => ({ export: bytes })));
    for (const [index, [, , where]] of pair.entries()) {
      const here = await verifyHere(variants[index] as Buffer);
      expect(here.ok ? 'ok' : here.where, `variant ${index}`).toBe(where);
      expect(findDifference(here, there[index] as Verdict), `variant ${index}`).toBeUndefined();
    }
  });

  it('looks quotes up in the newest 1,000 texts', async () => {
    const source = JSON.parse((entries[1] as Entry).header) as Record<string, unknown>;
    const claim = JSON.parse((entries[2] as Entry).header) as Record<string, unknown>;
    const last = 1_001;
    const chain = (of: number): Entry[] => {
      const sources = Array.from({ length: last }, (_, at): Entry => {
        const header = { ...source, seq: at + 1, number: at + 1, thread: at + 1, experience: at + 1 };
        return { ...(entries[1] as Entry), header: canonicalText(header as never) };
      });
      const wrong = canonicalText({ ...(JSON.parse((entries[2] as Entry).content as string) as object), end: 2 } as never);
      const quoting = commit({ ...(entries[2] as Entry), header: canonicalText({ ...claim, seq: last + 1, source: of } as never), content: wrong });
      return [entries[0] as Entry, ...sources, quoting];
    };
    const variants = await Promise.all([1, 2].map(async (of) => bytesOf(await sealExport(chain(of), seal))));
    const there = await verifyInPython(variants.map((bytes) => ({ export: bytes })));
    const here = await Promise.all(variants.map((bytes) => verifyHere(bytes)));
    expect(here).toMatchObject([
      { ok: true, quotes: { checked: 0, unchecked: 1 } },
      { ok: false, where: `seq ${last + 1}` },
    ]);
    expect(here.map((verdict, index) => findDifference(verdict, there[index] as Verdict))).toEqual([undefined, undefined]);
  });

  it('verifies every proof of every tree up to 40 entries, and none of them with a changed byte', async () => {
    const whatever = NaiveTree.of(40);
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
    const proofs = Array.from({ length: 40 }, (_, at) => at + 1).flatMap((size): ProofJob[] => {
      const root = base64(whatever.root(0, size));
      const inclusions = Array.from({ length: size }, (_, index) => {
        const leaf = base64(whatever.root(index, index + 1));
        return { size, root, index, leaf, proof: whatever.path(index, 0, size).map(base64) };
      });
      const consistencies = Array.from({ length: size - 1 }, (_, at) => {
        const from = at + 1;
        return { size, root, from, old: base64(whatever.root(0, from)), proof: whatever.subproof(from, { start: 0, end: size }).map(base64) };
      });
      return [...inclusions, ...consistencies];
    });
    const damaged = proofs.flatMap((job, at): ProofJob[] => {
      const step = at % Math.max(1, job.proof.length);
      const hash = Buffer.from(job.proof[step] ?? '', 'base64');
      if (hash.length === 0) return [{ ...job, proof: [job.root] }];
      hash[at % 32] = (hash[at % 32] as number) ^ (1 << (at % 8));
      return [
        { ...job, proof: job.proof.with(step, base64(hash)) },
        { ...job, proof: job.proof.toSpliced(step, 1) },
        { ...job, proof: [...job.proof, job.root] },
      ];
    });
    const answers = await verifyProofsInPython([...proofs, ...damaged]);
    expect(answers.slice(0, proofs.length).filter((holds) => !holds)).toEqual([]);
    expect(answers.slice(proofs.length).filter((holds) => holds)).toEqual([]);
    expect(proofs).toHaveLength(820 + 780);
  });

  it('knows every word of the closed lists', async () => {
    const source = JSON.parse((entries[1] as Entry).header) as Record<string, unknown>;
    const values = [
      ...DOCUMENT_TYPES.filter((type) => type !== 'off_topic').map((value) => ({ document_type: value })),
      ...EVIDENCE_TIERS.map((value) => ({ tier: value })),
      ...SENTIMENTS.map((value) => ({ sentiment: value })),
      ...STUDY_DESIGNS.map((value) => ({ study_design: value })),
      ...PLATFORMS.map((value) => ({ platform: value })),
      ...FLAG_NAMES.map((value) => ({ flags: [value] })),
    ];
    const sources = values.map((value, index): Entry => {
      const header = { ...source, seq: 1 + index, number: 1 + index, thread: 1 + index, experience: 1 + index, ...value };
      return { header: canonicalText(header as never), withheld: 1 };
    });
    const bytes = bytesOf(await sealExport([entries[0] as Entry, ...sources], seal));
    expect(await verifyHere(bytes)).toMatchObject({ ok: true, withheld: values.length });
    expect(await verifyInPython([{ export: bytes }])).toMatchObject([{ ok: true, withheld: values.length }]);
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
