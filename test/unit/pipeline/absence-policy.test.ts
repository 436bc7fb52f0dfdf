import { describe, expect, it } from 'vitest';
import { type AbsenceHistory, addLook, judgeAbsence, type LookOutcome } from '../../../src/pipeline/absence-policy.ts';
import { sources } from '../../../src/sources/list.ts';
import { recheckDutyOf } from '../../../src/sources/recheck-duty.ts';

const DAY_MS = 86_400_000;
const dayOf = (days: number): Date => new Date(Date.UTC(2026, 0, 1) + days * DAY_MS);
/** As the web source has it. */
const DUTY = { missing: { looks: 3, days: 14 }, gone: { looks: 2, days: 0 } };

/** The verdict after each look. */
function verdicts(...looks: readonly (readonly [LookOutcome, number])[]): string[] {
  let history: AbsenceHistory | undefined;
  return looks.map(([outcome, day]) => {
    history = addLook(history, { outcome, at: dayOf(day) });
    return judgeAbsence(history, DUTY);
  });
}

describe('looks at a post that is not shown', () => {
  it('erase at once what its author deleted', () => {
    expect(verdicts(['deleted', 0])).toEqual(['erase']);
    expect(verdicts(['removed', 0], ['deleted', 1])).toEqual(['withhold', 'erase']);
  });

  it('erase what is missing after so many looks over so many days', () => {
    expect(verdicts(['missing', 0], ['missing', 7], ['missing', 14])).toEqual(['withhold', 'withhold', 'erase']);
    expect(verdicts(['missing', 0], ['missing', 0], ['missing', 1], ['missing', 13])).toEqual(['withhold', 'withhold', 'withhold', 'withhold']);
    expect(verdicts(['missing', 0], ['missing', 30])).toEqual(['withhold', 'withhold']);
  });

  it('erase what is gone at the second look', () => {
    expect(verdicts(['gone', 0], ['gone', 0])).toEqual(['withhold', 'erase']);
    expect(verdicts(['gone', 0], ['missing', 1], ['gone', 2])).toEqual(['withhold', 'withhold', 'erase']);
    // A 404 after it is no second word of the owner.
    expect(verdicts(['gone', 0], ['missing', 1])).toEqual(['withhold', 'withhold']);
  });

  it('never erase what is kept back, nor what went with its site', () => {
    const months = [0, 30, 60, 90];
    expect(verdicts(...months.map((day) => ['removed', day] as const))).toEqual(['withhold', 'withhold', 'withhold', 'withhold']);
    expect(verdicts(...months.map((day) => ['down', day] as const))).toEqual(['withhold', 'withhold', 'withhold', 'withhold']);
    expect(verdicts(['missing', 0], ['missing', 7], ['down', 14], ['down', 21]).at(-1)).toBe('withhold');
    expect(verdicts(['missing', 0], ['missing', 7], ['down', 14], ['missing', 21]).at(-1)).toBe('erase');
  });

  it('begin anew when the post was there meanwhile, shown or kept back', () => {
    for (const there of ['live', 'orphaned', 'removed'] as const)
      expect(verdicts(['missing', 0], ['missing', 7], [there, 10], ['missing', 14]).at(-1)).toBe('withhold');
    expect(verdicts(['missing', 0], ['live', 1])).toEqual(['withhold', 'live']);
  });

  it('leave out a look that is older than the last', () => {
    expect(verdicts(['missing', 10], ['live', 5])).toEqual(['withhold', 'withhold']);
  });
});

it.each(sources.map((source) => [source.name, recheckDutyOf(source)] as const))(
  'the duty of %s asks for more than one look, and for looks at all',
  (_name, duty) => {
    for (const { looks, days } of [duty.missing, duty.gone]) expect([looks >= 2, days >= 0]).toEqual([true, true]);
    expect(duty.everyHours).toBeGreaterThanOrEqual(1);
    expect(duty.everyHours).toBeLessThanOrEqual(30 * 24);
  },
);
