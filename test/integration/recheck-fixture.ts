/** Kept posts in a real database, and rounds of re-checks at any day, against stand-ins. */
import { createEdge, type TestEdge } from './edge.ts';
import { openHearsay } from '../../src/cli/open-hearsay.ts';
import { inTransaction } from '../../src/db/pool.ts';
import type { IncomingPost } from '../../src/model/post.ts';
import type { Hearsay } from '../../src/pipeline/hearsay.ts';
import { type RecheckReport, recheckPosts } from '../../src/pipeline/recheck.ts';
import { storePosts } from '../../src/pipeline/store-posts.ts';
import { applyObserved } from '../../src/pipeline/sweep.ts';
import type { Capture, Source } from '../../src/sources/source.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);

export interface KeptPosts {
  readonly edge: TestEdge;
  readonly hearsay: Hearsay;
  /** Days since the start, and the clock of everything here. */
  turnTo(days: number): void;
  store(source: string, posts: readonly IncomingPost[], captures?: readonly Capture[]): Promise<void>;
  /** One round, and what follows from it. */
  look(days: number, sources: readonly Source[]): Promise<RecheckReport>;
  /** Native id -> state; of erased posts no id is left. */
  states(): Promise<Record<string, string>>;
  ask<Row>(sql: string, ...values: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openKeptPosts(options: {
  readonly routes?: Readonly<Record<string, string>>;
  readonly credentials?: Readonly<Record<string, string>>;
}): Promise<KeptPosts> {
  const edge = await createEdge();
  const opened = await openHearsay(edge, { ...options, hostIntervalMs: 0 });
  let nowMs = START_MS;
  const hearsay: Hearsay = { ...opened.hearsay, now: () => new Date(nowMs) };
  const turnTo = (days: number): void => {
    nowMs = START_MS + days * DAY_MS;
  };
  const ask = async <Row>(sql: string, ...values: unknown[]): Promise<Row[]> => (await hearsay.pool.query(sql, values)).rows as Row[];
  return {
    edge,
    hearsay,
    turnTo,
    ask,
    async store(source, posts, captures = []) {
      const dated = posts.map((post) => ({ ...post, observedAt: post.observedAt ?? hearsay.now().toISOString() }));
      const place = { topic: 'semax', stage: 'crawl', source } as const;
      await inTransaction(hearsay.pool, (client) => storePosts(client, hearsay, place, { posts: dated, refusals: [], captures }));
    },
    async look(days, sources) {
      turnTo(days);
      const report = await recheckPosts(hearsay, { sources });
      await applyObserved(hearsay, async () => undefined);
      return report;
    },
    async states() {
      const rows = await ask<{ id: string; state: string }>(`SELECT coalesce(native_id, 'erased') AS id, state FROM post ORDER BY post.id`);
      return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
    },
    async close() {
      await opened.close();
      await edge.close();
    },
  };
}
