/** Checks of what must not get lost: the secret and the signing key. */
import { stat } from 'node:fs/promises';
import type { Config } from '../../config.ts';
import { deriveKeys, loadSecret, readSecretFile, readSigningKey, secretPath, signingKeyPath } from '../../keys.ts';
import type { Check } from './check.ts';

/** `keyIds`: the secrets this database was filled under. With another one nothing may be written. */
export async function checkSecret(config: Config, keyIds: readonly string[]): Promise<readonly Check[]> {
  const stored = await readSecretFile(config.dataDir);
  if (config.secret === undefined && stored === undefined) {
    if (keyIds.length === 0) return [{ name: 'secret', ok: true, found: 'none yet (made at the first start)' }];
    return [
      {
        name: 'secret',
        ok: false,
        found: `missing, but the database was filled under key id ${keyIds.join(', ')}`,
        doThis: `restore ${secretPath(config.dataDir)} or HEARSAY_SECRET from a backup; without it erased posts would be taken in again`,
      },
    ];
  }
  // Both given: `loadSecret` refuses if they differ; the file exists, so it creates none.
  const { keyId } = config.secret === undefined ? deriveKeys(Buffer.from(stored ?? '', 'hex')) : await loadSecret(config);
  const unknown = keyIds.length > 0 && !keyIds.includes(keyId);
  if (unknown) {
    return [
      {
        name: 'secret',
        ok: false,
        found: `key id ${keyId}, but the database was filled under ${keyIds.join(', ')}`,
        doThis: 'restore the secret with that key id; nothing may be written under another one',
      },
    ];
  }
  const from = config.secret === undefined ? secretPath(config.dataDir) : 'HEARSAY_SECRET';
  const open = config.secret === undefined ? await checkPrivate('secret', secretPath(config.dataDir)) : [];
  return [{ name: 'secret', ok: true, found: `key id ${keyId}, from ${from}; keep a copy outside of this machine` }, ...open];
}

export async function checkSigningKey(config: Config): Promise<readonly Check[]> {
  const file = signingKeyPath(config);
  const seed = await readSigningKey(config);
  if (seed === undefined && !config.signer.enabled) return [{ name: 'signing key', ok: true, found: 'none, and none needed: HEARSAY_SIGNER=off' }];
  if (seed === undefined) {
    if (config.signingKey === undefined) return [{ name: 'signing key', ok: true, found: 'none yet (made when something is signed)' }];
    return [
      { name: 'signing key', ok: false, found: `${file} does not exist`, doThis: 'make it with `hearsay ledger keygen`, or correct HEARSAY_SIGNING_KEY' },
    ];
  }
  const open = file === undefined ? [] : await checkPrivate('signing key', file);
  return [{ name: 'signing key', ok: true, found: file ?? 'from HEARSAY_SIGNING_KEY' }, ...open];
}

async function checkPrivate(name: string, file: string): Promise<readonly Check[]> {
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return [];
  return [{ name, ok: 'warn', found: `${file} can be read by others (mode ${(mode & 0o777).toString(8)})`, doThis: `chmod 600 ${file}` }];
}
