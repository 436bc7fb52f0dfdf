/** Why the current source of a post is withheld: what a person hid is not shown again because its platform still shows it. */
import type { ClientBase } from 'pg';
import { decodeHeader } from './fold-reader.ts';

/** Reason of the last `withhold` of a withheld source of the post; undefined where none is withheld. */
export async function readHoldReason(client: Pick<ClientBase, 'query'>, topic: string, postKey: Buffer): Promise<string | undefined> {
  // A withhold's key is its source, `@` and its own seq (plan-visibility.ts); `A` follows `@`.
  const found = await client.query<{ header: Buffer }>(
    `SELECT w.header FROM ledger_source s
       JOIN ledger_entry w ON w.topic = s.topic AND w.type = 'withhold'
                          AND w.key >= convert_to('withhold:' || s.seq || '@', 'UTF8') AND w.key < convert_to('withhold:' || s.seq || 'A', 'UTF8')
      WHERE s.topic = $1 AND s.post_key = $2 AND s.state = 'withheld'
      ORDER BY w.seq DESC LIMIT 1`,
    [topic, postKey],
  );
  const header = found.rows[0] && decodeHeader(found.rows[0].header);
  return header?.type === 'withhold' ? header.reason : undefined;
}
