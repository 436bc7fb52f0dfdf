import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  fingerprintOf,
  formatVerifierKey,
  isSignedBy,
  parseCheckpoint,
  parseVerifierKey,
  signCheckpoint,
  verifierKeyOf,
} from '../../../src/ledger/checkpoint.ts';

const seed = new Uint8Array(32).fill(3);
const head = { origin: 'ledger.example/semax', size: 5, root: createHash('sha256').update('root').digest() };

describe('a checkpoint', () => {
  it('is parsed back and verifies under its key, and no other', async () => {
    const note = await signCheckpoint(head, seed);
    const parsed = parseCheckpoint(note);
    expect(parsed).toMatchObject({ origin: head.origin, size: 5 });
    expect(Buffer.from(parsed.root)).toEqual(head.root);
    expect(await isSignedBy(parsed, await verifierKeyOf(head.origin, seed))).toBe(true);
    expect(await isSignedBy(parsed, await verifierKeyOf(head.origin, new Uint8Array(32).fill(4)))).toBe(false);
    expect(await isSignedBy(parsed, await verifierKeyOf('other.example/semax', seed))).toBe(false);
  });

  it('does not verify, or does not parse, with any byte changed', async () => {
    const key = await verifierKeyOf(head.origin, seed);
    const bytes = Buffer.from(await signCheckpoint(head, seed));
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] as number) ^ 1;
      const holds = await Promise.resolve()
        .then(() => isSignedBy(parseCheckpoint(changed.toString('utf8')), key))
        .catch((error: { code?: string }) => {
          expect(error.code).toBe('bad_checkpoint');
          return false;
        });
      expect(holds, `byte ${at}`).toBe(false);
    }
  });

  it('is refused in any form but one', async () => {
    const note = await signCheckpoint(head, seed);
    const [body, signatures] = note.split('\n\n') as [string, string];
    for (const bad of [
      '',
      body,
      note.trimEnd(),
      note.replace('\n5\n', '\n05\n'),
      note.replace('\n5\n', '\n-5\n'),
      note.replace('\n5\n', '\n5 \n'),
      `${body}\nextra\n\n${signatures}`,
      note.replace('— ', '- '),
      note.replace(/=\n\n/, '\n\n'),
    ]) {
      expect(() => parseCheckpoint(bad), JSON.stringify(bad.slice(0, 60))).toThrow(expect.objectContaining({ code: 'bad_checkpoint' }));
    }
  });
});

describe('a verifier key', () => {
  it('is read back, and refused when its parts do not belong together', async () => {
    const key = await verifierKeyOf(head.origin, seed);
    const text = formatVerifierKey(key);
    expect(parseVerifierKey(text)).toEqual(key);
    expect(fingerprintOf(key)).toMatch(/^[0-9a-f]{64}$/);
    for (const bad of [text.replace('ledger', 'Ledger'), text.slice(0, -1), text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), 'nonsense', '']) {
      expect(() => parseVerifierKey(bad)).toThrow(expect.objectContaining({ code: 'bad_key' }));
    }
  });
});
