/**
 * Cosignatures of witnesses: c2sp.org/tlog-cosignature, the Ed25519 kind (`cosignature/v1`, signature type 0x04). A witness signs a
 * time and the body of a checkpoint, and says by it: this is the largest tree of this log I have seen, and it agrees with all before.
 *
 *   message   = "cosignature/v1\n" || "time " || decimal(time) || "\n" || body of the checkpoint, to its last newline
 *   line      = "— " || name || " " || base64(key id || uint64be(time) || Ed25519 signature)
 *   key id    = SHA-256(name || "\n" || 0x04 || public key)[:4]
 *
 * The name is not in the message, so one key must never serve two names. Pure; runs in the browser as well.
 * Proved by test/unit/ledger/cosignature.test.ts, which holds a cosignature a public witness gave a public log.
 */
import { getPublicKeyAsync, signAsync, verifyAsync } from '@noble/ed25519';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { InvalidInputError } from '../errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { type Checkpoint, namesKey, type VerifierKey } from './checkpoint.ts';
import { sha256 } from './sha256.ts';

/** Signature type byte of timestamped Ed25519 cosignatures in the signed-note specification. */
const COSIGNATURE_TYPE = Uint8Array.of(0x04);
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
/** Neither Unicode spaces nor plus (c2sp.org/signed-note). */
const KEY_NAME = /^[^+\s]+$/u;

/** Who cosigns: the name and the 32-byte Ed25519 seed of a witness. */
export interface WitnessKey {
  readonly name: string;
  readonly seed: Uint8Array;
}

/**
 * Verifier key of a witness. Its id differs from that of a log's key over the same bytes: the type is part of both.
 * @throws InvalidInputError `bad_key` for a name a note could not carry.
 */
export async function witnessVerifierKeyOf({ name, seed }: WitnessKey): Promise<VerifierKey> {
  if (!KEY_NAME.test(name)) throw new InvalidInputError('bad_key', 'the name of a witness key has neither spaces nor plus signs');
  const publicKey = await getPublicKeyAsync(seed);
  return { name, id: witnessKeyIdOf(name, publicKey), publicKey };
}

/** `<name>+<id>+<base64 of 0x04 and key>` (c2sp.org/signed-note, verifier keys). */
export function formatWitnessKey(key: VerifierKey): string {
  return `${key.name}+${bytesToHex(key.id)}+${encodeBase64(concatBytes(COSIGNATURE_TYPE, key.publicKey))}`;
}

/** @throws InvalidInputError `bad_key` */
export function parseWitnessKey(text: string): VerifierKey {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text);
  const bytes = match ? decodeBase64(match[3] as string) : undefined;
  if (!match || bytes?.length !== 33 || bytes[0] !== COSIGNATURE_TYPE[0]) {
    throw new InvalidInputError('bad_key', "a witness's key reads NAME+8 HEX DIGITS+BASE64 of 0x04 and a 32-byte Ed25519 key");
  }
  const name = match[1] as string;
  const publicKey = bytes.slice(1);
  const id = witnessKeyIdOf(name, publicKey);
  if (bytesToHex(id) !== match[2]) throw new InvalidInputError('bad_key', 'the key id is not the hash of the name and key');
  return { name, id, publicKey };
}

/**
 * One signature line, without its newline. `body`: the signed bytes of a checkpoint, to the newline before the blank line;
 * `time`: POSIX seconds.
 */
export async function signCosignature(body: string, { name, seed, time }: WitnessKey & { readonly time: number }): Promise<string> {
  if (!Number.isSafeInteger(time) || time < 0) throw new RangeError(`${time} is no POSIX time in seconds`);
  const key = await witnessVerifierKeyOf({ name, seed });
  const signature = await signAsync(messageOf(body, time), seed);
  return `— ${name} ${encodeBase64(concatBytes(key.id, encodeTime(time), signature))}`;
}

/**
 * POSIX seconds at which `key` last cosigned the checkpoint; undefined when no line names the key, or one that does fails, as for
 * any signature of a known key in a note (strict RFC 8032).
 */
export async function verifyCosignature(checkpoint: Pick<Checkpoint, 'body' | 'signatures'>, key: VerifierKey): Promise<number | undefined> {
  let latest: number | undefined;
  for (const { signature } of checkpoint.signatures.filter((line) => namesKey(line, key))) {
    if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
    const time = decodeTime(signature.subarray(0, TIME_BYTES));
    if (time === undefined) return undefined;
    if (!(await verifyAsync(signature.subarray(TIME_BYTES), messageOf(checkpoint.body, time), key.publicKey, { zip215: false }))) return undefined;
    latest = Math.max(latest ?? 0, time);
  }
  return latest;
}

function witnessKeyIdOf(name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(utf8ToBytes(`${name}\n`), COSIGNATURE_TYPE, publicKey).slice(0, 4);
}

function messageOf(body: string, time: number): Uint8Array {
  return utf8ToBytes(`cosignature/v1\ntime ${time}\n${body}`);
}

function encodeTime(time: number): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  return bytes;
}

/** Undefined beyond 2^53: the format ends at 2^63, but no clock shows such a time. */
function decodeTime(bytes: Uint8Array): number | undefined {
  const time = new DataView(bytes.buffer, bytes.byteOffset, TIME_BYTES).getBigUint64(0);
  return time <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(time) : undefined;
}
