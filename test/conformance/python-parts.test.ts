/**
 * The parts of docs/verify/verify.py that whole exports exercise too little: what the last line says of earlier checkpoints, names, the
 * closed lists, the window of texts, proofs of every shape. It must agree with `hearsay ledger verify` in each.
 */
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/ledger/canonical.ts';
import { formatVerifierKey, parseCheckpoint, type VerifierKey, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { DOCUMENT_TYPES, EVIDENCE_TIERS, FLAG_NAMES, PLATFORMS, SENTIMENTS, STUDY_DESIGNS } from '../../src/model/labels.ts';
import { ORIGIN, SEED } from '../property/ledger-sample.ts';
import { NaiveTree } from '../property/naive-tree.ts';
import { findDifference, type ProofJob, skipsPython, type Verdict, verifyInPython, verifyProofsInPython } from '../run-python.ts';
import { bytesOf, entries, seal, verifyHere, whole } from './python-verifier/sample.ts';
import { commit, type Entry, sealExport } from './python-verifier/sealed-export.ts';

interface Past {
  readonly checkpoint: string;
  readonly proof: readonly string[];
}
interface Closing extends Pick<Past, 'checkpoint'> {
  readonly history: readonly Past[];
}

describe.skipIf(skipsPython)('parts of the Python verifier (skipped without Python 3.9, but not in CI)', () => {
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
});
