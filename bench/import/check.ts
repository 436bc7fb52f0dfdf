/** Whether everything that was written into the dump came to what it should: what the command said, and what is in the database. */
import pg from 'pg';
import type { StoreTally } from '../../src/pipeline/store-posts.ts';
import type { Expected } from './lines.ts';

export interface Check {
  readonly what: string;
  readonly expected: number;
  readonly found: number;
}

interface Kept {
  posts: number;
  off_topic: number;
  off_topic_label: number;
  kept: number;
  left: number;
  sources: number;
  folded: number;
  head: number;
}

const KEPT = `
  SELECT (SELECT count(*)::int FROM hearsay.topic_post WHERE topic = $1) AS posts,
         (SELECT count(*)::int FROM hearsay.refusal WHERE topic = $1 AND stage = 'gate' AND code = 'off_topic') AS off_topic,
         (SELECT count(*)::int FROM hearsay.refusal WHERE topic = $1 AND stage = 'gate' AND code = 'off_topic_label') AS off_topic_label,
         (SELECT count(*)::int FROM hearsay.annotation WHERE topic = $1 AND outcome = 'keep') AS kept,
         (SELECT count(*)::int FROM hearsay.unannotated) AS left,
         (SELECT count(*)::int FROM hearsay.ledger_entry WHERE topic = $1 AND type = 'source') AS sources,
         (SELECT size::int FROM hearsay.counts WHERE topic = $1) AS folded,
         (SELECT size::int FROM hearsay.ledger_head WHERE topic = $1) AS head`;

export async function checkCounts(url: string, what: { readonly topic: string; readonly tally: StoreTally; readonly expected: Expected }): Promise<Check[]> {
  const client = new pg.Client(url);
  await client.connect();
  const found = await client.query<Kept>(KEPT, [what.topic]);
  await client.end();
  const kept = found.rows[0] as Kept;
  const { expected, tally } = what;
  const codes = [...new Set([...Object.keys(expected.refused), ...Object.keys(tally.refused)])].sort();
  return [
    { what: 'lines read', expected: expected.lines, found: tally.seen },
    { what: 'new posts', expected: expected.posts, found: tally.newPosts },
    { what: 'unchanged', expected: expected.unchanged, found: tally.unchanged },
    { what: 'new revisions', expected: 0, found: tally.newRevisions },
    ...codes.map((code) => ({ what: `refused, ${code}`, expected: expected.refused[code] ?? 0, found: tally.refused[code] ?? 0 })),
    { what: 'posts stored', expected: expected.posts, found: kept.posts },
    { what: 'off topic', expected: expected.posts - expected.naming, found: kept.off_topic },
    { what: 'naming the compound', expected: expected.naming, found: kept.kept + kept.off_topic_label },
    { what: 'left to annotate', expected: 0, found: kept.left },
    { what: 'sources in the ledger', expected: kept.kept, found: kept.sources },
    { what: 'entries folded', expected: kept.head, found: kept.folded },
  ];
}
