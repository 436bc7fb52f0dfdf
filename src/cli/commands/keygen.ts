/** `hearsay ledger keygen` and `hearsay ledger key`: the signing key, and the verifier keys that readers need. The seed itself is never printed. */
import path from 'node:path';
import { getPublicKeyAsync } from '@noble/ed25519';
import { InvalidInputError } from '../../errors.ts';
import { createSigningKey, readSigningKey, readSigningKeyFile, signingKeyPath } from '../../keys.ts';
import { fingerprintOf, formatVerifierKey, nameKey, originOf, verifierKeyOf } from '../../ledger/checkpoint.ts';
import { readNewestCheckpoint } from '../../ledger/published.ts';
import { sourcesByName } from '../../sources/list.ts';
import { readTopics } from '../../topics.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { openSigningDatabase } from '../signing-database.ts';

export interface KeygenFlags {
  readonly out?: string;
  readonly origin?: string;
  readonly json?: boolean;
}

/** A host, or the one log `<host>/<slug>`, as in HEARSAY_ORIGIN and topic files. */
const ORIGIN = /^([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?)(?:\/([a-z0-9]+(?:-[a-z0-9]+)*))?$/;

export async function makeSigningKey(edge: Edge, flags: KeygenFlags): Promise<ExitCode> {
  const origins = await listOrigins(edge, flags.origin ?? edge.config.origin);
  const file = flags.out === undefined ? signingKeyPath(edge.config) : path.resolve(flags.out);
  if (file === undefined) throw new InvalidInputError('key_exists', 'HEARSAY_SIGNING_KEY holds the key itself: say with --out where a new one is to go');
  if (!(await createSigningKey(file))) throw new InvalidInputError('key_exists', `${file} is there already: a key is never overwritten`);
  const publicKey = await getPublicKeyAsync((await readSigningKeyFile(file)) as Uint8Array);
  const keys = origins.map((origin) => nameKey(origin, publicKey));
  const hash = fingerprintOf({ publicKey });
  if (flags.json) {
    await edge.out(`${JSON.stringify({ file, public_key_sha256: hash, vkeys: Object.fromEntries(keys.map((key) => [key.name, formatVerifierKey(key)])) })}\n`);
    return EXIT.ok;
  }
  for (const key of keys) await edge.out(`${formatVerifierKey(key)}\n`);
  await edge.out(`sha-256 of the public key: ${hash}\n`);
  edge.talk(`wrote the private key to ${file}: keep a copy of it apart from the database, and show it to nobody`);
  return EXIT.ok;
}

async function listOrigins(edge: Edge, origin: string): Promise<string[]> {
  const match = ORIGIN.exec(origin);
  if (!match) throw new InvalidInputError('bad_origin', '--origin wants a lower-case host name such as hearsay.example.org, or HOST/SLUG');
  if (match[2] !== undefined) return [origin];
  const topics = await readTopics(edge.topicsDir, { sources: sourcesByName });
  return topics.map((topic) => originOf(origin, topic.slug));
}

/** Of the newest checkpoint; before the first, of the key that will sign it. */
export async function showKey(edge: Edge, slug: string, flags: { readonly json?: boolean }): Promise<ExitCode> {
  const key = (await readKnownKey(edge, slug)) ?? (await readOwnKey(edge, slug));
  if (!key) {
    throw new InvalidInputError(
      'not_signed_yet',
      `nothing of ${slug} has been signed yet, and there is no key here that would: run hearsay ledger sign ${slug} where the signer is`,
    );
  }
  const vkey = formatVerifierKey(key);
  await edge.out(flags.json ? `${JSON.stringify({ vkey, public_key_sha256: fingerprintOf(key) })}\n` : `${vkey}\n`);
  return EXIT.ok;
}

async function readKnownKey(edge: Edge, slug: string) {
  const database = await openSigningDatabase(edge);
  try {
    const known = await database.pool.query('SELECT 1 FROM ledger_head WHERE topic = $1', [slug]);
    if (known.rowCount === 0) throw new InvalidInputError('unknown_topic', `there is no ledger for topic ${slug}`);
    return (await readNewestCheckpoint(database.pool, slug))?.key;
  } finally {
    await database.close();
  }
}

async function readOwnKey(edge: Edge, slug: string) {
  const seed = await readSigningKey(edge.config);
  return seed && verifierKeyOf(originOf(edge.config.origin, slug), seed);
}
