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
/** Key names are non-empty, without Unicode spaces and plus; control characters have no place in a note at all. */
const NAME = /^[^\s+\p{Cc}\p{Cs}]+$/u;
const SIGNATURE_LINE = /^— ([^ ]+) ([^ ]+)$/;
/**
 * c2sp.org/signed-note asks verifiers to bound the signatures of a note and to take at least 16. In characters: 64 post-quantum
 * signatures of 5 kB each fit.
 */
const MAX_SIGNATURES = 64;
const MAX_NOTE = 512 * 1024;

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
  /** In the order of their lines: the log's own, then those of witnesses. */
  readonly signatures: readonly NoteSignature[];
}

/** One signature line. What the signature is over depends on the type of the key. */
export interface NoteSignature {
  readonly name: string;
  /** 4 bytes */
  readonly keyId: Uint8Array;
  /** 64 bytes of a log's Ed25519 key; witnesses' begin with a timestamp. */
  readonly signature: Uint8Array;
}

/** Origin and key name of a topic's log. */
export function originOf(host: string, topic: string): string {
  return `${host}/${topic}`;
}

/** Verifier key of a 32-byte public key under a name: one key has another id under every name. */
export function nameKey(name: string, publicKey: Uint8Array): VerifierKey {
  return { name, id: sha256(utf8ToBytes(name), NEWLINE, ED25519_TYPE, publicKey).slice(0, 4), publicKey };
}

/** Verifier key of a 32-byte Ed25519 seed under a name (the checkpoint's origin). */
export async function verifierKeyOf(name: string, seed: Uint8Array): Promise<VerifierKey> {
  return nameKey(name, await getPublicKeyAsync(seed));
}

/** `<name>+<id>+<base64 of type and key>` (c2sp.org/signed-note, verifier keys). */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${bytesToHex(key.id)}+${encodeBase64(concatBytes(ED25519_TYPE, key.publicKey))}`;
}

/** @throws InvalidInputError `bad_key` */
export function parseVerifierKey(text: string): VerifierKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text);
  const bytes = match ? decodeBase64(match[3] as string) : undefined;
  if (!match || !NAME.test(match[1] as string) || bytes?.length !== 33 || bytes[0] !== 0x01) {
    throw new InvalidInputError('bad_key', 'a verifier key reads NAME+8 HEX DIGITS+BASE64 of 0x01 and a 32-byte Ed25519 key');
  }
  const key = nameKey(match[1] as string, bytes.slice(1));
  if (bytesToHex(key.id) !== match[2]) throw new InvalidInputError('bad_key', 'the key id is not the hash of the name and key');
  return key;
}

/** The three lines that are signed. A name that would break out of its line must never be signed. */
function formatTreeHead(head: TreeHead): string {
  if (!NAME.test(head.origin)) throw badCheckpoint('an origin that is signed has no spaces, plus or control characters');
  if (!Number.isSafeInteger(head.size) || head.size < 0 || head.root.length !== HASH_BYTES)
    throw badCheckpoint('a tree head has a size and a root of 32 bytes');
  return `${head.origin}\n${head.size}\n${encodeBase64(head.root)}\n`;
}

/** A signed checkpoint note. `seed`: 32 bytes. */
export async function signCheckpoint(head: TreeHead, seed: Uint8Array): Promise<string> {
  const body = formatTreeHead(head);
  const key = await verifierKeyOf(head.origin, seed);
  const signature = await signAsync(utf8ToBytes(body), seed);
  return `${body}\n— ${key.name} ${encodeBase64(concatBytes(key.id, signature))}\n`;
}

/** `note` with further signature lines, such as cosignatures (c2sp.org/tlog-cosignature). @throws InvalidInputError `bad_checkpoint` */
export function addSignatureLines(note: string, lines: readonly string[]): string {
  const signed = `${note}${lines.map((line) => `${line}\n`).join('')}`;
  parseCheckpoint(signed);
  return signed;
}

/**
 * Reads a note with any number of signature lines. Which of them hold, and under whose keys, is asked separately.
 * @throws InvalidInputError `bad_checkpoint` with what is wrong. Extension lines are refused: no log of ours has them.
 */
export function parseCheckpoint(note: string): Checkpoint {
  if (note.length > MAX_NOTE) throw badCheckpoint(`a note of more than ${MAX_NOTE} characters is not read`);
  const split = note.indexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw badCheckpoint('a note is text, a blank line, and signature lines');
  const body = note.slice(0, split + 1);
  const [origin, sizeText, rootText, ...more] = body.slice(0, -1).split('\n');
  if (!origin || more.length > 0) throw badCheckpoint('expected three lines: origin, size, root');
  // Not NAME: other logs' origins may hold spaces (c2sp.org/tlog-checkpoint only advises against them).
  if (/[\p{Cc}\p{Cs}]/u.test(origin)) throw badCheckpoint('the origin holds a control character or is not Unicode');
  if (!sizeText || !/^(?:0|[1-9]\d{0,15})$/.test(sizeText) || !Number.isSafeInteger(Number(sizeText)))
    throw badCheckpoint('the size must be a decimal number without leading zeros, below 2^53');
  const root = rootText ? decodeBase64(rootText) : undefined;
  if (root?.length !== HASH_BYTES) throw badCheckpoint('the root must be 32 bytes in base64');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw badCheckpoint(`a note with more than ${MAX_SIGNATURES} signatures is not read`);
  return { origin, size: Number(sizeText), root, body, signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string): NoteSignature {
  const match = SIGNATURE_LINE.exec(line);
  const bytes = match ? decodeBase64(match[2] as string) : undefined;
  if (!match || !NAME.test(match[1] as string) || !bytes || bytes.length < 5) throw badCheckpoint('a signature line reads "— NAME BASE64"');
  return { name: match[1] as string, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** Whether a signature line is by the key that has this name and id; that it holds is another question. */
export function namesKey(signature: Pick<NoteSignature, 'name' | 'keyId'>, key: Pick<VerifierKey, 'name' | 'id'>): boolean {
  return signature.name === key.name && bytesToHex(signature.keyId) === bytesToHex(key.id);
}

/** True when `checkpoint` is signed by `key` and every signature that names the key holds (strict RFC 8032). */
export async function isSignedBy(checkpoint: Checkpoint, key: VerifierKey): Promise<boolean> {
  const own = checkpoint.signatures.filter((signature) => namesKey(signature, key));
  for (const { signature } of own) {
    if (signature.length !== 64 || !(await verifyAsync(signature, utf8ToBytes(checkpoint.body), key.publicKey, { zip215: false }))) return false;
  }
  return own.length > 0;
}

/** Hex of a verifier key's public part hash: what a reader compares by eye or phone. */
export function fingerprintOf(key: Pick<VerifierKey, 'publicKey'>): string {
  return bytesToHex(sha256(key.publicKey));
}

function badCheckpoint(why: string): InvalidInputError {
  return new InvalidInputError('bad_checkpoint', why);
}
