import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { isSignedBy, parseCheckpoint, parseVerifierKey, signCheckpoint, verifierKeyOf, formatVerifierKey } from '../../src/ledger/checkpoint.ts';
import { commitmentOf, GENESIS } from '../../src/ledger/chain.ts';
import { leafHashOf, EMPTY_FRONTIER, rootOf, encodeFrontier, decodeFrontier } from '../../src/ledger/merkle.ts';
import { ContentBinder } from '../../src/ledger/bind-content.ts';
import { type EntryDraft, Sealer } from '../../src/ledger/seal.ts';
import { sharedPath } from './shared.ts';

interface Example {
  entries: { seq: number; header: string; prev: string; entry: string; leaf: string; salt?: string; content?: string; commitment?: string }[];
  roots_by_size: string[];
  vkey: string;
  private_seed_test_only: string;
  checkpoint: string;
}

const file = sharedPath('vectors/hearsay/example.json');
const utf8 = new TextDecoder();

/** Undoes sealing: the draft a sealer would have been given. */
function draftOf(entry: Example['entries'][number]): EntryDraft {
  const { v: _v, topic: _topic, seq: _seq, day: _day, commitment: _commitment, ...header } = JSON.parse(entry.header);
  return { key: new Uint8Array(), header, ...(entry.content ? { content: JSON.parse(entry.content) } : {}) };
}

describe.skipIf(!file)('worked example of the ledger format (skipped where ../shared is absent)', () => {
  const example: Example = file ? JSON.parse(readFileSync(file, 'utf8')) : { entries: [] };

  it('is reproduced byte for byte by the sealer', () => {
    const salts = example.entries.flatMap((entry) => (entry.salt ? [hexToBytes(entry.salt)] : []));
    const sealer = new Sealer({ topic: 'semax', entry: GENESIS, frontier: EMPTY_FRONTIER }, '2026-01-02', new ContentBinder(() => salts.shift() as Uint8Array));
    for (const entry of example.entries) {
      const sealed = sealer.add(draftOf(entry));
      expect(utf8.decode(sealed.header)).toBe(entry.header);
      expect(bytesToHex(sealed.entry)).toBe(entry.entry);
      expect(bytesToHex(leafHashOf(sealed.entry))).toBe(entry.leaf);
      if (entry.content) {
        expect(utf8.decode(sealed.content as Uint8Array)).toBe(entry.content);
        expect(bytesToHex(commitmentOf(sealed.salt as Uint8Array, sealed.content as Uint8Array))).toBe(entry.commitment);
      }
      expect(bytesToHex(rootOf(sealer.head.frontier))).toBe(example.roots_by_size[entry.seq]);
      const { size } = sealer.head.frontier;
      expect(decodeFrontier(size, encodeFrontier(sealer.head.frontier))).toEqual(sealer.head.frontier);
    }
  });

  it('signs the same checkpoint and verifies it', async () => {
    const seed = hexToBytes(example.private_seed_test_only);
    const root = hexToBytes(example.roots_by_size.at(-1) as string);
    const note = await signCheckpoint({ origin: 'ledger.example/semax', size: 8, root }, seed);
    expect(note).toBe(example.checkpoint);
    expect(formatVerifierKey(await verifierKeyOf('ledger.example/semax', seed))).toBe(example.vkey);
    expect(await isSignedBy(parseCheckpoint(note), parseVerifierKey(example.vkey))).toBe(true);
  });
});
