/** One thing somebody wrote in the simulated hour: when it is there, and what it says when. Every text tells which item it is, in which version. */
import type { Random } from './random.ts';
import { START_MS } from './virtual-clock.ts';

export interface Item {
  readonly n: number;
  readonly nativeId: string;
  readonly writtenMs: number;
  /** Minute from which it is there; negative: from the beginning. */
  readonly since: number;
  /** Minutes at which it gets another text. */
  readonly edits: readonly number[];
  /** Minute at which it goes, and the one at which it comes back. */
  readonly gone?: number;
  readonly back?: number;
}

/** Nothing happens after this minute, so that whoever comes later can know all. */
const LAST_EVENT = 50;

const EFFECTS = ['my focus improved a lot', 'my anxiety got worse', 'it did nothing at all', 'my memory is better', 'I sleep worse', 'I got headaches'];

/** `kept` items are there from the beginning, `fresh` ones come during the hour; the higher `n`, the later it was written. */
export function makeItems(
  random: Random,
  shape: {
    readonly kept: number;
    readonly fresh: number;
    readonly idOf: (n: number, writtenMs: number) => string;
    /** Minutes between the items of the past; default 7. */
    readonly apartMin?: number;
    /** Share that is edited, only of items from `editsFrom` on. */
    readonly edited?: number;
    readonly editsFrom?: number;
    readonly deleted?: number;
  },
): readonly Item[] {
  const { kept, fresh, apartMin = 7, edited = 0, editsFrom = 1, deleted = 0 } = shape;
  const arrivals = Array.from({ length: fresh }, () => random.between(1, LAST_EVENT - 5)).sort((a, b) => a - b);
  return Array.from({ length: kept + fresh }, (_, at): Item => {
    const n = at + 1;
    const since = n <= kept ? -1 : (arrivals[n - kept - 1] as number);
    // A second apart, for those that come in one minute.
    const writtenMs = n <= kept ? START_MS - (kept - n + 1) * apartMin * 60_000 : START_MS + since * 60_000 + (n - kept) * 1_000;
    const later = (): number => random.between(Math.max(since, 0) + 1, LAST_EVENT);
    const edits = n >= editsFrom && random.chance(edited) ? [later(), ...(random.chance(0.4) ? [later()] : [])].sort((a, b) => a - b) : [];
    const gone = edits.length === 0 && random.chance(deleted) ? later() : undefined;
    return { n, nativeId: shape.idOf(n, writtenMs), writtenMs, since, edits, ...(gone === undefined ? {} : { gone }) };
  });
}

export function isThere({ since, gone, back }: Item, minute: number): boolean {
  return since <= minute && (gone === undefined || minute < gone || (back !== undefined && minute >= back));
}

/** From 1. */
export function versionAt({ edits }: Item, minute: number): number {
  return 1 + edits.filter((edit) => edit <= minute).length;
}

export function textAt(item: Item, minute: number): string {
  const { n } = item;
  const said = n % 4 === 0 ? `I took Semax for ${n} days and ${EFFECTS[n % EFFECTS.length]}.` : 'Nothing else to tell.';
  return `Examplide diary. ${said} Entry ${n}, version ${versionAt(item, minute)}.`;
}

/** What a stored text says it is. */
export function readText(text: string): { readonly n: number; readonly version: number } | undefined {
  const found = /Entry (\d+), version (\d+)\./.exec(text);
  return found === null ? undefined : { n: Number(found[1]), version: Number(found[2]) };
}

export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

export function dayOf(ms: number): string {
  return isoOf(ms).slice(0, 10);
}

/** Day of the last change until then. */
export function changedDay(item: Item, minute: number): string {
  const last = item.edits.filter((edit) => edit <= minute).at(-1);
  return dayOf(last === undefined ? item.writtenMs : START_MS + last * 60_000);
}
