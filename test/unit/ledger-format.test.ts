/** What docs/ledger-format.md says in literals beyond its three entries (docs.test.ts has these): proofs, cosignature, closed lists, paths. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/ledger/base64.ts';
import { addSignatureLines, isSignedBy, parseCheckpoint, parseVerifierKey, signCheckpoint } from '../../src/ledger/checkpoint.ts';
import { formatWitnessKey, parseWitnessKey, signCosignature, verifyCosignature, witnessVerifierKeyOf } from '../../src/ledger/cosignature.ts';
import { parseExcerptLine } from '../../src/ledger/export-format.ts';
import { leafHashOf, nodeHashOf } from '../../src/ledger/merkle.ts';
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts';
import { encodeEntryBundle, formatLogPath } from '../../src/ledger/tile.ts';
import { DIRECTIONS, DOCUMENT_TYPES, EVIDENCE_TIERS, FLAG_NAMES, PLATFORMS, SENTIMENTS, STUDY_DESIGNS } from '../../src/model/labels.ts';
import { NaiveTree } from '../property/naive-tree.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/ledger-format.md'), 'utf8');
const example = page.split('## One example, byte for byte')[1]?.split('## Checking')[0] ?? '';
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const literal = (pattern: RegExp): string => pattern.exec(example)?.[1] ?? '';

const entries = [...example.matchAll(/^entry ([0-9a-f]{64})$/gm)].map((match) => new Uint8Array(Buffer.from(match[1] as string, 'hex')));
const [leaf0, leaf1, leaf2] = entries.map(leafHashOf) as [Uint8Array, Uint8Array, Uint8Array];
const tree = new NaiveTree(entries);
const seed = Uint8Array.from({ length: 32 }, (_, index) => index);
const note = /```\n(hearsay\.example[\s\S]*?)```/.exec(page)?.[1] ?? '';

describe('the proofs of the worked example', () => {
  it('has the node it prints, and the root made of it', () => {
    const node = nodeHashOf(leaf0, leaf1);
    expect(literal(/^node {2}([0-9a-f]{64})$/m)).toBe(hex(node));
    expect(hex(nodeHashOf(node, leaf2))).toBe(hex(parseCheckpoint(note).root));
  });

  it('proves entry 1, in an excerpt line of the real form', async () => {
    const header = /^(\{"annotator".*"type":"source","v":1\})$/m.exec(example)?.[1] ?? '';
    const text = literal(/^(\{"entry".*"withheld":1\})$/m).replace('<the header of entry 1>', JSON.stringify(header).slice(1, -1));
    const line = parseExcerptLine(text);
    expect([line.entry, line.previous]).toEqual([hex(entries[1] as Uint8Array), hex(entries[0] as Uint8Array)]);
    expect(line.proof).toEqual([leaf0, leaf2].map(encodeBase64));
    expect(line.proof).toEqual((await proveInclusion(tree, { index: 1, size: 3 })).map(encodeBase64));
    const proof = line.proof.map((hash) => decodeBase64(hash) as Uint8Array);
    expect(() => verifyInclusion({ index: 1, size: 3, leaf: leaf1, root: parseCheckpoint(note).root, proof })).not.toThrow();
  });

  it('proves that size 3 begins with size 2, as an item of the history', async () => {
    const item = JSON.parse(literal(/^(\{"checkpoint":.*\})$/m)) as { checkpoint: string; proof: string[] };
    const past = parseCheckpoint(item.checkpoint);
    expect(item.checkpoint).toBe(await signCheckpoint({ origin: 'hearsay.example/semax', size: 2, root: nodeHashOf(leaf0, leaf1) }, seed));
    expect(await isSignedBy(past, parseVerifierKey(literal(/`(hearsay\.example\/semax\+[^`]+)`/)))).toBe(true);
    expect(item.proof).toEqual((await proveConsistency(tree, { from: 2, to: 3 })).map(encodeBase64));
    const proof = item.proof.map((hash) => decodeBase64(hash) as Uint8Array);
    const { size: to, root: toRoot } = parseCheckpoint(note);
    expect(() => verifyConsistency({ from: past.size, fromRoot: past.root, to, toRoot, proof })).not.toThrow();
    // "From size 1 the proof is the leaves of 1 and of 2."
    expect((await proveConsistency(tree, { from: 1, to: 3 })).map(hex)).toEqual([leaf1, leaf2].map(hex));
  });

  it('is cosigned by the witness it names', async () => {
    const witness = { name: 'witness.example/w', seed: new Uint8Array(32).fill(0x20) };
    const line = literal(/^(— witness.*)$/m);
    const checkpoint = parseCheckpoint(note);
    expect(line).toBe(await signCosignature(checkpoint.body, { ...witness, time: 1_772_450_000 }));
    const vkey = literal(/`(witness\.example\/w\+[^`]+)`/);
    expect(vkey).toBe(formatWitnessKey(await witnessVerifierKeyOf(witness)));
    expect(await verifyCosignature(parseCheckpoint(addSignatureLines(note, [line])), parseWitnessKey(vkey))).toBe(1_772_450_000);
  });

  it('names files of the log as they are served', () => {
    expect(page).toContain(`\`${formatLogPath({ kind: 'tile', level: 0, index: 0, width: 3 })}\``);
    expect(page).toContain(`1234067 is \`${formatLogPath({ kind: 'headers', index: 1_234_067, width: 256 }).replace('headers/', '')}\``);
    expect(hex(encodeEntryBundle([entries[0] as Uint8Array]))).toMatch(/^0020/);
  });
});

describe('the closed lists', () => {
  const rowOf = (key: string): string[] =>
    [...(new RegExp(`^\\| \`${key}\` \\| (.+) \\|$`, 'm').exec(page)?.[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
  it.each([
    ['platform', PLATFORMS],
    ['document_type', DOCUMENT_TYPES.filter((type) => type !== 'off_topic')],
    ['tier', EVIDENCE_TIERS],
    ['sentiment', SENTIMENTS],
    ['study_design', STUDY_DESIGNS],
    ['flags', FLAG_NAMES],
  ])('has every %s', (key, values) => {
    expect(rowOf(key)).toEqual([...values]);
  });
  it('has every direction', () => {
    expect(page).toContain(`\`direction\` ${DIRECTIONS.map((direction) => `\`${direction}\``).join(' / ')}`);
  });
});
