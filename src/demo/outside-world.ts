/** The demo's outside world: every stand-in, fed with the sample, and the routes that send the platforms' hosts there. */
import { type DemoWorld, loadWorld, type Visit } from './sample.ts';
import { startClinicalTrialsStandIn } from './standins/clinicaltrials.ts';
import { startPubmedStandIn } from './standins/pubmed.ts';
import { startRedditStandIn } from './standins/reddit.ts';
import type { StandIn } from './standins/stand-in.ts';
import { startWebStandIn } from './standins/web.ts';
import { startXStandIn } from './standins/x.ts';

export interface OutsideWorld {
  /** Host -> loopback address, for the HTTP client. */
  readonly routes: Readonly<Record<string, string>>;
  /** Moves time on: edits, deletions, removals, restores. */
  turnTo(visit: Visit): Promise<void>;
  close(): Promise<void>;
}

/** Accepted by the stand-ins; they open nothing anywhere else. */
export const DEMO_CREDENTIALS = {
  REDDIT_CLIENT_ID: 'demo',
  REDDIT_CLIENT_SECRET: 'demo',
  REDDIT_USER_AGENT: 'linux:hearsay-demo:0.1 (by /u/example)',
  X_BEARER_TOKEN: 'demo',
} as const;

export async function startOutsideWorld(visit: Visit): Promise<OutsideWorld> {
  const world = await loadWorld(visit);
  const reddit = await startRedditStandIn(world.reddit);
  const x = await startXStandIn(world.x);
  const web = await startWebStandIn(world.web);
  const pubmed = await startPubmedStandIn(world.pubmed);
  const clinicaltrials = await startClinicalTrialsStandIn(world.clinicaltrials);
  const all: StandIn[] = [reddit, x, web, pubmed, clinicaltrials];
  return {
    routes: Object.fromEntries(all.flatMap((standIn) => standIn.hosts.map((host) => [host, standIn.url] as const))),
    async turnTo(next) {
      const turned: DemoWorld = await loadWorld(next);
      reddit.setWorld(turned.reddit);
      x.setWorld(turned.x);
      web.setWorld(turned.web);
      pubmed.setWorld(turned.pubmed);
      clinicaltrials.setWorld(turned.clinicaltrials);
    },
    close: async () => void (await Promise.all(all.map((standIn) => standIn.close()))),
  };
}
