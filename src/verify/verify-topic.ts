/**
 * Verification of a topic in Postgres, at one snapshot: all that an export shows, and that the tables beside the entries say the
 * same as the entries. Entries after the newest checkpoint are checked too; nobody has signed them yet.
 * Proved by test/integration/verify-topic.test.ts, which tampers with every table.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Pool, PoolClient } from 'pg';
import { countsOf } from '../counts/fold.ts';
import { withSnapshot } from '../db/pool.ts';
import { InvalidInputError } from '../errors.ts';
import { fingerprintOf } from '../ledger/checkpoint.ts';
import { formatCounts } from '../ledger/export-format.ts';
import { VerifiedChain } from '../ledger/verify-chain.ts';
import { checkOld, checkWitnesses, requireTrustedKey } from '../ledger/verify-closing.ts';
import { checkEntry } from '../ledger/verify-entry.ts';
import { type Failed, Failure, settle, type Verified, type VerifyOptions } from '../ledger/verify-result.ts';
import { SourceStates } from './source-states.ts';
import { ColumnChecker, STORED_ENTRIES, type StoredEntry, toEntryLine } from './stored-entry.ts';
import { compareCheckpoints, compareCounts, compareHead, compareTiles, readCounts, readHead, type StoredCounts } from './stored-log.ts';

const PAGE = 2_000;

/** `size` and `root` are those of the newest checkpoint; without one those of the head, and nothing is signed. */
export interface TopicVerified extends Omit<Verified, 'origin' | 'excerpt' | 'fingerprint' | 'history'> {
  readonly origin?: string;
  /** Entries after the newest checkpoint. */
  readonly unsigned: number;
  /** Stored checkpoints, each with its root checked, and its signature where the key is kept. */
  readonly checkpoints: number;
  readonly byUnknownKeys: number;
  readonly tiles: number;
  readonly fingerprint?: string;
}

/** `where` may also name a table: `ledger_head`, `ledger_tile L/N`, `checkpoint SIZE`, `log_key`. @throws InvalidInputError `unknown_topic` */
export async function verifyTopic(pool: Pool, topic: string, options: VerifyOptions = {}): Promise<TopicVerified | Failed> {
  return settle(() => withSnapshot(pool, (client) => verifySnapshot(client, topic, options)));
}

async function verifySnapshot(client: PoolClient, topic: string, options: VerifyOptions): Promise<TopicVerified> {
  const head = await readHead(client, topic);
  if (!head) throw new InvalidInputError('unknown_topic', `there is no topic ${topic}`);
  const stored = await readCounts(client, topic);
  const chain = new VerifiedChain(options.onProgress);
  const states = new SourceStates();
  const recounted = await addEntries(client, { topic, chain, states, stored });
  compareHead(head, chain);
  chain.requireTombstones();
  await states.compareStates(client, topic);
  await states.compareErased(client, topic);
  const tiles = await compareTiles(client, topic, chain.tree);
  const { newest, key, checked, byUnknownKeys } = await compareCheckpoints(client, topic, chain.tree);
  if (stored) compareCounts(stored, recounted, chain.tree);
  if (options.key && !newest) throw new Failure('key', 'nothing has been signed yet');
  if (options.key && newest) await requireTrustedKey(newest, options.key);
  if (options.oldCheckpoint) checkOld(chain.tree, options.oldCheckpoint, newest?.origin ?? options.oldCheckpoint.origin);
  if (options.witnesses?.length && !newest) throw new Failure('checkpoint', 'nothing has been signed yet');
  const size = newest?.size ?? chain.size;
  return {
    ok: true,
    topic,
    ...(newest && key ? { origin: newest.origin, fingerprint: fingerprintOf(key) } : {}),
    size,
    root: bytesToHex(chain.tree.rootAt(size)),
    entries: chain.size,
    head: bytesToHex(chain.head),
    ...chain.tally,
    counts: stored ? 'equal' : 'not checked',
    witnesses: newest ? await checkWitnesses(newest, options.witnesses ?? []) : [],
    signer: options.key ? 'authenticated' : 'not authenticated',
    unsigned: newest ? chain.size - newest.size : chain.size,
    checkpoints: checked,
    byUnknownKeys,
    tiles,
  };
}

interface Adding {
  readonly topic: string;
  readonly chain: VerifiedChain;
  readonly states: SourceStates;
  readonly stored: StoredCounts | undefined;
}

/** Gives the counts at the stored size, once the fold has been there. */
async function addEntries(client: PoolClient, { topic, chain, states, stored }: Adding): Promise<string | undefined> {
  const columns = new ColumnChecker();
  const recount = (): string | undefined => (stored?.size === chain.size ? formatCounts(countsOf(chain.fold)) : undefined);
  let recounted = recount();
  for (;;) {
    const page = await client.query<StoredEntry>(STORED_ENTRIES, [topic, chain.size, PAGE]);
    for (const row of page.rows) {
      const seq = chain.size;
      if (row.seq !== seq) throw new Failure(`seq ${seq}`, `the entry is missing: the next one is ${row.seq}`);
      const checked = checkEntry(toEntryLine(row), { topic, previous: chain.head, seq, line: seq });
      columns.check(row, checked);
      chain.add(checked);
      states.add(checked.header);
      recounted ??= recount();
    }
    if (page.rows.length < PAGE) return recounted;
  }
}
