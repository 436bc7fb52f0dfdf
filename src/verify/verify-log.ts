/**
 * Verification of a log's static files (c2sp.org/tlog-tiles, docs/ledger-format.md): from the headers alone the chain, the references
 * and the tree are built anew and held against the entry bundles, every tile and the signed checkpoint. Content is not in these files.
 * Proved by test/integration/verify-address.test.ts.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Checkpoint, fingerprintOf, isSignedBy, parseCheckpoint, parseVerifierKey, type VerifierKey } from '../ledger/checkpoint.ts';
import { equalBytes } from '../ledger/hex.ts';
import { decodeLine } from '../ledger/read-export-lines.ts';
import { decodeEntryBundle, formatLogPath, type LogFile, TILE_WIDTH, widthAt } from '../ledger/tile.ts';
import { VerifiedChain } from '../ledger/verify-chain.ts';
import { checkOld, checkRoot, checkWitnesses, describeRoot, requireTrustedKey } from '../ledger/verify-closing.ts';
import { checkEntry } from '../ledger/verify-entry.ts';
import { type Failed, Failure, placed, settle, toFailure, type Verified, type VerifyOptions } from '../ledger/verify-result.ts';

/** Of one file: 256 headers of some 16 KB fit, and so does any tile. */
const MAX_FILE = 4 * 1024 * 1024;
/** Pages asked for before they are needed. */
const AHEAD = 4;

export interface LogVerified extends Omit<Verified, 'fingerprint' | 'excerpt' | 'history'> {
  /** Of the key the server says is the log's, or of the one given; absent where neither was to be had, and no signature was checked. */
  readonly fingerprint?: string;
  readonly tiles: number;
}

export interface LogFiles {
  readonly slug: string;
  /** Body of a file under the log's prefix. */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  /** The key the server says is the log's, if it says so. */
  readKey(): Promise<string | undefined>;
}

export async function verifyLog(files: LogFiles, options: VerifyOptions = {}): Promise<LogVerified | Failed> {
  return settle(async () => {
    const checkpoint = placed('checkpoint', parseNote(await files.read('checkpoint', MAX_FILE)));
    if (!checkpoint.origin.endsWith(`/${files.slug}`)) throw new Failure('checkpoint', `it is signed for ${checkpoint.origin}`);
    const key = await checkSigner(files, checkpoint, options);
    const chain = new VerifiedChain(options.onProgress);
    await addPages(files, checkpoint.size, chain);
    checkRoot(chain.tree, checkpoint);
    const tiles = await compareTiles(files, chain);
    if (options.oldCheckpoint) checkOld(chain.tree, options.oldCheckpoint, checkpoint.origin);
    return {
      ok: true,
      topic: files.slug,
      ...describeRoot(checkpoint),
      entries: chain.size,
      head: bytesToHex(chain.head),
      ...chain.tally,
      counts: 'not checked',
      witnesses: await checkWitnesses(checkpoint, options.witnesses ?? []),
      signer: options.key ? 'authenticated' : 'not authenticated',
      ...(key ? { fingerprint: fingerprintOf(key) } : {}),
      tiles,
    };
  });
}

function parseNote(bytes: Uint8Array): () => Checkpoint {
  return () => parseCheckpoint(decodeLine(bytes));
}

async function checkSigner(files: LogFiles, checkpoint: Checkpoint, options: VerifyOptions): Promise<VerifierKey | undefined> {
  if (options.key) {
    await requireTrustedKey(checkpoint, options.key);
    return options.key;
  }
  const told = await files.readKey();
  if (told === undefined) return undefined;
  const key = placed('key', () => parseVerifierKey(told));
  if (key.name !== checkpoint.origin) throw new Failure('key', `the key the server tells is named ${key.name}, not ${checkpoint.origin}`);
  if (!(await isSignedBy(checkpoint, key))) throw new Failure('checkpoint', 'the signature does not hold under the key the server tells');
  return key;
}

/** Headers and entry bundles, page by page, in order; the next few are under way meanwhile. */
async function addPages(files: LogFiles, size: number, chain: VerifiedChain): Promise<void> {
  const pages = Math.ceil(size / TILE_WIDTH);
  const coming: Promise<{ headers: string[]; entries: Uint8Array[] }>[] = [];
  for (let index = 0; index < pages + AHEAD; index++) {
    if (index < pages) {
      const page = readPage(files, { index, width: widthAt(size, { level: 0, index }) });
      page.catch(() => undefined);
      coming.push(page);
    }
    if (index >= AHEAD) addPage(await (coming.shift() as (typeof coming)[number]), files.slug, chain);
  }
}

async function readPage(files: LogFiles, page: { readonly index: number; readonly width: number }): Promise<{ headers: string[]; entries: Uint8Array[] }> {
  const where = `headers/${page.index}`;
  const [headers, bundle] = await Promise.all([readFile(files, { kind: 'headers', ...page }), readFile(files, { kind: 'entries', ...page })]);
  const lines = decodeLine(headers).split('\n');
  if (lines.pop() !== '' || lines.length !== page.width) throw new Failure(where, `not ${page.width} lines`);
  try {
    const entries = decodeEntryBundle(bundle);
    if (entries.length !== page.width) throw new Failure(where, `the entry bundle beside it has ${entries.length} entries, not ${page.width}`);
    return { headers: lines, entries };
  } catch (error) {
    throw toFailure(where, error);
  }
}

function addPage(
  { headers, entries }: { readonly headers: readonly string[]; readonly entries: readonly Uint8Array[] },
  topic: string,
  chain: VerifiedChain,
): void {
  for (const [at, header] of headers.entries()) {
    const seq = chain.size;
    const bare = { entry: bytesToHex(entries[at] as Uint8Array), header };
    if (bare.entry.length !== 64) throw new Failure(`seq ${seq}`, 'its bundle does not hold a hash of 32 bytes');
    // Content is elsewhere: to this verifier it is withheld, whatever became of it.
    const line = header.includes('"commitment":"') ? { ...bare, withheld: 1 as const } : bare;
    chain.add(checkEntry(line, { topic, previous: chain.head, seq, line: at + 1 }));
  }
}

/** Every hash tile the size implies, full and partial. */
async function compareTiles(files: LogFiles, chain: VerifiedChain): Promise<number> {
  let tiles = 0;
  for (let level = 0; TILE_WIDTH ** level <= chain.size; level++) {
    const hashes = Math.floor(chain.size / TILE_WIDTH ** level);
    for (let index = 0; index * TILE_WIDTH < hashes; index++) {
      const width = widthAt(chain.size, { level, index });
      const bytes = await readFile(files, { kind: 'tile', level, index, width });
      if (!equalBytes(bytes, chain.tree.tile(level, index, width) as Uint8Array))
        throw new Failure(`tile ${level}/${index}`, 'its hashes are not those of the entries');
      tiles++;
    }
  }
  return tiles;
}

function readFile(files: LogFiles, file: LogFile): Promise<Uint8Array> {
  return files.read(formatLogPath(file), MAX_FILE);
}
