/**
 * The fold of each topic, kept in memory and brought up to the head on demand: a cold process folds the whole
 * chain once, a warm one only what is new. The ledger stays the truth; losing this loses time.
 */
import type { ClientBase, Pool } from 'pg';
import { emptyFold, type Fold, foldHeader } from '../counts/fold.ts';
import { IntegrityError } from '../errors.ts';
import { type Header, headerSchema } from './header.ts';

const PAGE = 5_000;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws IntegrityError `bad_header` when stored bytes are not a header. */
export function decodeHeader(bytes: Uint8Array): Header {
  const parsed = headerSchema.safeParse(JSON.parse(utf8.decode(bytes)));
  if (!parsed.success) throw new IntegrityError('bad_header', `stored header is invalid: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

export class FoldReader {
  readonly #folds = new Map<string, Fold>();
  readonly #busy = new Map<string, Promise<Fold>>();

  /**
   * The topic's fold at the head that `client` sees, or at `upTo` entries unless it already stands past them. One caller at a
   * time folds a topic; read what you need of the fold before your next await, for the next caller moves it on.
   */
  async foldAt(client: Pick<ClientBase, 'query'> | Pool, topic: string, upTo = Number.MAX_SAFE_INTEGER): Promise<Fold> {
    const turn = (this.#busy.get(topic) ?? Promise.resolve(undefined)).catch(() => undefined).then(() => this.#catchUp(client, topic, upTo));
    this.#busy.set(topic, turn);
    return turn;
  }

  async #catchUp(client: Pick<ClientBase, 'query'> | Pool, topic: string, upTo: number): Promise<Fold> {
    const fold = this.#folds.get(topic) ?? emptyFold();
    this.#folds.set(topic, fold);
    for (;;) {
      const page = await client.query<{ header: Buffer }>('SELECT header FROM ledger_entry WHERE topic = $1 AND seq >= $2 AND seq < $3 ORDER BY seq LIMIT $4', [
        topic,
        fold.size,
        upTo,
        PAGE,
      ]);
      for (const row of page.rows) foldHeader(fold, decodeHeader(row.header));
      if (page.rows.length < PAGE) return fold;
    }
  }
}
