/**
 * What Postgres stores beside the entries of a topic: head, tiles, checkpoints, keys, cosignatures, published counts. Each must be
 * what the entries make it. Reads a snapshot that the caller holds.
 */
import type { ClientBase } from 'pg';
import { formatCounts } from '../ledger/export-format.ts';
import { type Checkpoint, isSignedBy, namesKey, parseCheckpoint, parseVerifierKey, type VerifierKey } from '../ledger/checkpoint.ts';
import { equalBytes } from '../ledger/hex.ts';
import { Failure, placed } from '../ledger/verify-result.ts';
import type { VerifiedChain } from '../ledger/verify-chain.ts';
import type { VerifiedTree } from '../ledger/verify-tree.ts';
import type { Counts } from '../model/counts.ts';

const PAGE = 256;

export interface StoredHead {
  readonly size: number;
  readonly entry: Buffer;
  readonly frontier: Buffer;
  readonly sources: number;
  readonly questions: number;
}

export async function readHead(client: ClientBase, topic: string): Promise<StoredHead | undefined> {
  const found = await client.query<StoredHead>('SELECT size, entry, frontier, sources, questions FROM ledger_head WHERE topic = $1', [topic]);
  return found.rows[0];
}

/** @throws Failure at `ledger_head` */
export function compareHead(head: StoredHead, chain: VerifiedChain): void {
  if (head.size !== chain.size) throw new Failure('ledger_head', `column size says ${head.size}, there are ${chain.size} entries`);
  if (!equalBytes(head.entry, chain.head)) throw new Failure('ledger_head', `column entry is not the hash of entry ${chain.size - 1}`);
  if (!equalBytes(head.frontier, chain.tree.frontier())) throw new Failure('ledger_head', 'column frontier is not that of the entries');
  for (const name of ['sources', 'questions'] as const) {
    if (head[name] !== chain.numbers[name]) throw new Failure('ledger_head', `column ${name} says ${head[name]}, the entries have ${chain.numbers[name]}`);
  }
}

/** All full tiles of level 0, and those of upper levels that are stored: they may come later. @throws Failure at `ledger_tile L/N` */
export async function compareTiles(client: ClientBase, topic: string, tree: VerifiedTree): Promise<number> {
  let [level, index, bottom, tiles] = [-1, -1, 0, 0];
  for (;;) {
    const page = await client.query<{ level: number; tile_index: number; hashes: Buffer }>(
      'SELECT level, tile_index, hashes FROM ledger_tile WHERE topic = $1 AND (level, tile_index) > ($2, $3) ORDER BY level, tile_index LIMIT $4',
      [topic, level, index, PAGE],
    );
    for (const row of page.rows) {
      [level, index] = [row.level, row.tile_index];
      const where = `ledger_tile ${level}/${index}`;
      const expected = tree.tile(level, index);
      if (!expected) throw new Failure(where, 'the entries do not fill it');
      if (!equalBytes(row.hashes, expected)) throw new Failure(where, 'its hashes are not those of the entries');
      if (level === 0 && index !== bottom) throw new Failure(`ledger_tile 0/${bottom}`, 'it is full, but not stored');
      if (level === 0) bottom++;
      tiles++;
    }
    if (page.rows.length < PAGE) break;
  }
  if (tree.tile(0, bottom)) throw new Failure(`ledger_tile 0/${bottom}`, 'it is full, but not stored');
  return tiles;
}

/** Published counts: remembered before the entries are read, compared when the fold stands at their size. */
export interface StoredCounts {
  readonly size: number;
  readonly root: Buffer;
  readonly document: Counts;
}

export async function readCounts(client: ClientBase, topic: string): Promise<StoredCounts | undefined> {
  const found = await client.query<StoredCounts>('SELECT size, root, document FROM counts WHERE topic = $1', [topic]);
  return found.rows[0];
}

/** `recounted`: the fold's numbers at the stored size, in their form for comparing. @throws Failure at `counts` */
export function compareCounts(stored: StoredCounts, recounted: string | undefined, tree: VerifiedTree): void {
  if (recounted === undefined) throw new Failure('counts', `column size says ${stored.size}, there are only ${tree.size} entries`);
  if (!equalBytes(stored.root, tree.rootAt(stored.size))) throw new Failure('counts', `column root is not that of ${stored.size} entries`);
  if (formatCounts(stored.document) !== recounted) throw new Failure('counts', 'the published counts are not what the headers add up to');
}

export interface StoredCheckpoints {
  /** With its cosignature lines. */
  readonly newest: Checkpoint | undefined;
  /** That signed the newest. */
  readonly key: VerifierKey | undefined;
  readonly checked: number;
  /** Of these, by keys that are not kept: releases before log_key kept none, and an origin or key may have changed since. */
  readonly byUnknownKeys: number;
}

/** Every stored checkpoint. @throws Failure at `checkpoint SIZE` or `log_key` */
export async function compareCheckpoints(client: ClientBase, topic: string, tree: VerifiedTree): Promise<StoredCheckpoints> {
  const keys = await readKeys(client, topic);
  let newest: Checkpoint | undefined;
  let key: VerifierKey | undefined;
  let [checked, byUnknownKeys] = [0, 0];
  for (let after = -1; ; ) {
    const page = await client.query<{ size: number; root: Buffer; note: string; lines: string[] | null; names: string[] | null }>(
      `SELECT p.size, p.root, p.note, array_agg(c.line ORDER BY c.name) FILTER (WHERE c.line IS NOT NULL) AS lines,
              array_agg(c.name ORDER BY c.name) FILTER (WHERE c.line IS NOT NULL) AS names
         FROM checkpoint p LEFT JOIN cosignature c ON c.topic = p.topic AND c.size = p.size
        WHERE p.topic = $1 AND p.size > $2 GROUP BY p.topic, p.size ORDER BY p.size LIMIT $3`,
      [topic, after, PAGE],
    );
    for (const row of page.rows) {
      const where = `checkpoint ${row.size}`;
      const own = placed(where, () => parseCheckpoint(row.note));
      if (own.size !== row.size) throw new Failure(where, `column size says ${row.size}, the note ${own.size}`);
      if (!equalBytes(own.root, row.root)) throw new Failure(where, 'column root is not that of the note');
      if (!own.origin.endsWith(`/${topic}`)) throw new Failure(where, `the note is of ${own.origin}`);
      if (own.size > tree.size) throw new Failure(where, `it covers ${own.size} entries, there are only ${tree.size}: entries were cut`);
      if (!equalBytes(tree.rootAt(own.size), own.root)) throw new Failure(where, 'the entries had another root at its size: history was rewritten');
      const known = keys.find((each) => own.signatures.some((signature) => namesKey(signature, each)));
      if (known && !(await isSignedBy(own, known))) throw new Failure(where, 'the signature does not hold under the key in log_key that it names');
      if (!known) byUnknownKeys++;
      key = known;
      newest = placed(where, () => parseCheckpoint(row.note + (row.lines ?? []).map((line) => `${line}\n`).join('')));
      const named = newest.signatures.slice(own.signatures.length).map(({ name }) => name);
      if (named.join('\n') !== (row.names ?? []).join('\n')) throw new Failure(where, 'column cosignature.name is not the name in its line');
      after = row.size;
      checked++;
    }
    if (page.rows.length < PAGE) break;
  }
  if (newest && !key) throw new Failure(`checkpoint ${newest.size}`, 'no key in log_key signed it (after an upgrade the signer has to run once)');
  return { newest, key, checked, byUnknownKeys };
}

async function readKeys(client: ClientBase, topic: string): Promise<VerifierKey[]> {
  const found = await client.query<{ vkey: string }>('SELECT vkey FROM log_key WHERE topic = $1 ORDER BY first_used_at', [topic]);
  return found.rows.map(({ vkey }) => placed('log_key', () => parseVerifierKey(vkey)));
}
