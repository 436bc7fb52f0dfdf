/**
 * Writing sealed entries, their contents, the tiles they fill and the head, inside the append's transaction. Entries go in while
 * the next ones are still being sealed, so that server and client work at the same time; the last statement swaps the head.
 * Proved by test/integration/append.test.ts and tiles.test.ts; what it costs is in bench/append.
 */
import { setImmediate } from 'node:timers/promises';
import type { ClientBase, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { byteaArray, int8Array, textArray } from '../db/binary-array.ts';
import { IntegrityError } from '../errors.ts';
import { encodeFrontier } from './merkle.ts';
import type { Plan, PlannedSource } from './plan-source.ts';
import type { Head, SealedEntry, Sealer } from './seal.ts';
import { TILE_WIDTH } from './tile.ts';

/** Entries of a statement: few in the first, so that the server soon has something to do; then twice as many each time, as every statement has a price. */
const BATCH = { first: 25, most: 128 };
/** Statements on their way at most: what is sealed meanwhile waits in memory. */
const IN_FLIGHT = 8;

/** A tile's first leaves may be of earlier appends: they are hashed where they are (RFC 6962 section 2.1), not read and sent back. */
const ENTRIES = `
  entries AS (
    INSERT INTO ledger_entry (topic, seq, type, key, ref, header, entry)
    SELECT $1, e.* FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bytea[], $7::bytea[]) AS e
  ), contents AS (
    INSERT INTO ledger_content (topic, seq, salt, content)
    SELECT $1, c.* FROM unnest($8::bigint[], $9::bytea[], $10::bytea[]) AS c
  ), tiles AS (
    INSERT INTO ledger_tile (topic, level, tile_index, hashes)
    SELECT $1, 0, t.index, coalesce(earlier.hashes, '') || t.hashes
      FROM unnest($11::bigint[], $12::bytea[]) AS t (index, hashes),
           LATERAL (SELECT string_agg(sha256('\\x00'::bytea || entry), ''::bytea ORDER BY seq) AS hashes
                      FROM ledger_entry WHERE topic = $1 AND seq >= t.index * ${TILE_WIDTH} AND seq < (t.index + 1) * ${TILE_WIDTH} - octet_length(t.hashes) / 32) AS earlier
  )`;

const WRITE = `WITH ${ENTRIES} SELECT`;

/** Foreign keys are checked at the end of the statement, so everything may ride in one. */
const SWAP = `
  WITH moved AS (
    UPDATE ledger_head SET size = $15, entry = $16, frontier = $17, sources = $30, questions = $31
     WHERE topic = $1 AND size = $13 AND entry = $14
    RETURNING topic
  ), ${ENTRIES}, sources AS (
    INSERT INTO ledger_source (topic, seq, number, post_key, revision_id, thread_key, author_key, text_digest, signature, bands, thread, experience, state)
    SELECT $1, s.seq, s.number, s.post_key, s.revision_id, s.thread_key, s.author_key, s.text_digest, s.signature, s.bands::bigint[], s.thread, s.experience, s.state
      FROM unnest($18::bigint[], $19::bigint[], $20::bytea[], $21::bigint[], $22::bytea[], $23::bytea[], $24::bytea[], $25::bytea[], $26::text[], $27::bigint[], $28::bigint[], $29::text[])
        AS s (seq, number, post_key, revision_id, thread_key, author_key, text_digest, signature, bands, thread, experience, state)
  )
  SELECT count(*)::int AS moved FROM moved`;

export class EntryWriter {
  readonly #client: ClientBase;
  readonly #base: Head;
  /** Statements not answered yet, oldest first. */
  readonly #pending: Promise<unknown>[] = [];
  #batch = BATCH.first;
  /** Leaf hashes of this append since the last tile it filled. */
  #leaves: Uint8Array[] = [];

  /** `base`: the head as it was locked. `client` must be of a pool that pipelines (db/pool.ts). */
  constructor(client: ClientBase, base: Head) {
    this.#client = client;
    this.#base = base;
  }

  /** Starts to write what the sealer has, if it is enough; waits only when too much is on its way. */
  async writeSome(sealer: Sealer): Promise<void> {
    if (sealer.waiting < this.#batch) return;
    this.#batch = Math.min(this.#batch * 2, BATCH.most);
    const values = [this.#base.topic, ...this.#encode(sealer.takeEntries())];
    const written = this.#send({ name: 'ledger_write', text: WRITE, values });
    // Whoever waits for it is told; until then a failure is nobody's unhandled rejection.
    written.catch(() => undefined);
    this.#pending.push(written);
    if (this.#pending.length > IN_FLIGHT) await this.#pending.shift();
    // Planning waits for nothing, and without a turn of the event loop what is written here would not leave the process.
    await setImmediate();
  }

  /** Writes the rest and moves the head. @throws IntegrityError `head_moved` when it is not where it was locked. */
  async finish(sealer: Sealer, { sources, superseded, lookups }: Pick<Plan, 'sources' | 'superseded' | 'lookups'>): Promise<void> {
    const values = this.#encode(sealer.takeEntries());
    const { head } = sealer;
    const swapped = this.#send<{ moved: number }>({
      name: 'ledger_swap',
      text: SWAP,
      values: [
        this.#base.topic,
        ...values,
        this.#base.frontier.size,
        this.#base.entry,
        head.frontier.size,
        head.entry,
        encodeFrontier(head.frontier),
        ...sourceColumns(sources, superseded),
        lookups.sources,
        lookups.questions,
      ],
    });
    // The first that failed says why; those after it only that the transaction is over.
    await Promise.all([...this.#pending, swapped]);
    if ((await swapped).rows[0]?.moved !== 1) throw new IntegrityError('head_moved', `the head of ${this.#base.topic} changed while it was locked`);
  }

  async #send<Row extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<Row>> {
    try {
      return await this.#client.query<Row>(statement);
    } catch (error) {
      if ((error as { constraint?: string }).constraint !== 'ledger_tile_hashes_check') throw error;
      throw new IntegrityError('missing_entry', `entries before ${this.#base.frontier.size} of ${this.#base.topic} are missing`, { cause: error });
    }
  }

  /** Resolves when no statement is under way, whatever became of it. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  #encode(fresh: readonly SealedEntry[]): Buffer[] {
    const tiles = this.#fillTiles(fresh);
    const withContent = fresh.filter((entry) => entry.content !== null);
    return [
      int8Array(fresh.map((entry) => entry.seq)),
      textArray(fresh.map((entry) => entry.type)),
      byteaArray(fresh.map((entry) => entry.key)),
      int8Array(fresh.map((entry) => entry.ref)),
      byteaArray(fresh.map((entry) => entry.header)),
      byteaArray(fresh.map((entry) => entry.entry)),
      int8Array(withContent.map((entry) => entry.seq)),
      byteaArray(withContent.map((entry) => entry.salt)),
      byteaArray(withContent.map((entry) => entry.content)),
      int8Array(tiles.map((tile) => tile.index)),
      byteaArray(tiles.map((tile) => tile.hashes)),
    ];
  }

  /** Level-0 tiles that these entries complete, without the leaves that earlier appends wrote. */
  #fillTiles(fresh: readonly SealedEntry[]): { index: number; hashes: Uint8Array }[] {
    const tiles: { index: number; hashes: Uint8Array }[] = [];
    for (const { seq, leaf } of fresh) {
      this.#leaves.push(leaf);
      if ((seq + 1) % TILE_WIDTH !== 0) continue;
      tiles.push({ index: Math.floor(seq / TILE_WIDTH), hashes: Buffer.concat(this.#leaves) });
      this.#leaves = [];
    }
    return tiles;
  }
}

function sourceColumns(sources: readonly PlannedSource[], superseded: readonly number[]): Buffer[] {
  const request = sources.map((source) => source.request);
  return [
    int8Array(sources.map((source) => source.seq)),
    int8Array(sources.map((source) => source.number)),
    byteaArray(request.map((each) => each.postKey)),
    int8Array(request.map((each) => each.revisionId)),
    byteaArray(request.map((each) => each.threadKey ?? null)),
    byteaArray(request.map((each) => each.authorKey ?? null)),
    byteaArray(request.map((each) => each.textDigest ?? null)),
    byteaArray(request.map((each) => each.signature ?? null)),
    textArray(request.map((each) => `{${each.bands.join(',')}}`)),
    int8Array(sources.map((source) => source.thread)),
    int8Array(sources.map((source) => source.experience)),
    textArray(sources.map((source) => (superseded.includes(source.seq) ? 'superseded' : 'live'))),
  ];
}
