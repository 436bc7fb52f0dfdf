/** Every number that differs between two counts, by a name that can be read: `claims.human`, `effects.semax.focus.improves.anecdotal`. Pure. */
import type { Counts } from '../model/counts.ts';

export interface CountChange {
  readonly number: string;
  readonly before: number | string;
  readonly after: number | string;
}

export function listCountChanges(before: Counts, after: Counts): CountChange[] {
  const [old, now] = [nameNumbers(before), nameNumbers(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((number) => ({ number, before: old.get(number) ?? 0, after: now.get(number) ?? 0 }))
    .filter((change) => change.before !== change.after);
}

function nameNumbers({ effects, confidence, grade, ...rest }: Counts): Map<string, number | string> {
  const named = new Map<string, number | string>();
  collect(rest, '', named);
  for (const { compound, effect, direction, tier, count } of effects) named.set(`effects.${compound}.${effect}.${direction}.${tier}`, count);
  for (const { name, count } of confidence.terms) named.set(`confidence.${name}`, count);
  named.set('confidence', confidence.value);
  named.set('grade', grade.value);
  return named;
}

function collect(of: object, prefix: string, named: Map<string, number | string>): void {
  for (const [name, value] of Object.entries(of)) {
    if (typeof value === 'number') named.set(prefix + name, value);
    else collect(value as object, `${prefix}${name}.`, named);
  }
}
