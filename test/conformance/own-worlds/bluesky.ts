/** Bluesky in the conformance suite, logged in and logged out: posts that the demo does not have. */
import { type BlueskyWorld, startBlueskyStandIn } from '../../../src/demo/standins/bluesky.ts';
import { blueskySource } from '../../../src/sources/bluesky.ts';
import type { Source } from '../../../src/sources/source.ts';
import { uriOf, view } from '../../fixtures/bluesky/posts.ts';
import { anyWorld, type SourceCase } from '../source-case.ts';

const source = blueskySource as Source;
const query = { search: 'semax' };
const semax = (n: number) => view(n, { record: { text: `Semax, day ${n}` } });
const all: readonly object[] = Array.from({ length: 11 }, (_, at) => semax(at + 1));
const without = (...gone: readonly number[]) => all.filter((_, at) => !gone.includes(at + 1));

const caseOf = (credentials: Readonly<Record<string, string>>, who: string): SourceCase<BlueskyWorld> => ({
  title: `bluesky ${who} ${JSON.stringify(query)}`,
  source,
  query: source.querySchema.parse(query),
  credentials,
  start: (world, options) => startBlueskyStandIn(world, { ...options, pageSize: 3, tokenUses: 2 }),
  // Posts are never edited there; 2 is deleted, the account of 3 is switched off and on again.
  load: async (visit) => ({ posts: structuredClone(visit === 1 ? all : visit === 2 ? [...without(2, 3), semax(12)] : [...without(2), semax(12)]) as object[] }),
  changes: async () => [
    { visit: 2, id: uriOf(2), action: 'vanish' },
    { visit: 2, id: uriOf(3), action: 'vanish' },
    { visit: 2, id: uriOf(12), action: 'add' },
    { visit: 3, id: uriOf(3), action: 'restore' },
  ],
  empty: () => ({ posts: [] }),
  spoil: ({ posts }) => ({
    posts: [...posts, view(20, { record: { text: { semax: 1 } } }), { ...semax(21), uri: 'at://somebody.example/app.bsky.feed.post/1' }],
  }),
  grow: ({ posts }, n) => ({ posts: [...posts, ...Array.from({ length: 20 }, (_, at) => semax(n * 100 + at))] }),
});

export const blueskyCases = [
  caseOf({}, 'logged out'),
  caseOf({ BLUESKY_IDENTIFIER: 'operator.example', BLUESKY_APP_PASSWORD: 'stand-in-password' }, 'logged in'),
].map(anyWorld);
