/**
 * Answers of the LLM annotator, kept beside the posts they are of and erased with them (src/ledger/forget-post.ts). Never through the queue or
 * into a log. Proved by test/integration/llm.test.ts.
 */
import type { Pool } from 'pg';
import type { AnswerCache } from '../annotators/llm/ports.ts';

export function createAnswerCache(pool: Pool): AnswerCache {
  return {
    async get(key) {
      const found = await pool.query<{ answer: string }>('SELECT answer FROM llm_answer WHERE key = $1', [Buffer.from(key, 'hex')]);
      return found.rows[0]?.answer;
    },
    async put(key, answer, post) {
      // An erasure that is under way ends first, and the post has no id any more: nothing is kept of it.
      const kept = await pool.query<{ answer: string }>(
        `INSERT INTO llm_answer AS held (key, post_id, answer)
         SELECT $1, p.id, $2 FROM (SELECT id FROM post WHERE platform = $3 AND native_id = $4 FOR KEY SHARE) AS p
         ON CONFLICT (key) DO UPDATE SET key = held.key
         RETURNING answer`,
        [Buffer.from(key, 'hex'), answer, post.platform, post.id],
      );
      return kept.rows[0]?.answer ?? answer;
    },
  };
}
