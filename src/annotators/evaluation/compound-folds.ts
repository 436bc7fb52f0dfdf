/**
 * Folds that leave compounds out: no compound has texts in two folds. `compounds` of a line may hold several in one string ("A and B"); texts that share
 * a single compound stay together, and the groups are dealt out, largest first, each to the fold that has fewest texts.
 * Proved by test/unit/annotators/evaluation/compound-folds.test.ts.
 */
import type { GoldText } from '../embedded/gold.ts';

export const COMPOUND_FOLDS = 10;

/** Single compounds of a text, without case and punctuation: `AOD-9604` and `AOD9604` are one. */
export function singleCompounds(gold: Pick<GoldText, 'compounds' | 'id'>): string[] {
  const singles = (gold.compounds ?? []).flatMap((name) => name.split(/\s+and\s+|\s*[,/&+;]\s*|\s*\(|\)/u)).map(keyOf);
  const named = singles.filter((name) => name !== '');
  return named.length === 0 ? [`text ${gold.id}`] : named;
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Fold of each text, by id. */
export function compoundFolds(texts: readonly Pick<GoldText, 'compounds' | 'id'>[], count: number = COMPOUND_FOLDS): Map<string, number> {
  const leaders = new Map<string, string>();
  const leaderOf = (name: string): string => {
    const above = leaders.get(name) ?? name;
    return above === name ? name : leaderOf(above);
  };
  for (const text of texts) {
    const [first, ...others] = singleCompounds(text) as [string, ...string[]];
    for (const other of others) leaders.set(leaderOf(other), leaderOf(first));
  }
  const groups = new Map<string, string[]>();
  for (const text of texts) {
    const leader = leaderOf(singleCompounds(text)[0] as string);
    groups.set(leader, [...(groups.get(leader) ?? []), text.id]);
  }
  const largestFirst = [...groups].sort(([leftName, left], [rightName, right]) => right.length - left.length || (leftName < rightName ? -1 : 1));
  const sizes = new Array<number>(count).fill(0);
  const folds = new Map<string, number>();
  for (const [, ids] of largestFirst) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold] = (sizes[fold] as number) + ids.length;
    for (const id of ids) folds.set(id, fold);
  }
  return folds;
}
