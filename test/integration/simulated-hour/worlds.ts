/** All places of the simulated hour: at least one for every source. */
import { preprints, pubmed, trials } from './literature-worlds.ts';
import type { Random } from './random.ts';
import { blueskySearch, reddit, videos, xSearch } from './social-worlds.ts';
import { feed, singlePages, sitemap, thread } from './web-worlds.ts';
import type { SimulatedWorld } from './world.ts';

export function makeWorlds(random: Random): readonly SimulatedWorld[] {
  return [
    reddit(random),
    xSearch(random),
    blueskySearch(random),
    videos(random),
    pubmed(random),
    preprints(random),
    trials(random),
    singlePages(random),
    thread(random),
    sitemap(random),
    feed(random, { host: 'blog.example', follow: false }),
    feed(random, { host: 'log.example', follow: true }),
  ];
}
