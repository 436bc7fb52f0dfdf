/** A new annotator version: waits outside the counts until it is adopted, then counts switch at one entry. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentCounts } from '../../src/cli/commands/counts.ts';
import { type OpenedHearsay, openHearsay } from '../../src/cli/open-hearsay.ts';
import { runCli } from '../../src/cli/run.ts';
import { startPipeline } from '../../src/cli/run-pipeline.ts';
import { appendAnnotator, listUnadopted, queueForAnnotator } from '../../src/pipeline/adopt.ts';
import type { Hearsay } from '../../src/pipeline/hearsay.ts';
import { reconcile } from '../../src/pipeline/reconcile.ts';
import { createEdge, type TestEdge } from './edge.ts';

const TEXTS = [
  'I took Semax for three weeks and my focus got much better. I would use it again.',
  'Semax gave me terrible headaches every single day, so I stopped using it after a week.',
  'Where do people order Semax these days? My usual place is out of stock.',
];

let edge: TestEdge;
let dir: string;
let opened: OpenedHearsay;
beforeAll(async () => {
  edge = await createEdge();
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-adopt-'));
  const file = path.join(dir, 'posts.ndjson');
  await writeFile(file, TEXTS.map((text, index) => `${JSON.stringify({ id: `p${index}`, platform: 'web', text })}\n`).join(''));
  expect(await runCli(['import', file, '--format', 'ndjson', '--topic', 'semax'], edge), edge.written.talk).toBe(0);
  opened = await openHearsay(edge);
});
afterAll(async () => {
  await opened.close();
  await edge.close();
  await rm(dir, { recursive: true, force: true });
});

/** The real annotator, but a release later it finds every headache mixed instead of negative. */
function nextVersion(hearsay: Hearsay): Hearsay {
  const { annotator } = hearsay;
  const id = 'embedded-0000ffff';
  return {
    ...hearsay,
    annotator: {
      ...annotator,
      id,
      digest: 'f'.repeat(64),
      async annotate(inputs, scope) {
        const annotations = await annotator.annotate(inputs, scope);
        return annotations.map((annotation, index) => ({
          ...annotation,
          annotator: id,
          sentiment: inputs[index]?.text.includes('headaches') ? ('mixed' as const) : annotation.sentiment,
        }));
      },
    },
  };
}

async function sourcesBy(annotator: string): Promise<number> {
  const found = await opened.hearsay.pool.query(
    `SELECT 1 FROM ledger_entry WHERE topic = 'semax' AND type = 'source' AND convert_from(header, 'UTF8')::jsonb ->> 'annotator' = $1`,
    [annotator],
  );
  return found.rowCount ?? 0;
}

describe('a new annotator version', () => {
  it('appends only what it says differently, and counts once it is adopted', async () => {
    const old = opened.hearsay;
    const next = nextVersion(old);
    expect(await listUnadopted(old.pool, old.annotator.id)).not.toContain('semax');
    expect(await listUnadopted(old.pool, next.annotator.id)).toContain('semax');
    const before = await currentCounts(old, 'semax');

    const pipeline = await startPipeline(edge, { hearsay: next, database: opened.database });
    try {
      expect(edge.written.talk).toContain('hearsay topic adopt semax');
      expect(await queueForAnnotator(next, 'semax')).toBe(3);
      await reconcile(next, pipeline.queues);
      await pipeline.drain();
      expect(await sourcesBy(next.annotator.id)).toBe(1);
      const waiting = await currentCounts(next, 'semax');
      expect({ ...waiting, head: before.head, set_aside: before.set_aside }).toEqual(before);
      expect(waiting.set_aside).toMatchObject({ not_adopted: 1, superseded: 0 });

      await appendAnnotator(next, 'semax');
      await appendAnnotator(next, 'semax');
      await pipeline.queues.addRecount('semax');
      await pipeline.drain();
    } finally {
      await pipeline.close();
    }
    const after = await currentCounts(next, 'semax');
    expect(after.set_aside).toMatchObject({ not_adopted: 0, superseded: 1 });
    expect(after.posts).toBe(before.posts);
    expect(await queueForAnnotator(next, 'semax')).toBe(0);
    expect(await runCli(['ledger', 'verify', 'semax'], edge), edge.written.talk).toBe(0);
  });

  it('is adopted by a command', async () => {
    expect(await runCli(['topic', 'adopt', 'semax'], edge), edge.written.talk).toBe(0);
    expect(edge.written.out).toContain('adopted by entry');
  });
});
