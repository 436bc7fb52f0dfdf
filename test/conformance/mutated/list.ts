/** The cases of mutations.test.ts, which wants one of every source. */
import { blueskyMutations } from './bluesky.ts';
import { feedMutations } from './feed.ts';
import { literatureMutations } from './literature.ts';
import type { MutationCase } from './mutation-case.ts';
import { redditMutations } from './reddit.ts';
import { webMutations } from './web.ts';
import { xMutations } from './x.ts';
import { youtubeMutations } from './youtube.ts';

export const mutationCases: readonly MutationCase[] = [
  ...redditMutations,
  ...xMutations,
  ...webMutations,
  ...feedMutations,
  ...literatureMutations,
  ...youtubeMutations,
  ...blueskyMutations,
];
