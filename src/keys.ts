/**
 * Keys: everything keyed in Hearsay is derived from one 32-byte secret that lives outside the database.
 * HKDF-SHA256 (RFC 5869) per purpose, so that an author hash and a deduplication key of one text can never be matched.
 * `keyId` names the secret without revealing it; src/db/key-ids.ts halts when a database was filled under another one.
 * The checkpoint signing key is separate: it may be shown to outsiders' verifiers, the secret never leaves.
 * Proved by test/unit/keys.test.ts.
 */
import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Config } from './config.ts';
import { InvalidInputError } from './errors.ts';

const KEY_PURPOSES = ['author', 'dedup', 'phone'] as const;
type KeyPurpose = (typeof KEY_PURPOSES)[number];

export interface Keys {
  /** First 8 hex digits of SHA-256 over an HKDF output of its own. */
  readonly keyId: string;
  /** HMAC-SHA256 over the parts, each preceded by its length, so that ("ab", "c") and ("a", "bc") differ. */
  hmac(purpose: KeyPurpose, ...parts: readonly (string | Uint8Array)[]): Buffer;
}

type KeyConfig = Pick<Config, 'dataDir' | 'secret' | 'signingKey'>;

const secretFileSchema = z.object({ keyId: z.string().regex(/^[0-9a-f]{8}$/), secret: z.string().regex(/^[0-9a-f]{64}$/) });

/** Expand of one 32-byte secret; info is `hearsay/key/v1/<purpose>`, salt is empty. */
function derive(secret: Uint8Array, purpose: KeyPurpose | 'id'): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), `hearsay/key/v1/${purpose}`, 32));
}

export function deriveKeys(secret: Uint8Array): Keys {
  if (secret.length !== 32) throw new InvalidInputError('bad_secret', 'the secret must be 32 bytes');
  const keys = Object.fromEntries(KEY_PURPOSES.map((purpose) => [purpose, derive(secret, purpose)])) as Record<KeyPurpose, Buffer>;
  return {
    keyId: createHash('sha256').update(derive(secret, 'id')).digest('hex').slice(0, 8),
    hmac(purpose, ...parts) {
      const hmac = createHmac('sha256', keys[purpose]);
      for (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
        const length = Buffer.alloc(4);
        length.writeUInt32BE(bytes.length);
        hmac.update(length).update(bytes);
      }
      return hmac.digest();
    },
  };
}

export function secretPath(dataDir: string): string {
  return path.join(dataDir, 'secret.json');
}

export function signingKeyPath(config: KeyConfig): string | undefined {
  if (config.signingKey === undefined) return path.join(config.dataDir, 'signing-key');
  return config.signingKey.kind === 'file' ? config.signingKey.path : undefined;
}

/**
 * The keys of this installation: from HEARSAY_SECRET, else from `secret.json`, which is made on first use.
 * Raises `InvalidInputError`: `secret_conflict` where both exist and differ, `bad_secret`, `secret_unreadable`.
 */
export async function loadSecret(config: KeyConfig): Promise<Keys> {
  const stored = await readSecretFile(config.dataDir);
  if (config.secret !== undefined) {
    if (stored !== undefined && stored !== config.secret) {
      throw new InvalidInputError(
        'secret_conflict',
        `HEARSAY_SECRET is not the secret in ${secretPath(config.dataDir)}: unset the variable, or move the file away if the variable is the right one`,
      );
    }
    return deriveKeys(Buffer.from(config.secret, 'hex'));
  }
  if (stored !== undefined) return deriveKeys(Buffer.from(stored, 'hex'));
  const secret = randomBytes(32);
  const document = { keyId: deriveKeys(secret).keyId, secret: secret.toString('hex') };
  await createPrivateFile(secretPath(config.dataDir), `${JSON.stringify(document)}\n`);
  // Read back: of two first starts, one file won.
  return deriveKeys(Buffer.from((await readSecretFile(config.dataDir)) ?? '', 'hex'));
}

/** The secret in `secret.json` as hex; undefined where there is no file. */
export async function readSecretFile(dataDir: string): Promise<string | undefined> {
  const file = secretPath(dataDir);
  const text = await readIfThere(file, 'secret_unreadable');
  if (text === undefined) return undefined;
  const parsed = secretFileSchema.safeParse(parseJson(text));
  if (!parsed.success || deriveKeys(Buffer.from(parsed.data.secret, 'hex')).keyId !== parsed.data.keyId) {
    throw new InvalidInputError('bad_secret', `${file} is damaged: restore it from a backup; without it posts already stored cannot be recognised`);
  }
  return parsed.data.secret;
}

/** The Ed25519 seed (RFC 8032 section 5.1.5) that signs checkpoints: from the environment, a file, or made on first use. Only signers ask for it. */
export async function loadSigningKey(config: KeyConfig): Promise<{ readonly seed: Uint8Array }> {
  const existing = await readSigningKey(config);
  if (existing !== undefined) return { seed: existing };
  const file = signingKeyPath(config);
  if (file === undefined || config.signingKey !== undefined) {
    throw new InvalidInputError('signing_key_missing', `HEARSAY_SIGNING_KEY names ${file}, which does not exist: make it with \`hearsay ledger keygen\``);
  }
  await createSigningKey(file);
  return { seed: (await readSigningKey(config)) as Uint8Array };
}

/** Makes a file with a new seed, mode 0600. False where there is one: a key is never overwritten. */
export function createSigningKey(file: string): Promise<boolean> {
  return createPrivateFile(file, `${randomBytes(32).toString('hex')}\n`);
}

/** The seed in `file`; undefined where there is none. */
export async function readSigningKeyFile(file: string): Promise<Uint8Array | undefined> {
  const text = await readIfThere(file, 'signing_key_unreadable');
  if (text === undefined) return undefined;
  const hex = text.trim();
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new InvalidInputError('bad_signing_key', `${file} must hold 32 bytes as 64 hex digits and nothing else`);
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** As `loadSigningKey`, but undefined where the file does not exist. */
export async function readSigningKey(config: KeyConfig): Promise<Uint8Array | undefined> {
  if (config.signingKey?.kind === 'seed') return Uint8Array.from(Buffer.from(config.signingKey.hex, 'hex'));
  return readSigningKeyFile(signingKeyPath(config) as string);
}

async function readIfThere(file: string, code: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === 'ENOENT') return undefined;
    throw new InvalidInputError(code, `cannot read ${file} (${reason}): it must be readable by the user who runs hearsay`, { cause: error });
  }
}

/** Writes beside the name and links it into place: readers see the whole file or none, and an existing one stays (false). */
async function createPrivateFile(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o711 });
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    return await link(draft, file).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new InvalidInputError('data_dir_unwritable', `cannot create ${file} (${reason}): set HEARSAY_DATA to a directory this user may write`, {
      cause: error,
    });
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
