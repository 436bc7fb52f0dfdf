/** A place of the simulated hour: communities to crawl, the stand-in that answers for them, and everything that is ever there. */
import type { Item } from './item.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface RunningWorld {
  readonly url: string;
  readonly hosts: readonly string[];
  /** Shows the world as it is at this minute. */
  turnTo(minute: number): void;
  close(): Promise<void>;
}

export interface SimulatedWorld {
  readonly communities: readonly { readonly source: string; readonly query: object }[];
  readonly credentials?: Readonly<Record<string, string>>;
  readonly items: readonly Item[];
  readonly platform: string;
  /** `skewOf`: milliseconds by which a host's clock is ahead. */
  start(clock: VirtualClock, skewOf: (host: string) => number): Promise<RunningWorld>;
}

/** Most stand-ins take a whole new world at once. */
export async function running<World>(
  standIn: { readonly url: string; readonly hosts: readonly string[]; setWorld(world: World): void; close(): Promise<void> },
  render: (minute: number) => World,
): Promise<RunningWorld> {
  return { url: standIn.url, hosts: standIn.hosts, turnTo: (minute) => standIn.setWorld(render(minute)), close: standIn.close };
}
