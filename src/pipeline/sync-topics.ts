/** Brings the topic files into the database: topics, their communities, an empty ledger each with the annotator as entry 0. */
import { createHash } from 'node:crypto';
import { jcsText } from '../ledger/canonical.ts';
import { inTransaction } from '../db/pool.ts';
import { appendEntries } from '../ledger/append.ts';
import type { Community } from '../model/topic.ts';
import type { Hearsay } from './hearsay.ts';

/** Stable name of a community inside a topic: reordering or rescheduling the file keeps its cursor. */
function communityKey(community: Pick<Community, 'source' | 'query'>): string {
  return createHash('sha256')
    .update(`${community.source}\n${jcsText(community.query)}`)
    .digest('hex')
    .slice(0, 16);
}

export async function syncTopics(hearsay: Hearsay): Promise<void> {
  for (const topic of hearsay.topics.values()) {
    await inTransaction(hearsay.pool, async (client) => {
      await client.query(
        `INSERT INTO topic (slug, title, document) VALUES ($1, $2, $3)
         ON CONFLICT (slug) DO UPDATE SET title = excluded.title, document = excluded.document, loaded_at = now()`,
        [topic.slug, topic.title, JSON.stringify(topic)],
      );
      await client.query('INSERT INTO ledger_head (topic) VALUES ($1) ON CONFLICT DO NOTHING', [topic.slug]);
      await client.query('UPDATE community SET active = false WHERE topic = $1', [topic.slug]);
      for (const community of topic.communities) {
        await client.query(
          `INSERT INTO community (topic, key, source, query, schedule, budget) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (topic, key) DO UPDATE SET schedule = excluded.schedule, budget = excluded.budget, active = true`,
          [
            topic.slug,
            communityKey(community),
            community.source,
            JSON.stringify(community.query),
            JSON.stringify(community.schedule),
            JSON.stringify(community.budget),
          ],
        );
      }
      const { id, kind, digest } = hearsay.annotator;
      const adopted = await client.query(`SELECT 1 FROM ledger_entry WHERE topic = $1 AND type = 'annotator' LIMIT 1`, [topic.slug]);
      // Only the first annotator is adopted by itself; a later version waits for a person (design section 6).
      if (adopted.rowCount === 0)
        await appendEntries(client, { topic: topic.slug, now: hearsay.now(), folds: hearsay.folds }, [{ type: 'annotator', annotator: id, kind, digest }]);
    });
  }
}
