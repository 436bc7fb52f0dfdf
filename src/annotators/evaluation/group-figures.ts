/** The same labels by compound and by platform: accuracy, since most groups are too small for F1 per class. */
import { groupBy } from './figures.ts';
import type { JudgedSet, TextFacts } from './item.ts';

export interface GroupRow {
  readonly name: string;
  readonly texts: number;
  /** Measure -> share of the group's texts that are right. */
  readonly accuracy: Readonly<Record<string, number>>;
}

export interface GroupFigures {
  readonly compound: readonly GroupRow[];
  readonly platform: readonly GroupRow[];
}

/** Of fewer texts an accuracy says nothing. */
const LEAST_IN_GROUP = 10;

export function groupFigures(judged: JudgedSet): GroupFigures {
  return { compound: rowsBy('compound', judged), platform: rowsBy('platform', judged) };
}

function rowsBy(key: 'compound' | 'platform', { facts = [], measures }: JudgedSet): GroupRow[] {
  const groups = groupBy<TextFacts>(facts, (fact) => fact[key]).filter((group) => group.length >= LEAST_IN_GROUP);
  return groups
    .map((group) => {
      const ids = new Set(group.map(({ id }) => id));
      const accuracy = measures.flatMap(({ name, items }): [string, number][] => {
        const inGroup = items.filter(({ id }) => ids.has(id));
        return inGroup.length < LEAST_IN_GROUP ? [] : [[name, inGroup.filter(({ gold, said }) => gold === said).length / inGroup.length]];
      });
      return { name: (group[0] as TextFacts)[key], texts: group.length, accuracy: Object.fromEntries(accuracy) };
    })
    .sort((left, right) => right.texts - left.texts || (left.name < right.name ? -1 : 1));
}
