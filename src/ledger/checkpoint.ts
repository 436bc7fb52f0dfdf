/**
 * Checkpoints: signed tree heads as C2SP tlog-checkpoint notes (c2sp.org/tlog-checkpoint, c2sp.org/signed-note),
 * signed with Ed25519. Every parser here is strict: one byte form per meaning, so that any changed byte is caught.
 * Proved by test/vectors/hearsay.test.ts and test/unit/ledger/checkpoint.test.ts.
 */
import { getPublicKeyAsync, signAsync, verifyAsync } from '@noble/ed25519';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { InvalidInputError } from '../errors.ts';
import { HASH_BYTES } from './chain.ts';
import { sha256 } from './sha256.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** Signature type byte of Ed25519 in the signed-note specification. */
const ED25519_TYPE = Uint8Array.of(0x01);
const NEWLINE = utf8ToBytes('\n');
const SIGNATURE_LINE = /^— (\S+) (\S+)$/;

export interface TreeHead {
  /** `<host>/<slug>` */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes */
  readonly root: Uint8Array;
}

export interface VerifierKey {
  readonly name: string;
  /** 4 bytes: the start of SHA-256(name || "\n" || 0x01 || public key). */
  readonly id: Uint8Array;
  /** 32 bytes */
  readonly publicKey: Uint8Array;
}

export interface Checkpoint extends TreeHead {
  /** The signed bytes: everything up to and including the newline before the blank line. */
  readonly body: string;
  readonly signatures: readonly { readonly name: string; readonly keyId: Uint8Array; readonly signature: Uint8Array }[];
}

function keyIdOf(name: string, publicKey: Uint8Array): Uint8Array {
  return sha256(utf8ToBytes(name), NEWLINE, ED25519_TYPE, publicKey).slice(0, 4);
}

/** Verifier key of a 32-byte Ed25519 seed under a name (the checkpoint's origin). */
export async function verifierKeyOf(name: string, seed: Uint8Array): Promise<VerifierKey> {
  const publicKey = await getPublicKeyAsync(seed);
  return { name, id: keyIdOf(name, publicKey), publicKey };
}

/** `<name>+<id>+<base64 of type and key>` (c2sp.org/signed-note, verifier keys). */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${bytesToHex(key.id)}+${encodeBase64(concatBytes(ED25519_TYPE, key.publicKey))}`;
}

/** @throws InvalidInputError `bad_key` */
export function parseVerifierKey(text: string): VerifierKey {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text);
  const bytes = match ? decodeBase64(match[3] as string) : undefined;
  if (!match || bytes?.length !== 33 || bytes[0] !== 0x01) {
    throw new InvalidInputError('bad_key', 'a verifier key reads NAME+8 HEX DIGITS+BASE64 of 0x01 and a 32-byte Ed25519 key');
  }
  const name = match[1] as string;
  const publicKey = bytes.slice(1);
  const id = keyIdOf(name, publicKey);
  if (bytesToHex(id) !== match[2]) throw new InvalidInputError('bad_key', 'the key id is not the hash of the name and key');
  return { name, id, publicKey };
}

/** The three lines that are signed. */
function formatTreeHead(head: TreeHead): string {
  return `${head.origin}\n${head.size}\n${encodeBase64(head.root)}\n`;
}

/** A signed checkpoint note. `seed`: 32 bytes. */
export async function signCheckpoint(head: TreeHead, seed: Uint8Array): Promise<string> {
  const body = formatTreeHead(head);
  const key = await verifierKeyOf(head.origin, seed);
  const signature = await signAsync(utf8ToBytes(body), seed);
  return `${body}\n— ${key.name} ${encodeBase64(concatBytes(key.id, signature))}\n`;
}

/** @throws InvalidInputError `bad_checkpoint` with what is wrong. */
export function parseCheckpoint(note: string): Checkpoint {
  const split = note.indexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw badCheckpoint('a note is text, a blank line, and signature lines');
  const body = note.slice(0, split + 1);
  const [origin, sizeText, rootText, ...more] = body.slice(0, -1).split('\n');
  if (!origin || more.length > 0) throw badCheckpoint('expected three lines: origin, size, root');
  if (!sizeText || !/^(?:0|[1-9]\d{0,15})$/.test(sizeText)) throw badCheckpoint('the size must be a decimal number without leading zeros');
  const root = rootText ? decodeBase64(rootText) : undefined;
  if (root?.length !== HASH_BYTES) throw badCheckpoint('the root must be 32 bytes in base64');
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map((line) => {
      const match = SIGNATURE_LINE.exec(line);
      const bytes = match ? decodeBase64(match[2] as string) : undefined;
      if (!match || !bytes || bytes.length < 5) throw badCheckpoint('a signature line reads "— NAME BASE64"');
      return { name: match[1] as string, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
    });
  return { origin, size: Number(sizeText), root, body, signatures };
}

/** True when one signature of `checkpoint` is by `key` and holds (strict RFC 8032). */
export async function isSignedBy(checkpoint: Checkpoint, key: VerifierKey): Promise<boolean> {
  const id = bytesToHex(key.id);
  for (const { name, keyId, signature } of checkpoint.signatures) {
    if (name !== key.name || bytesToHex(keyId) !== id || signature.length !== 64) continue;
    if (await verifyAsync(signature, utf8ToBytes(checkpoint.body), key.publicKey, { zip215: false })) return true;
  }
  return false;
}

/** Hex of a verifier key's public part hash: what a reader compares by eye or phone. */
export function fingerprintOf(key: VerifierKey): string {
  return bytesToHex(sha256(key.publicKey));
}

function badCheckpoint(why: string): InvalidInputError {
  return new InvalidInputError('bad_checkpoint', why);
}
