/** A candidate annotator in shadow: in no count, and what `annotate diff` promises is what adoption makes of the counts. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelFolder, writeModelFolder } from '../../src/annotators/embedded/model-folder.ts';
import { parseModels, storeModels } from '../../src/annotators/embedded/models.ts';
import { currentCounts } from '../../src/cli/commands/counts.ts';
import { withHearsay } from '../../src/cli/open-hearsay.ts';
import { runCli } from '../../src/cli/run.ts';
import { stateOf } from '../../src/counts/fold.ts';
import type { AnnotatorDiff } from '../../src/pipeline/diff-tally.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import { measureBacklog } from '../../src/pipeline/backlog.ts';
import { decide } from '../../src/pipeline/decide.ts';
import { createEdge, type TestEdge } from './edge.ts';

const TEXTS = [
  'I took Semax for three weeks and my focus got much better. I would use it again.',
  'Semax gave me terrible headaches every single day, so I stopped using it after a week.',
  'Where do people order Semax these days? My usual place is out of stock.',
  'My brother swears that Semax helped his memory, but I have not tried it myself.',
  'Second month on Semax: my anxiety is gone and I sleep better, although it made me a bit tired at first.',
  'Semax did nothing for me. No change in mood, no change in focus, nothing at all.',
];

let edge: TestEdge;
let dir: string;
beforeAll(async () => {
  edge = await createEdge();
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-shadow-'));
  const file = path.join(dir, 'posts.ndjson');
  const lines = [...TEXTS, `${TEXTS[0]}`].map((text, index) => JSON.stringify({ id: `p${index}`, platform: 'web', text, author: `a${index}` }));
  await writeFile(file, `${lines.join('\n')}\n`);
  expect(await runCli(['import', file, '--format', 'ndjson', '--topic', 'semax'], edge), edge.written.talk).toBe(0);
  await writeCandidate(path.join(dir, 'candidate'));
});
afterAll(async () => {
  await edge.close();
  await rm(dir, { recursive: true, force: true });
});

/** The shipped weights, but it sees mixed feelings everywhere, takes every mention of an outcome for an improvement, and holds back nothing. */
async function writeCandidate(folder: string): Promise<void> {
  const { weights, calibration, manifest } = await readModelFolder();
  const models = parseModels(weights);
  const raise = (name: 'sentiment' | 'effect' | 'evidence_tier', label: string, by: number): void => {
    const { classes, bits, weights: places } = models[name];
    const bias = classes.indexOf(label) * 2 ** bits;
    places[bias] = (places[bias] as number) + by;
  };
  raise('sentiment', 'mixed', 6);
  raise('evidence_tier', 'anecdotal', 3);
  raise('effect', 'none', -8);
  raise('effect', 'improves', 4);
  const open = { ...JSON.parse(calibration), thresholds: { effect: 0, main: 0, source: 0 } };
  const { weights: _weights, calibration: _calibration, ...made } = manifest;
  await writeModelFolder(folder, { weights: storeModels(models), calibration: JSON.stringify(open) }, made);
}

async function run(...argv: string[]): Promise<string> {
  edge.written.out = '';
  expect(await runCli(argv, edge), edge.written.talk).toBe(0);
  return edge.written.out;
}

function counts(): Promise<PublishedCounts> {
  return withHearsay(edge, {}, ({ hearsay }) => currentCounts(hearsay, 'semax'));
}

async function diff(candidate: string): Promise<AnnotatorDiff> {
  return JSON.parse(await run('annotate', 'diff', 'semax', '--candidate', candidate, '--json'));
}

describe('a candidate in shadow', () => {
  let id: string;
  let promised: AnnotatorDiff;

  it('judges posts in steps, and reaches no count and no ledger', async () => {
    const before = await counts();
    const first = JSON.parse(await run('annotate', 'shadow', 'semax', '--candidate', path.join(dir, 'candidate'), '--limit', '2', '--json'));
    expect(first).toMatchObject({ annotated: 2, left: TEXTS.length - 1 });
    const second = JSON.parse(await run('annotate', 'shadow', 'semax', '--candidate', path.join(dir, 'candidate'), '--json'));
    expect(second).toMatchObject({ candidate: first.candidate, annotated: TEXTS.length - 1, left: 0, failed: {} });
    id = first.candidate;
    const again = JSON.parse(await run('annotate', 'shadow', 'semax', '--candidate', path.join(dir, 'candidate'), '--json'));
    expect(again).toMatchObject({ annotated: 0, offTopic: 0, left: 0 });
    expect(await counts()).toEqual(before);
    const left = await withHearsay(edge, {}, ({ hearsay }) => measureBacklog(hearsay.pool));
    expect(left).toEqual({ annotate: 0, append: 0, recount: 0, sweep: 0 });
  });

  it('is told apart from the adopted one, label by label', async () => {
    await decideSomething();
    promised = await diff(id);
    expect(promised.posts).toMatchObject({ new: 0, not_judged: 0 });
    expect(promised.posts.changed).toBeGreaterThan(0);
    expect(promised.flips).toContainEqual(expect.objectContaining({ label: 'sentiment', to: 'mixed', count: expect.any(Number) }));
    expect(promised.effects.changed_direction.count).toBeGreaterThan(0);
    expect(promised.counts.changes.length).toBeGreaterThan(0);
    expect(promised.decisions.carried).toBeGreaterThan(0);
    expect(promised.decisions.changed).toBeGreaterThan(0);
    const { topic: _topic, head: _head, ...now } = await counts();
    expect(promised.counts.before).toEqual(now);
    expect(JSON.stringify(promised)).not.toContain('focus got much better');
    const items = await run('annotate', 'diff', 'semax', '--candidate', id, '--items');
    expect(items).toContain('changed_direction:');
    expect(await diff(id)).toEqual(promised);
  });

  it('makes of the counts what was promised, once it is adopted', async () => {
    const adopting: TestEdge = { ...edge, config: { ...edge.config, modelDir: path.join(dir, 'candidate') } };
    expect(await runCli(['topic', 'adopt', 'semax'], adopting), edge.written.talk).toBe(0);
    const { topic: _topic, head, ...now } = await counts();
    expect(now).toEqual(promised.counts.after);
    expect(now).not.toEqual(promised.counts.before);
    expect(head.size).toBeGreaterThanOrEqual(promised.entries);
    expect(await runCli(['ledger', 'verify', 'semax'], edge), edge.written.talk).toBe(0);
  });

  it('is no candidate any more then, nor is what nobody has heard of', async () => {
    for (const other of [id, 'embedded-00000000', 'somebody']) {
      expect(await runCli(['annotate', 'diff', 'semax', '--candidate', other], edge)).toBe(2);
      expect(edge.written.talk).toContain('unknown_candidate');
    }
    expect(await runCli(['annotate', 'shadow', 'semax', '--candidate', path.join(dir, 'nowhere')], edge)).toBe(1);
    expect(edge.written.talk).toContain('bad_model_folder');
  });
});

/** Every source and claim: some decisions carry over to the candidate's, some are of claims that it no longer makes. */
async function decideSomething(): Promise<void> {
  await withHearsay(edge, {}, async ({ hearsay }) => {
    const fold = await hearsay.folds.foldAt(hearsay.pool, 'semax');
    const refs = Array.from({ length: fold.size }, (_, seq) => seq).filter((seq) => stateOf(fold, seq) !== undefined);
    for (const ref of refs) {
      await decide(hearsay, 'semax', { id: `decision-${ref}`, ref, role: 'primary', decision: 'accept', amended: {}, reviewer: 'Ann', expects: -1, note: '' });
    }
  });
}
