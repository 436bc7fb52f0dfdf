/** The sources. A new one is one file and one line here; test/conformance/sources.test.ts runs over this list. */
import { blueskySource } from './bluesky.ts';
import { clinicalTrialsSource } from './clinicaltrials.ts';
import { europepmcSource } from './europepmc.ts';
import { pubmedSource } from './pubmed.ts';
import { redditSource } from './reddit.ts';
import type { Source } from './source.ts';
import { feedSource, webSource } from './web.ts';
import { xSource } from './x.ts';
import { youtubeSource } from './youtube.ts';

export const sources: readonly Source[] = [
  redditSource,
  xSource,
  webSource,
  feedSource,
  pubmedSource,
  europepmcSource,
  clinicalTrialsSource,
  youtubeSource,
  blueskySource,
] as readonly Source[];

export function sourceNamed(name: string): Source | undefined {
  return sources.find((source) => source.name === name);
}

/** By name, as the topic reader wants them. */
export const sourcesByName: ReadonlyMap<string, Source> = new Map(sources.map((source) => [source.name, source]));

/** Every environment variable a source reads. */
export const CREDENTIAL_NAMES: readonly string[] = [
  ...new Set(sources.flatMap((source) => source.description.credentials.map((credential) => credential.env))),
];
