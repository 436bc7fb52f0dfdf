import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AbsenceHistory, addLook, judgeAbsence, type Look, type LookOutcome, type Verdict } from '../../src/pipeline/absence-policy.ts';

const DAY_MS = 86_400_000;
const OUTCOMES: readonly LookOutcome[] = ['live', 'orphaned', 'deleted', 'removed', 'gone', 'missing', 'down'];

const patience = fc.record({ looks: fc.integer({ min: 2, max: 6 }), days: fc.integer({ min: 0, max: 30 }) });
const duty = fc.record({ missing: patience, gone: patience });
/** In the order of time, up to three weeks apart. */
const looks = fc
  .array(fc.record({ outcome: fc.constantFrom(...OUTCOMES), afterMs: fc.integer({ min: 0, max: 21 * DAY_MS }) }), { minLength: 1, maxLength: 30 })
  .map((steps) => {
    let atMs = Date.UTC(2026, 0, 1);
    return steps.map(({ outcome, afterMs }): Look => {
      atMs += afterMs;
      return { outcome, at: new Date(atMs) };
    });
  });

function judge(seen: readonly Look[], rule: Parameters<typeof judgeAbsence>[1]): Verdict {
  return judgeAbsence(
    seen.reduce<AbsenceHistory | undefined>((history, look) => addLook(history, look), undefined),
    rule,
  );
}

it('erases nothing but on the author’s word or after at least two looks that did not find it, over as many days as the rule says', () => {
  fc.assert(
    fc.property(looks, duty, (seen, rule) => {
      if (judge(seen, rule) !== 'erase') return;
      const last = seen.at(-1) as Look;
      if (last.outcome === 'deleted') return;
      // Told without the fold: looks since it was last there.
      const there = seen.findLastIndex(({ outcome }) => ['live', 'orphaned', 'removed', 'deleted'].includes(outcome));
      const since = seen.slice(there + 1).filter(({ outcome }) => outcome === 'missing' || outcome === 'gone');
      const isEnough = (run: readonly Look[], { looks: least, days }: { looks: number; days: number }) =>
        run.length >= least && last.at.getTime() - (run[0] as Look).at.getTime() >= days * DAY_MS;
      const gone = since.filter(({ outcome }) => outcome === 'gone');
      expect(since.length).toBeGreaterThanOrEqual(2);
      expect(isEnough(since, rule.missing) || (last.outcome === 'gone' && isEnough(gone, rule.gone))).toBe(true);
    }),
  );
});

it('restores whenever the last look shows the post, and withholds or erases whenever it does not', () => {
  fc.assert(
    fc.property(looks, duty, (seen, rule) => {
      const isShown = ['live', 'orphaned'].includes((seen.at(-1) as Look).outcome);
      expect(judge(seen, rule) === 'live').toBe(isShown);
    }),
  );
});

it('comes to an end: what stays missing is erased', () => {
  fc.assert(
    fc.property(looks, duty, (seen, rule) => {
      const from = (seen.at(-1) as Look).at.getTime();
      const more = Array.from({ length: rule.missing.looks }, (_, n): Look => ({ outcome: 'missing', at: new Date(from + (n + 1) * 31 * DAY_MS) }));
      expect(judge([...seen, ...more], rule)).toBe('erase');
    }),
  );
});

it('depends on no look before the post was last shown', () => {
  fc.assert(
    fc.property(looks, looks, duty, (before, after, rule) => {
      const from = (before.at(-1) as Look).at.getTime() - Date.UTC(2026, 0, 1);
      const later = after.map((look) => ({ ...look, at: new Date(look.at.getTime() + from) }));
      const shown: Look = { outcome: 'live', at: (before.at(-1) as Look).at };
      expect(judge([...before, shown, ...later], rule)).toBe(judge(later, rule));
    }),
  );
});
