/** Figures of effect claims, from tallies per text. */
import type { GoldText } from '../embedded/gold.ts';
import { isStated, pairEffects, type MeantIds, type SaidEffect } from '../evaluate.ts';
import { resample, type Interval } from './bootstrap.ts';
import { groupBy } from './figures.ts';
import type { ClaimTally } from './item.ts';

export interface Rate {
  readonly value: number;
  readonly interval: Interval;
  /** What it is a share of. */
  readonly of: number;
}

export interface ClaimFigures {
  readonly precision: Rate;
  readonly recall: Rate;
  readonly effect_id_agreement: Rate;
  readonly unflagged_precision: Rate;
  readonly unflagged_stated: Rate;
  /** Share of the marked effects that unflagged claims find. */
  readonly unflagged_recall: Rate;
}

export function tallyClaims(gold: GoldText, said: readonly SaidEffect[], options: { readonly meant: MeantIds; readonly cluster: string }): ClaimTally {
  const pairs = pairEffects(gold, said);
  const unflagged = said.filter(({ flagged }) => !flagged);
  return {
    id: gold.id,
    cluster: options.cluster,
    said: said.length,
    right: pairs.filter((target) => target !== undefined).length,
    gold: gold.effects.length,
    sameEffect: pairs.filter((target, index) => target !== undefined && options.meant(target.effect).has(said[index]?.effect ?? '')).length,
    unflagged: unflagged.length,
    unflaggedRight: pairEffects(gold, unflagged).filter((target) => target !== undefined).length,
    unflaggedStated: isStated(gold, unflagged, options.meant).filter(Boolean).length,
  };
}

export function claimFigures(tallies: readonly ClaimTally[]): ClaimFigures {
  const clusters = groupBy(tallies, ({ cluster }) => cluster);
  const rate = (part: keyof ClaimTally, whole: keyof ClaimTally): Rate => {
    const sum = (drawn: readonly (readonly ClaimTally[])[], key: keyof ClaimTally): number =>
      drawn.reduce((total, group) => total + group.reduce((inGroup, tally) => inGroup + Number(tally[key]), 0), 0);
    const shareIn = (drawn: readonly (readonly ClaimTally[])[]): number | undefined => {
      const of = sum(drawn, whole);
      return of === 0 ? undefined : sum(drawn, part) / of;
    };
    return { value: shareIn(clusters) ?? 0, interval: resample(clusters, shareIn), of: sum(clusters, whole) };
  };
  return {
    precision: rate('right', 'said'),
    recall: rate('right', 'gold'),
    effect_id_agreement: rate('sameEffect', 'right'),
    unflagged_precision: rate('unflaggedRight', 'unflagged'),
    unflagged_stated: rate('unflaggedStated', 'unflagged'),
    unflagged_recall: rate('unflaggedRight', 'gold'),
  };
}
