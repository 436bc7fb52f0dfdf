/**
 * What planning needs to know of a topic's ledger, read in bulk under the head's lock and kept up to date while a
 * batch is planned, so that the second request of a batch sees what the first one will append.
 */
import type { ClientBase } from 'pg';
import type { AppendRequest, SourceRequest } from './request.ts';

export interface SourceRow {
  readonly seq: number;
  readonly postKey: string;
  readonly thread: number;
  readonly experience: number;
  readonly signature: Buffer | null;
}

interface CandidateRecord {
  seq: number;
  post_key: Buffer;
  author_key: Buffer | null;
  text_digest: Buffer | null;
  signature: Buffer | null;
  bands: string[];
  thread: number;
  experience: number;
  state: string;
}

/** Keys are hex. */
export class Lookups {
  readonly keys = new Map<string, number>();
  readonly blocked = new Set<string>();
  /** The live or withheld source of a post. */
  readonly current = new Map<string, SourceRow & { readonly state: string }>();
  readonly threads = new Map<string, number>();
  readonly #byAuthor = new Map<string, SourceRow[]>();
  readonly #byText = new Map<string, SourceRow[]>();
  readonly #byBand = new Map<string, SourceRow[]>();
  sources = 0;
  questions = 0;

  /** Earlier sources that may tell of the same experience: same author, same text, or a shared band. */
  candidates(request: SourceRequest): { readonly certain: readonly SourceRow[]; readonly similar: readonly SourceRow[] } {
    const certain = [
      ...((request.authorKey && this.#byAuthor.get(hex(request.authorKey))) ?? []),
      ...((request.textDigest && this.#byText.get(hex(request.textDigest))) ?? []),
    ];
    const similar = new Set(request.bands.flatMap((band) => this.#byBand.get(String(band)) ?? []));
    return { certain, similar: [...similar] };
  }

  /** Registers a source, read or just planned. Sources must come in the order of seq. */
  addSource(row: SourceRow, keys: { author?: Buffer | null; text?: Buffer | null; bands: readonly (bigint | string)[] }): void {
    if (keys.author) push(this.#byAuthor, hex(keys.author), row);
    if (keys.text) push(this.#byText, hex(keys.text), row);
    for (const band of keys.bands) push(this.#byBand, String(band), row);
  }

  addKey(type: string, key: Uint8Array, seq: number): void {
    this.keys.set(keyName(type, key), seq);
  }

  seqOf(type: string, key: Uint8Array): number | undefined {
    return this.keys.get(keyName(type, key));
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function keyName(type: string, key: Uint8Array): string {
  return `${type}:${hex(key)}`;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Key of a request's own entry; visibility and notices are idempotent by state instead. */
export function keyOf(request: AppendRequest): Buffer | undefined {
  switch (request.type) {
    case 'source':
      return request.key;
    case 'annotator':
      return Buffer.from(request.annotator);
    case 'review':
    case 'undo':
    case 'question':
      return Buffer.from(request.id);
    default:
      return undefined;
  }
}

/** Reads what `requests` touch. Call with the head locked. */
export async function readLookups(client: ClientBase, topic: string, requests: readonly AppendRequest[]): Promise<Lookups> {
  const lookups = new Lookups();
  const keyed = requests.flatMap((request) => {
    const key = keyOf(request);
    return key ? [{ type: request.type, key }] : [];
  });
  const existing = await client.query<{ type: string; key: Buffer; seq: number }>(
    `SELECT e.type, e.key, e.seq FROM ledger_entry e
       JOIN unnest($2::text[], $3::bytea[]) AS wanted (type, key) ON e.type = wanted.type AND e.key = wanted.key
      WHERE e.topic = $1`,
    [topic, keyed.map((item) => item.type), keyed.map((item) => item.key)],
  );
  for (const row of existing.rows) lookups.addKey(row.type, row.key, row.seq);

  const postKeys = requests.flatMap((request) => ('postKey' in request ? [request.postKey] : []));
  const blocked = await client.query<{ post_key: Buffer }>('SELECT post_key FROM blocked_post WHERE post_key = ANY ($1)', [postKeys]);
  for (const row of blocked.rows) lookups.blocked.add(hex(row.post_key));

  const sources = requests.filter((request) => request.type === 'source');
  const threadKeys = sources.flatMap((request) => request.threadKey ?? []);
  const found = await client.query<CandidateRecord>(
    `SELECT seq, post_key, author_key, text_digest, signature, bands, thread, experience, state
       FROM ledger_source
      WHERE topic = $1 AND state <> 'erased'
        AND (post_key = ANY ($2) OR author_key = ANY ($3) OR text_digest = ANY ($4) OR bands && $5::bigint[])
      ORDER BY seq`,
    [
      topic,
      postKeys,
      sources.flatMap((request) => request.authorKey ?? []),
      sources.flatMap((request) => request.textDigest ?? []),
      sources.flatMap((request) => request.bands.map(String)),
    ],
  );
  for (const record of found.rows) {
    const row = {
      seq: record.seq,
      postKey: hex(record.post_key),
      thread: record.thread,
      experience: record.experience,
      signature: record.signature,
      state: record.state,
    };
    lookups.addSource(row, { author: record.author_key, text: record.text_digest, bands: record.bands });
    if (record.state === 'live' || record.state === 'withheld') lookups.current.set(row.postKey, row);
  }
  const threads = await client.query<{ thread_key: Buffer; thread: number }>(
    'SELECT thread_key, min(thread) AS thread FROM ledger_source WHERE topic = $1 AND thread_key = ANY ($2) GROUP BY thread_key',
    [topic, threadKeys],
  );
  for (const row of threads.rows) lookups.threads.set(hex(row.thread_key), row.thread);
  const numbers = await client.query<{ sources: number; questions: number }>(
    `SELECT (SELECT coalesce(max(number), 0) FROM ledger_source WHERE topic = $1) AS sources,
            (SELECT count(*) FROM ledger_entry WHERE topic = $1 AND type = 'question') AS questions`,
    [topic],
  );
  lookups.sources = Number(numbers.rows[0]?.sources ?? 0);
  lookups.questions = Number(numbers.rows[0]?.questions ?? 0);
  return lookups;
}
