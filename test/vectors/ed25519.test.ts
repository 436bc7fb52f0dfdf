/**
 * 914 signatures in the corners of Ed25519 (C2SP CCTV, https://words.filippo.io/dispatches/ed25519vectors/), through the one
 * implementation checkpoints are checked with, as checkpoint.ts uses it, and through the Python verifier's own. Implementations differ
 * on these; docs/ledger-format.md ("Checkpoint") says how they are decided here, and this pins it.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isSignedBy, nameKey } from '../../src/ledger/checkpoint.ts';
import { skipsPython, verifySignaturesInPython } from '../run-python.ts';
import { sharedPath } from './shared.ts';

interface Case {
  readonly number: number;
  readonly key: string;
  readonly sig: string;
  readonly msg: string;
  readonly flags: readonly string[] | null;
}

const file = sharedPath('vectors/ed25519/ed25519vectors.json');
const cases: readonly Case[] = file ? JSON.parse(readFileSync(file, 'utf8')) : [];

/** What a vector may be and still be accepted. Never: a key of small order, or a point not in its canonical encoding. */
const ACCEPTED: Readonly<Record<string, number>> = {
  '': 1,
  low_order_R: 1,
  low_order_component_A: 7,
  'low_order_component_A low_order_residue': 7,
  'low_order_component_R low_order_residue': 7,
  'low_order_R low_order_component_A': 7,
  'low_order_R low_order_component_A low_order_residue': 7,
  'low_order_R low_order_component_R low_order_residue': 7,
  'low_order_component_R low_order_component_A': 35,
  'low_order_R low_order_component_R low_order_component_A': 35,
  'low_order_component_R low_order_component_A low_order_residue': 49,
  'low_order_R low_order_component_R low_order_component_A low_order_residue': 49,
};

async function isAccepted({ key, sig, msg }: Case): Promise<boolean> {
  const verifierKey = nameKey('vectors.example', Buffer.from(key, 'hex'));
  const signatures = [{ name: verifierKey.name, keyId: verifierKey.id, signature: Buffer.from(sig, 'hex') }];
  return isSignedBy({ origin: 'vectors.example', size: 0, root: new Uint8Array(32), body: msg, signatures }, verifierKey);
}

const accepted = await Promise.all(cases.map(isAccepted));

describe.skipIf(!file)('Ed25519 edge cases (skipped where ../shared is absent)', () => {
  it('accepts 212 of 914, by their flags', () => {
    const tally = (keep: (index: number) => boolean): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const [index, { flags }] of cases.entries()) {
        const name = (flags ?? []).join(' ');
        if (keep(index)) counts[name] = (counts[name] ?? 0) + 1;
      }
      return counts;
    };
    expect({ cases: cases.length, accepted: accepted.filter(Boolean).length }).toEqual({ cases: 914, accepted: 212 });
    expect(tally((index) => accepted[index] as boolean)).toEqual(ACCEPTED);
    // A flag set is accepted as a whole or not at all: no vector is decided by anything the flags do not say.
    const refused = tally((index) => !accepted[index]);
    expect(Object.keys(refused).filter((flags) => flags in ACCEPTED)).toEqual([]);
    expect(Object.keys(refused).filter((flags) => !/low_order_A|non_canonical_[AR]/.test(flags))).toEqual([]);
  });

  it.skipIf(skipsPython)('is decided the same in Python, 914 of 914', async () => {
    const hex = (text: string): string => Buffer.from(text).toString('hex');
    const inPython = await verifySignaturesInPython(cases.map(({ key, msg, sig }) => [key, hex(msg), sig] as const));
    expect(inPython).toHaveLength(914);
    expect(cases.filter((_, index) => inPython[index] !== accepted[index]).map(({ number }) => number)).toEqual([]);
  });
});
