/** Learning from review: decisions become a candidate that nobody adopts unasked, the same ones the same bytes, and an erased post's are gone. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEmbedded } from '../../src/annotators/embedded/load.ts';
import { withHearsay } from '../../src/cli/open-hearsay.ts';
import { runCli } from '../../src/cli/run.ts';
import { type ClaimState, stateOf, type SourceState } from '../../src/counts/fold.ts';
import { createEdge, type TestEdge } from './edge.ts';

const TEXTS = [
  'I took Semax for three weeks and my focus got much better. I would use it again.',
  'Semax gave me terrible headaches every single day, so I stopped using it after a week.',
  'On Semax my memory got better and my mood improved as well, I noticed it within days.',
];

let edge: TestEdge;
let dir: string;
beforeAll(async () => {
  edge = await createEdge();
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-train-'));
  const file = path.join(dir, 'posts.ndjson');
  await writeFile(file, TEXTS.map((text, index) => `${JSON.stringify({ id: `p${index}`, platform: 'web', text })}\n`).join(''));
  expect(await runCli(['import', file, '--format', 'ndjson', '--topic', 'semax'], edge), edge.written.talk).toBe(0);
});
afterAll(async () => {
  await edge.close();
  await rm(dir, { recursive: true, force: true });
});

async function train(name: string) {
  edge.written.out = '';
  expect(await runCli(['train', '--from-reviews', '--topic', 'semax', '--out', path.join(dir, name)], edge), edge.written.talk).toBe(0);
  return JSON.parse(edge.written.out);
}

async function states(): Promise<(SourceState | ClaimState)[]> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const fold = await hearsay.folds.foldAt(hearsay.pool, 'semax');
    return Array.from({ length: fold.size }, (_, seq) => stateOf(fold, seq)).filter((state) => state !== undefined);
  });
}

async function decide(seq: number, ...decision: string[]): Promise<void> {
  expect(await runCli(['review', 'decide', 'semax', String(seq), ...decision, '--reviewer', 'Ann'], edge), edge.written.talk).toBe(0);
}

describe('hearsay train --from-reviews', () => {
  it('has nothing to learn where nobody decided anything', async () => {
    expect(await runCli(['train', '--from-reviews', '--out', path.join(dir, 'none')], edge)).toBe(1);
    expect(edge.written.talk).toContain('no_decisions');
  });

  it('learns what people said instead, the same from the same decisions', async () => {
    const all = await states();
    const sources = all.filter((state) => state.kind === 'source');
    const claims = all.filter((state) => state.kind === 'claim' && state.labels.direction !== 'none');
    expect(claims.length).toBeGreaterThan(1);
    await decide((sources[0] as SourceState).seq, 'amend', '--set', 'sentiment=mixed');
    await decide((sources[1] as SourceState).seq, 'accept');
    await decide((claims[0] as ClaimState).seq, 'reject');
    // An audit moves no count, and teaches nothing.
    await decide((sources[2] as SourceState).seq, 'accept', '--role', 'audit');

    const learned = await train('one');
    expect(learned.reviews.rows).toEqual({ 'claim rejected': 1, 'source accepted': 1, 'source amended': 1 });
    expect(learned.reviews.skipped).toEqual({ no_decision: 1 });
    expect(await train('two')).toEqual(learned);
    for (const file of ['weights.bin', 'calibration.json', 'manifest.json']) {
      expect((await readFile(path.join(dir, 'one', file))).equals(await readFile(path.join(dir, 'two', file)))).toBe(true);
    }

    const shipped = await loadEmbedded();
    const candidate = await loadEmbedded({ models: path.join(dir, 'one') });
    expect(candidate.id).toBe(learned.annotator);
    expect(candidate.id).not.toBe(shipped.id);
    expect(edge.written.talk).toContain(`hearsay annotate diff SLUG --candidate ${candidate.id}`);
    const say = async (annotator: typeof shipped) =>
      (
        await annotator.annotate([{ id: 'p0', platform: 'web', text: TEXTS[0] as string, compounds: ['Semax'] }], {
          compounds: [{ id: 'semax', name: 'Semax', aliases: [] }],
          lookalikes: [],
        })
      )[0];
    expect((await say(shipped))?.sentiment).toBe('positive');
    expect((await say(candidate))?.sentiment).toBe('mixed');
  });

  it('forgets a post that was erased', async () => {
    expect(await runCli(['erase', 'web', 'p0', '--reason', 'request', '--no-scrub'], edge), edge.written.talk).toBe(0);
    const learned = await train('three');
    expect(learned.reviews.rows['source amended']).toBeUndefined();
    expect(learned.reviews.skipped['erased']).toBeGreaterThan(0);
  });
});
