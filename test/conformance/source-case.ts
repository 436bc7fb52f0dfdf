/** What the conformance suite needs to know of one source: a community, a stand-in, and how its world looks at each visit, empty, spoilt and grown. */
import type { StandIn, StandInOptions } from '../../src/demo/standins/stand-in.ts';
import type { Source } from '../../src/sources/source.ts';

/** When the suite takes place. */
export const NOW = new Date('2026-11-20T12:00:00Z');

interface StartedStandIn<World> extends Pick<StandIn, 'url' | 'hosts' | 'requests'> {
  setWorld(world: World): void;
  close(): Promise<void>;
}

export type Start<World> = (world: World, options: StandInOptions) => Promise<StartedStandIn<World>>;

export interface Worlds<World> {
  /** The places are there, with nothing in them. */
  readonly empty: (world: World) => World;
  /** The same items, and among them some that cannot be read. */
  readonly spoil: (world: World) => World;
  /** The world after the n-th growth: ever new items. */
  readonly grow: (world: World, n: number) => World;
}

/** What is different at a visit; ids of other sources' items are of no account. */
interface WorldChange {
  readonly visit: number;
  readonly id: string;
  /** `vanish`: no longer there, and nobody says why. */
  readonly action: 'add' | 'edit' | 'delete' | 'vanish' | 'page_gone' | 'remove' | 'restore' | 'account_deleted';
}

export interface SourceCase<World = unknown> extends Worlds<World> {
  readonly title: string;
  readonly source: Source;
  readonly query: unknown;
  /** Beside the demo's. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Its cursor keeps when pages were visited, so that it is another one after every run; its size stays. */
  readonly cursorHoldsTimes?: true;
  /** A run that was cut off begins anew: what it gave before comes again under the same ids. */
  readonly beginsAnew?: true;
  readonly start: Start<World>;
  /** A fresh copy at each call: at the first visit, after changes, and with removed items back. */
  readonly load: (visit: 1 | 2 | 3) => Promise<World>;
  readonly changes: () => Promise<readonly WorldChange[]>;
}

/** Cases stand in one list, whatever their worlds are; each is only ever given its own. */
export function anyWorld<World>(sourceCase: SourceCase<World>): SourceCase {
  return sourceCase as unknown as SourceCase;
}
