import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSignatureLines, formatVerifierKey, parseCheckpoint, signCheckpoint, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { formatWitnessKey, parseWitnessKey, signCosignature, verifyCosignature, witnessVerifierKeyOf } from '../../../src/ledger/cosignature.ts';

const WITNESS = { name: 'witness.example/w1', seed: new Uint8Array(32).fill(5) };
const TIME = 1_772_600_767;
const note = await signCheckpoint({ origin: 'ledger.example/semax', size: 5, root: new Uint8Array(32).fill(8) }, new Uint8Array(32).fill(3));
const { body } = parseCheckpoint(note);
const line = await signCosignature(body, { ...WITNESS, time: TIME });
const key = await witnessVerifierKeyOf(WITNESS);

describe('a cosignature of a public witness (navigli, of Geomys) on a checkpoint of a public log (a Certificate Transparency log of Google, 2026)', () => {
  const published = [
    'coachandhorses2026h1.staging.certificate.transparency.goog',
    '185550722',
    'YXAM0VmnrfvLaBCOOYSJhCaE5F10oGBOo+hkbDa1kng=',
    '',
    // The log's own line is of a type that is not read here.
    '— coachandhorses2026h1.staging.certificate.transparency.goog MpXgsHy8ZwxXnO+WjtVrPxAzL49Rs1gWTkNVNeEa//5peAzaocRCB3qt3EaibjzY5GILLtGgBP7dBhgcSHy+JQh0OAc=',
    '— witness.navigli.sunlight.geomys.org o+AP4gAAAABqb7DzNrGFRJnQ9vrJ8xpnwZytnr/ZYczDIsvwvouiSjwOjn7a72ccxBk+lKnZ7dKqkYKER1s/KxLTaVwQD7lJZTC/CQ==',
    '',
  ].join('\n');
  const vkey = 'witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G';

  it('holds under the key the witness publishes, at its time', async () => {
    expect(await verifyCosignature(parseCheckpoint(published), parseWitnessKey(vkey))).toBe(1_785_704_691);
    expect(formatWitnessKey(parseWitnessKey(vkey))).toBe(vkey);
  });
  it('does not hold for another size', async () => {
    expect(await verifyCosignature(parseCheckpoint(published.replace('\n185550722\n', '\n185550723\n')), parseWitnessKey(vkey))).toBeUndefined();
  });
});

describe('signCosignature', () => {
  it('makes a line that verifies under its key and at its time, and under no other', async () => {
    const cosigned = parseCheckpoint(addSignatureLines(note, [line]));
    expect(await verifyCosignature(cosigned, key)).toBe(TIME);
    expect(await verifyCosignature(cosigned, await witnessVerifierKeyOf({ ...WITNESS, seed: new Uint8Array(32).fill(6) }))).toBeUndefined();
    expect(await verifyCosignature(cosigned, await witnessVerifierKeyOf({ ...WITNESS, name: 'witness.example/w2' }))).toBeUndefined();
    expect(await verifyCosignature(parseCheckpoint(note), key)).toBeUndefined();
  });

  it('signs what the specification says: OpenSSL makes the same bytes of it', () => {
    const [, name, base64] = line.split(' ') as [string, string, string];
    const bytes = Buffer.from(base64, 'base64');
    expect([name, bytes.length, bytes.subarray(0, 4).toString('hex')]).toEqual([WITNESS.name, 4 + 8 + 64, Buffer.from(key.id).toString('hex')]);
    expect(bytes.readBigUInt64BE(4)).toBe(BigInt(TIME));
    const message = Buffer.from(`cosignature/v1\ntime ${TIME}\n${body}`);
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), WITNESS.seed]);
    const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    expect(bytes.subarray(12)).toEqual(sign(null, message, privateKey));
    expect(verify(null, message, createPublicKey(privateKey), bytes.subarray(12))).toBe(true);
  });

  it('signs from the first second on, and refuses a time that is none', async () => {
    const first = await signCosignature(body, { ...WITNESS, time: 0 });
    expect(await verifyCosignature(parseCheckpoint(addSignatureLines(note, [first])), key)).toBe(0);
    for (const time of [-1, 0.5, Number.NaN, 2 ** 53]) await expect(signCosignature(body, { ...WITNESS, time })).rejects.toThrow(RangeError);
  });
});

describe('verifyCosignature', () => {
  it('refuses the cosignature with any byte of it changed', async () => {
    const bytes = Buffer.from(line.split(' ')[2] as string, 'base64');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = Buffer.from(bytes);
        changed[at] = (bytes[at] as number) ^ mask;
        const cosigned = parseCheckpoint(addSignatureLines(note, [`— ${WITNESS.name} ${changed.toString('base64')}`]));
        expect(await verifyCosignature(cosigned, key)).toBeUndefined();
      }),
    );
  });

  it('refuses every byte of the checkpoint changed', async () => {
    const { signatures } = parseCheckpoint(addSignatureLines(note, [line]));
    for (let at = 0; at < body.length; at++) {
      const changed = `${body.slice(0, at)}${String.fromCharCode(body.charCodeAt(at) ^ 1)}${body.slice(at + 1)}`;
      expect(await verifyCosignature({ body: changed, signatures }, key), `character ${at}`).toBeUndefined();
    }
  });

  it('takes the latest of several, and none when one that names the key fails', async () => {
    const later = await signCosignature(body, { ...WITNESS, time: TIME + 10 });
    expect(await verifyCosignature(parseCheckpoint(addSignatureLines(note, [later, line])), key)).toBe(TIME + 10);
    const other = await signCosignature(body.replace('5', '6'), { ...WITNESS, time: TIME });
    expect(await verifyCosignature(parseCheckpoint(addSignatureLines(note, [line, other])), key)).toBeUndefined();
  });

  it('is not deceived by a log key of the same name and bytes, nor the log by a witness', async () => {
    const logKey = await verifierKeyOf(WITNESS.name, WITNESS.seed);
    expect(logKey.publicKey).toEqual(key.publicKey);
    expect(logKey.id).not.toEqual(key.id);
    const signed = parseCheckpoint(await signCheckpoint({ origin: WITNESS.name, size: 1, root: new Uint8Array(32) }, WITNESS.seed));
    expect(await verifyCosignature(signed, key)).toBeUndefined();
  });
});

describe('a cosignature in form, but not in substance', () => {
  const SECRET = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), WITNESS.seed]), format: 'der', type: 'pkcs8' });
  const cosignedAt = (time: bigint, change = (signature: Buffer): Buffer => signature) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(time);
    const signature = change(sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${body}`), SECRET));
    return parseCheckpoint(addSignatureLines(note, [`— ${WITNESS.name} ${Buffer.concat([key.id, bytes, signature]).toString('base64')}`]));
  };

  it('may be of any time that is a number, and of none beyond', async () => {
    const last = BigInt(Number.MAX_SAFE_INTEGER);
    for (const time of [0n, last]) expect(await verifyCosignature(cosignedAt(time), key)).toBe(Number(time));
    for (const time of [last + 1n, 2n ** 63n, 2n ** 64n - 1n]) expect(await verifyCosignature(cosignedAt(time), key)).toBeUndefined();
  });

  it('has 64 bytes of signature', async () => {
    expect(
      await verifyCosignature(
        cosignedAt(5n, (signature) => signature.subarray(1)),
        key,
      ),
    ).toBeUndefined();
    expect(
      await verifyCosignature(
        cosignedAt(5n, (signature) => Buffer.concat([signature, Buffer.of(0)])),
        key,
      ),
    ).toBeUndefined();
  });

  it('is not of a point of small order, which fits every message', async () => {
    const neutral = Buffer.concat([Buffer.of(1), Buffer.alloc(31)]);
    const id = createHash('sha256')
      .update(Buffer.concat([Buffer.from(`${WITNESS.name}\n`), Buffer.of(4), neutral]))
      .digest()
      .subarray(0, 4);
    const weak = { name: WITNESS.name, id, publicKey: neutral };
    const bytes = Buffer.concat([id, Buffer.alloc(8), neutral, Buffer.alloc(32)]);
    const cosigned = parseCheckpoint(addSignatureLines(note, [`— ${WITNESS.name} ${bytes.toString('base64')}`]));
    expect(await verifyCosignature(cosigned, weak)).toBeUndefined();
  });
});

describe('a witness key', () => {
  it('is read back, and refused when its parts do not belong together or it is a log key', async () => {
    const text = formatWitnessKey(key);
    expect(parseWitnessKey(text)).toEqual(key);
    const logKey = formatVerifierKey(await verifierKeyOf(WITNESS.name, WITNESS.seed));
    for (const bad of [
      text.replace('witness', 'Witness'),
      text.slice(0, -1),
      text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
      ` ${text}`,
      `x+${text}`,
      `${text}\n`,
      `${text} x`,
      logKey,
      // The id of a witness's key, the type of a log's.
      `${key.name}+${Buffer.from(key.id).toString('hex')}+${logKey.split('+').slice(2).join('+')}`,
      'nonsense',
      '',
    ]) {
      expect(() => parseWitnessKey(bad), bad).toThrow(expect.objectContaining({ code: 'bad_key' }));
    }
  });
  it('has no name that a note could not carry', async () => {
    for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\nb']) {
      await expect(witnessVerifierKeyOf({ ...WITNESS, name }), JSON.stringify(name)).rejects.toMatchObject({ code: 'bad_key' });
    }
  });
});
