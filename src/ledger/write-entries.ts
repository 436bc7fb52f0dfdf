/**
 * Writing sealed entries, their contents, the tiles they fill and the head, inside the append's transaction. Entries go in while
 * the next ones are still being sealed, so that server and client work at the same time; the last statement swaps the head.
 * Proved by test/integration/append.test.ts and tiles.test.ts; what it costs is in bench/append.
 */
import type { ClientBase } from 'pg';
import { byteaArray, int8Array, textArray } from '../db/binary-array.ts';
import { IntegrityError } from '../errors.ts';
import { encodeFrontier, leafHashOf } from './merkle.ts';
import type { Plan, PlannedSource } from './plan-source.ts';
import type { Head, SealedEntry, Sealer } from './seal.ts';
import { TILE_WIDTH } from './tile.ts';

/** What planning may ask of the database: one statement at a time, after the writes before it. */
export type Queryable = Pick<ClientBase, 'query'>;

/** Entries that are worth a statement of their own while more are coming. */
const BATCH = 400;

const ENTRIES = `
  entries AS (
    INSERT INTO ledger_entry (topic, seq, type, key, ref, header, entry)
    SELECT $1, e.* FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bytea[], $7::bytea[]) AS e
  ), contents AS (
    INSERT INTO ledger_content (topic, seq, salt, content)
    SELECT $1, c.* FROM unnest($8::bigint[], $9::bytea[], $10::bytea[]) AS c
  ), tiles AS (
    INSERT INTO ledger_tile (topic, level, tile_index, hashes)
    SELECT $1, 0, t.* FROM unnest($11::bigint[], $12::bytea[]) AS t
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
  #pending: Promise<unknown> = Promise.resolve();
  /** Leaf hashes of this append since the last tile it filled. */
  #leaves: Uint8Array[] = [];

  /** `base`: the head as it was locked. */
  constructor(client: ClientBase, base: Head) {
    this.#client = client;
    this.#base = base;
  }

  /** For planning: waits for the write under way, as a connection takes one statement at a time. */
  get queryable(): Queryable {
    const query = async (text: string, values?: unknown[]) => {
      await this.#pending;
      return this.#client.query(text, values);
    };
    return { query: query as ClientBase['query'] };
  }

  /** Starts to write what the sealer has, if it is enough; waits only for the write before. */
  async writeSome(sealer: Sealer): Promise<void> {
    if (sealer.waiting < BATCH) return;
    await this.#pending;
    const values = await this.#encode(sealer.takeEntries());
    this.#pending = this.#client.query(WRITE, [this.#base.topic, ...values]);
    // Whoever waits for it next is told; until then a failure is nobody's unhandled rejection.
    this.#pending.catch(() => undefined);
  }

  /** Writes the rest and moves the head. @throws IntegrityError `head_moved` when it is not where it was locked. */
  async finish(sealer: Sealer, { sources, superseded, lookups }: Pick<Plan, 'sources' | 'superseded' | 'lookups'>): Promise<void> {
    await this.#pending;
    const values = await this.#encode(sealer.takeEntries());
    const { head } = sealer;
    const swapped = await this.#client.query<{ moved: number }>(SWAP, [
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
    ]);
    if (swapped.rows[0]?.moved !== 1) throw new IntegrityError('head_moved', `the head of ${this.#base.topic} changed while it was locked`);
  }

  /** Resolves when no statement is under way, whatever became of it. */
  async settle(): Promise<void> {
    await this.#pending.catch(() => undefined);
  }

  async #encode(fresh: readonly SealedEntry[]): Promise<Buffer[]> {
    const tiles = await this.#fillTiles(fresh);
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

  /** Level-0 tiles that these entries complete. The part of the first that earlier appends wrote is read back. */
  async #fillTiles(fresh: readonly SealedEntry[]): Promise<{ index: number; hashes: Uint8Array }[]> {
    const tiles: { index: number; hashes: Uint8Array }[] = [];
    for (const { seq, leaf } of fresh) {
      this.#leaves.push(leaf);
      if ((seq + 1) % TILE_WIDTH !== 0) continue;
      const earlier = await this.#readLeaves(seq + 1 - TILE_WIDTH, TILE_WIDTH - this.#leaves.length);
      tiles.push({ index: Math.floor(seq / TILE_WIDTH), hashes: Buffer.concat([...earlier, ...this.#leaves]) });
      this.#leaves = [];
    }
    return tiles;
  }

  async #readLeaves(first: number, count: number): Promise<Uint8Array[]> {
    if (count === 0) return [];
    const found = await this.#client.query<{ entry: Buffer }>('SELECT entry FROM ledger_entry WHERE topic = $1 AND seq >= $2 AND seq < $3 ORDER BY seq', [
      this.#base.topic,
      first,
      first + count,
    ]);
    if (found.rows.length !== count) throw new IntegrityError('missing_entry', `entries before ${first + count} of ${this.#base.topic} are missing`);
    return found.rows.map((row) => leafHashOf(row.entry));
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
