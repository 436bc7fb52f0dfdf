/** Requests that come at once, in any order and from clients that know nothing: what a witness has cosigned only ever grows. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCheckpoint } from '../../src/ledger/checkpoint.ts';
import { type Answer, createWitness, type Witness } from '../../src/witness/witness.ts';
import { createLog, forkOf } from '../unit/witness/log.ts';
import { NaiveTree } from './naive-tree.ts';

const KEY = { name: 'witness.example', seed: new Uint8Array(32).fill(5) };
const tree = NaiveTree.of(33);
const log = await createLog(tree);
const fork = await createLog(forkOf(tree, 11));

async function startWitness(scheduler: fc.Scheduler): Promise<{ witness: Witness; saved: number[] }> {
  const saved: number[] = [];
  const state = {
    logs: new Map(),
    save: async ({ checkpoint }: { checkpoint: { size: number } }) => {
      await scheduler.schedule(Promise.resolve());
      saved.push(checkpoint.size);
    },
    keepEvidence: async () => true,
    close: async () => undefined,
  };
  const logs = new Map([[log.origin, [log.key]]]);
  return { saved, witness: createWitness({ key: KEY, logs, state, now: () => new Date(), onSuspicion: () => undefined }) };
}

/** As a client of the specification does: after a conflict once more, from the size it was told. */
async function submit(witness: Witness, size: number, from = log): Promise<Answer> {
  const answer = await witness.addCheckpoint(await from.request(size, 0));
  return answer.kind === 'stale' && answer.size <= size ? witness.addCheckpoint(await from.request(size, answer.size)) : answer;
}

it('no request rolls back another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(fc.integer({ min: 1, max: 33 }), { minLength: 1, maxLength: 12 }), async (scheduler, sizes) => {
      const { witness, saved } = await startWitness(scheduler);
      const answers = Promise.all(sizes.map((size) => submit(witness, size)));
      const told = await scheduler.waitFor(answers);
      expect(saved).toEqual([...new Set(saved)].sort((a, b) => a - b));
      expect(witness.lastOf(log.origin)?.checkpoint.size).toBe(saved.at(-1));
      const cosigned = sizes.filter((_, at) => told[at]?.kind === 'cosigned');
      expect(new Set(cosigned)).toEqual(new Set(saved));
      // A refused one was overtaken, and by nothing else.
      for (const answer of told) expect(['cosigned', 'stale']).toContain(answer.kind);
    }),
    { numRuns: 60 },
  );
});

it('of two histories one is cosigned, whatever comes first', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 12, max: 33 })), { minLength: 2, maxLength: 10 }),
      async (scheduler, sent) => {
        const { witness } = await startWitness(scheduler);
        const told = await scheduler.waitFor(Promise.all(sent.map(([forked, size]) => submit(witness, size, forked ? fork : log))));
        const histories = new Set(sent.filter((_, at) => told[at]?.kind === 'cosigned').map(([forked]) => forked));
        expect(histories.size).toBe(1);
        const last = witness.lastOf(log.origin)?.note ?? '';
        expect(parseCheckpoint(last).root).toEqual((histories.has(true) ? fork : log).tree.root(0, parseCheckpoint(last).size));
      },
    ),
    { numRuns: 60 },
  );
});
