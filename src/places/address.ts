/**
 * Outside places as HEARSAY_CHECKPOINT_PLACES names them, separated by commas or newlines:
 *
 *   dir:PATH                            a directory
 *   git:PATH                            a git worktree, with a commit for each checkpoint
 *   https://HOST/PATH                   gets each checkpoint by POST; http:// as well
 *   witness+https://HOST/PREFIX#VKEY    a C2SP witness and the key it cosigns with
 *
 * Pure. Proved by test/unit/places/address.test.ts.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { bytesToHex } from '@noble/hashes/utils.js';
import { HearsayError, InvalidInputError } from '../errors.ts';
import type { VerifierKey } from '../ledger/checkpoint.ts';
import { parseWitnessKey } from '../ledger/cosignature.ts';

/** `name` is for tables, logs and pages: the address without user, password and query, which may be secrets. */
export interface FolderAddress {
  readonly kind: 'dir' | 'git';
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

export interface HttpAddress {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
}

export interface WitnessAddress {
  readonly kind: 'witness';
  readonly name: string;
  /** Submission prefix, without a slash at its end. */
  readonly url: string;
  readonly key: VerifierKey;
}

export type PlaceAddress = FolderAddress | HttpAddress | WitnessAddress;

const FORMS = 'dir:PATH, git:PATH, an http(s):// address, or witness+https://HOST/PREFIX#VKEY';

/** @throws InvalidInputError `bad_config` naming the variable and the entry, never its text */
export function parsePlaces(text: string, cwd: string): PlaceAddress[] {
  const entries = text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const places = entries.map((entry, index) => parsePlace(entry, { cwd, where: `HEARSAY_CHECKPOINT_PLACES entry ${index + 1}` }));
  const names = places.map(({ name }) => name);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) throw badPlace(`HEARSAY_CHECKPOINT_PLACES entry ${twice + 1}`, 'is there already');
  return places;
}

function parsePlace(entry: string, { cwd, where }: { cwd: string; where: string }): PlaceAddress {
  const [, kind, rest] = /^(dir|git):(.+)$/.exec(entry) ?? [];
  if (rest !== undefined) {
    const resolved = path.resolve(cwd, rest);
    return { kind: kind as 'dir' | 'git', name: `${kind}:${resolved}`, path: resolved };
  }
  // By hand: a URL's fragment would be percent-encoded, and a key is not.
  const [address, vkey] = splitOnce(entry, '#');
  if (address.startsWith('witness+')) return parseWitness(address.slice('witness+'.length), vkey, where);
  const url = parseUrl(address, where);
  if (vkey !== undefined) throw badPlace(where, 'has a fragment, which no address of this kind has');
  return { kind: 'http', name: nameUrl(url), url: url.href };
}

function parseWitness(address: string, vkey: string | undefined, where: string): PlaceAddress {
  const url = parseUrl(address, where);
  if (url.search !== '') throw badPlace(where, 'has a query: a witness is named by the prefix of its addresses');
  if (vkey === undefined) throw badPlace(where, 'lacks the key of the witness: witness+https://HOST/PREFIX#VKEY');
  const key = readKey(vkey, where);
  return { kind: 'witness', name: `witness+${nameUrl(url)}#${key.name}+${bytesToHex(key.id)}`, url: url.href.replace(/\/$/, ''), key };
}

function readKey(vkey: string, where: string): VerifierKey {
  try {
    return parseWitnessKey(vkey);
  } catch (error) {
    throw error instanceof HearsayError ? badPlace(where, `has a wrong key: ${error.message}`) : error;
  }
}

function parseUrl(address: string, where: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) throw badPlace(where, `must be ${FORMS}`);
  if (!isDecodable(`${url.username}:${url.password}`)) throw badPlace(where, 'has a user or password with a % that is not written as %25');
  return url;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** What was left out is told apart by a short digest: two places may differ in their tokens alone. */
function nameUrl(url: URL): string {
  const shown = `${url.origin}${url.pathname}`.replace(/\/$/, '');
  if (url.username === '' && url.password === '' && url.search === '') return shown;
  return `${shown} (${createHash('sha256').update(url.href).digest('hex').slice(0, 8)})`;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function badPlace(where: string, why: string): InvalidInputError {
  return new InvalidInputError('bad_config', `configuration: ${where} ${why}`);
}
