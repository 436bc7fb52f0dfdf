/** What waits to be annotated: read in batches however much it is, and a bound on it for those who bring more. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type OpenedHearsay, openHearsay } from '../../src/cli/open-hearsay.ts';
import { startPipeline } from '../../src/cli/run-pipeline.ts';
import { readBacklog } from '../../src/pipeline/backlog.ts';
import { BATCH, type Hearsay } from '../../src/pipeline/hearsay.ts';
import { createEdge, type TestEdge } from './edge.ts';

let edge: TestEdge;
let opened: OpenedHearsay;

beforeAll(async () => {
  edge = await createEdge();
  opened = await openHearsay(edge);
});
afterAll(async () => {
  await opened?.close();
  await edge?.close();
});
beforeEach(async () => {
  await opened.hearsay.pool.query('DELETE FROM unannotated');
});

/** Stores posts and marks them for a topic; returns the ids of their revisions. */
async function mark(topic: string, posts: number): Promise<number[]> {
  const found = await opened.hearsay.pool.query<{ revision_id: number }>(
    `WITH p AS (INSERT INTO post (post_key, platform, native_id) SELECT sha256(uuid_send(id)), 'web', id::text FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $2)) AS new RETURNING id),
          r AS (INSERT INTO post_revision (post_id, revision, digest, kind, text, text_digest) SELECT id, 1, '\\x00', 'page', 'I walk to work.', '\\x00' FROM p RETURNING id)
     INSERT INTO unannotated (topic, revision_id) SELECT $1, id FROM r RETURNING revision_id`,
    [topic, posts],
  );
  return found.rows.map((row) => row.revision_id).sort((a, b) => a - b);
}

describe('readBacklog', () => {
  it('hands out every revision once, in batches of one topic, also where marks go meanwhile', async () => {
    const waiting = { 'bpc-157': await mark('bpc-157', 3), semax: await mark('semax', 2 * BATCH + 1) };
    const read: Record<string, number[]> = {};
    const sizes: number[] = [];
    for await (const { topic, revisionIds } of (await readBacklog(opened.hearsay.pool)).annotate) {
      read[topic] = [...(read[topic] ?? []), ...revisionIds];
      sizes.push(revisionIds.length);
      await opened.hearsay.pool.query('DELETE FROM unannotated WHERE topic = $1 AND revision_id = ANY ($2)', [topic, revisionIds]);
    }
    expect(read).toEqual(waiting);
    expect(sizes).toEqual([3, BATCH, BATCH, 1]);
  });
});

/** The real annotator, which waits for `go`. */
function holdAnnotator(hearsay: Hearsay) {
  const turn = { start: (): void => undefined, go: (): void => undefined };
  const started = new Promise<void>((resolve) => (turn.start = resolve));
  const gate = new Promise<void>((resolve) => (turn.go = resolve));
  const order: string[] = [];
  const annotator: Hearsay['annotator'] = {
    ...hearsay.annotator,
    async annotate(inputs, scope) {
      turn.start();
      await gate;
      order.push('annotated');
      return hearsay.annotator.annotate(inputs, scope);
    },
  };
  return { hearsay: { ...hearsay, annotator }, started, order, go: () => turn.go() };
}

describe('catchUp', () => {
  it('waits until little enough is left', async () => {
    await mark('semax', 3);
    const held = holdAnnotator(opened.hearsay);
    const pipeline = await startPipeline(edge, { hearsay: held.hearsay, database: opened.database });
    try {
      await held.started;
      expect(await pipeline.catchUp(3)).toBe(true);
      expect(held.order).toEqual([]);
      const caught = pipeline.catchUp(2).then((done) => held.order.push(`caught up: ${done}`));
      held.go();
      await caught;
      expect(held.order).toEqual(['annotated', 'caught up: true']);
    } finally {
      held.go();
      await pipeline.close();
    }
  });

  it('waits no longer once asked to stop', async () => {
    await mark('semax', 3);
    const held = holdAnnotator(opened.hearsay);
    const pipeline = await startPipeline(edge, { hearsay: held.hearsay, database: opened.database });
    try {
      await held.started;
      edge.stop();
      expect(await pipeline.catchUp(2)).toBe(false);
      expect(held.order).toEqual([]);
    } finally {
      held.go();
      await pipeline.close();
    }
  });
});
