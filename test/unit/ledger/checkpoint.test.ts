import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  addSignatureLines,
  fingerprintOf,
  formatVerifierKey,
  isSignedBy,
  nameKey,
  originOf,
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
      note.replace('\n5\n', '\n9007199254740992\n'),
      note.replace('semax\n', 'semax\u0001\n'),
      note.replace('semax\n', 'semax\r\n'),
      `${body}\nextra\n\n${signatures}`,
      note.replace('— ', '- '),
      note.replace(/=\n\n/, '\n\n'),
    ]) {
      expect(() => parseCheckpoint(bad), JSON.stringify(bad.slice(0, 60))).toThrow(expect.objectContaining({ code: 'bad_checkpoint' }));
    }
  });
});

describe('a note with several signatures', () => {
  const line = (name: string, bytes: number) => `— ${name} ${Buffer.alloc(bytes, 7).toString('base64')}`;

  it('keeps the log’s own signature and the lines of witnesses, in order, whatever their length', async () => {
    const note = await signCheckpoint(head, seed);
    const lines = Array.from({ length: 15 }, (_, at) => line(`witness.example/${at}`, at === 0 ? 5_000 : 76));
    const cosigned = addSignatureLines(note, lines);
    expect(cosigned).toBe(`${note}${lines.join('\n')}\n`);
    const parsed = parseCheckpoint(cosigned);
    expect(parsed.signatures.map(({ name }) => name)).toEqual([head.origin, ...lines.map((_, at) => `witness.example/${at}`)]);
    expect(parsed.body).toBe(parseCheckpoint(note).body);
    expect(await isSignedBy(parsed, await verifierKeyOf(head.origin, seed))).toBe(true);
    expect(addSignatureLines(note, [])).toBe(note);
  });

  it('takes signatures of both keys of a rotation, and none that names a key and does not hold', async () => {
    const [first, second] = await Promise.all([seed, new Uint8Array(32).fill(4)].map((of) => signCheckpoint(head, of)));
    const [, lineOfSecond] = (second as string).split('\n\n') as [string, string];
    const both = parseCheckpoint(addSignatureLines(first as string, [lineOfSecond.trimEnd()]));
    for (const of of [seed, new Uint8Array(32).fill(4)]) expect(await isSignedBy(both, await verifierKeyOf(head.origin, of))).toBe(true);
    // c2sp.org/signed-note: of a known key every signature must verify, also beside one that does.
    const key = await verifierKeyOf(head.origin, seed);
    const broken = `— ${head.origin} ${Buffer.concat([key.id, Buffer.alloc(64, 1)]).toString('base64')}`;
    expect(await isSignedBy(parseCheckpoint(addSignatureLines(first as string, [broken])), key)).toBe(false);
  });

  it('is bounded, and refuses lines that would break out of their place', async () => {
    const note = await signCheckpoint(head, seed);
    expect(parseCheckpoint(addSignatureLines(note, Array(63).fill(line('w.example', 76)))).signatures).toHaveLength(64);
    // A key id and one byte of signature.
    expect(parseCheckpoint(addSignatureLines(note, [line('w.example', 5)])).signatures[1]?.signature).toHaveLength(1);
    // 512 KiB in all: what is left for the name.
    const most = 512 * 1024 - note.length - line('', 76).length - 1;
    expect(addSignatureLines(note, [line('w'.repeat(most), 76)])).toHaveLength(512 * 1024);
    expect(() => addSignatureLines(note, [line('w'.repeat(most + 1), 76)])).toThrow(expect.objectContaining({ code: 'bad_checkpoint' }));
    for (const bad of [
      Array(64).fill(line('w.example', 76)),
      [line('w.example', 500_000)],
      ['', line('w.example', 76)],
      [`${line('w.example', 76)}\n`],
      [line('w example', 76)],
      [line('w+example', 76)],
      [line('w\u00a0example', 76)],
      [line('w\u0007example', 76)],
      [line('', 76)],
      [line('w.example', 4)],
      [`${line('w.example', 76)} `],
    ]) {
      expect(() => addSignatureLines(note, bad), JSON.stringify(bad).slice(0, 60)).toThrow(expect.objectContaining({ code: 'bad_checkpoint' }));
    }
  });
});

describe('a signature', () => {
  const note = `${head.origin}\n5\n${head.root.toString('base64')}\n\n`;
  const signedWith = (id: Uint8Array, signature: Uint8Array) =>
    parseCheckpoint(`${note}— ${head.origin} ${Buffer.concat([id, signature]).toString('base64')}\n`);

  it('of a point of small order, which fits every note, is none', async () => {
    // The neutral element as key and as R, and S = 0: 0 B = R + k A for every k.
    const neutral = Buffer.concat([Buffer.of(1), Buffer.alloc(31)]);
    const key = nameKey(head.origin, neutral);
    expect(await isSignedBy(signedWith(key.id, Buffer.concat([neutral, Buffer.alloc(32)])), key)).toBe(false);
  });

  it('of another length is none', async () => {
    const key = await verifierKeyOf(head.origin, seed);
    const right = parseCheckpoint(await signCheckpoint(head, seed)).signatures[0]?.signature as Uint8Array;
    expect(await isSignedBy(signedWith(key.id, right), key)).toBe(true);
    for (const signature of [right.slice(0, 63), Buffer.concat([right, Buffer.of(0)])])
      expect(await isSignedBy(signedWith(key.id, signature), key)).toBe(false);
  });
});

describe('signing', () => {
  it('refuses what would not be one origin, one size, one root', async () => {
    for (const bad of [
      { ...head, origin: '' },
      { ...head, origin: 'ledger.example/a\n7' },
      { ...head, origin: 'ledger.example/a b' },
      { ...head, origin: 'ledger.example/a+b' },
      { ...head, origin: 'ledger.example/\ud800' },
      { ...head, size: -1 },
      { ...head, size: 1.5 },
      { ...head, size: 2 ** 53 },
      { ...head, root: head.root.subarray(1) },
    ]) {
      await expect(signCheckpoint(bad, seed), JSON.stringify(bad).slice(0, 60)).rejects.toMatchObject({ code: 'bad_checkpoint' });
    }
  });
});

describe('a verifier key', () => {
  it('has the name of its log: host and topic', () => {
    expect(originOf('ledger.example', 'semax')).toBe(head.origin);
  });

  it('has another id under every name', async () => {
    const { publicKey } = await verifierKeyOf(head.origin, seed);
    expect(nameKey(head.origin, publicKey)).toEqual(await verifierKeyOf(head.origin, seed));
    expect(nameKey('other.example/semax', publicKey).id).not.toEqual(nameKey(head.origin, publicKey).id);
  });

  it('is read back, and refused when its parts do not belong together', async () => {
    const key = await verifierKeyOf(head.origin, seed);
    const text = formatVerifierKey(key);
    expect(parseVerifierKey(text)).toEqual(key);
    expect(fingerprintOf(key)).toMatch(/^[0-9a-f]{64}$/);
    const witness = Buffer.concat([Buffer.of(4), key.publicKey]).toString('base64');
    for (const bad of [
      text.replace('ledger', 'Ledger'),
      text.slice(0, -1),
      text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
      `x+${text}`,
      ` ${text}`,
      `${text}\n`,
      `${text} x`,
      // Right but for a name that no note could carry, and for the type of a witness's key.
      formatVerifierKey(nameKey('ledger.example/a b', key.publicKey)),
      `${head.origin}+${Buffer.from(key.id).toString('hex')}+${witness}`,
      'nonsense',
      '',
    ]) {
      expect(() => parseVerifierKey(bad), bad).toThrow(expect.objectContaining({ code: 'bad_key' }));
    }
  });
});
