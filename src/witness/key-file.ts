/**
 * The private key of a witness, name and seed in one line, in the form in which golang.org/x/mod/sumdb/note prints signer keys, so that
 * neither can be lost or changed without the other, and other tools read it:
 *
 *   PRIVATE+KEY+<name>+<8 hex digits: the key id>+<base64 of 0x04 and the 32-byte seed>
 *
 * Never printed, never overwritten. Proved by test/unit/witness/key-file.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';
import { InvalidInputError } from '../errors.ts';
import { decodeBase64, encodeBase64 } from '../ledger/base64.ts';
import { type WitnessKey, witnessVerifierKeyOf } from '../ledger/cosignature.ts';

const PREFIX = 'PRIVATE+KEY+';

export async function formatKeyFile(key: WitnessKey): Promise<string> {
  const { id } = await witnessVerifierKeyOf(key);
  return `${PREFIX}${key.name}+${bytesToHex(id)}+${encodeBase64(concatBytes(Uint8Array.of(0x04), key.seed))}\n`;
}

/** @throws InvalidInputError `bad_key`, without a word of what the file holds */
export async function parseKeyFile(text: string): Promise<WitnessKey> {
  const match = /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+(\S+)\n?$/u.exec(text);
  const bytes = match ? decodeBase64(match[3] as string) : undefined;
  const key = match && bytes?.length === 33 && bytes[0] === 0x04 ? { name: match[1] as string, seed: bytes.slice(1) } : undefined;
  if (key === undefined || bytesToHex((await witnessVerifierKeyOf(key)).id) !== match?.[2]) {
    throw new InvalidInputError('bad_key', 'the key file is not one that `hearsay witness keygen` made, or it is damaged');
  }
  return key;
}

/** @throws InvalidInputError `file_not_found`, `bad_key` */
export async function readKeyFile(file: string): Promise<WitnessKey> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new InvalidInputError('file_not_found', `cannot read the key file ${file} (${cause.code}): make one with \`hearsay witness keygen\``, { cause });
  });
  return parseKeyFile(text);
}

/** A new random key, written for its owner only. @throws InvalidInputError `file_exists`; Node's errors for a path that cannot be written */
export async function createKeyFile(file: string, name: string): Promise<WitnessKey> {
  const key = { name, seed: Uint8Array.from(randomBytes(32)) };
  const text = await formatKeyFile(key);
  const handle = await open(file, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    throw new InvalidInputError('file_exists', `${file} is there already: a key is never overwritten`, { cause });
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return key;
}
