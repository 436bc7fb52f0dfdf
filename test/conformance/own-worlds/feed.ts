/** Feeds in the conformance suite: an Atom feed read as it is, and a JSON Feed whose entries lead to their pages. */
import type { WebPage, WebWorld } from '../../../src/demo/standins/web.ts';
import { anyWorld, type SourceCase } from '../source-case.ts';
import { addressOf, article, image, siteCase, siteOf, wordsOf } from './web-site.ts';

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

/** Entries as the feed tells them; a spoilt one is written as it stands. */
interface Told {
  readonly n: number;
  readonly words?: string;
}
type Write = (told: readonly Told[], spoilt?: boolean) => WebPage;

const atom: Write = (told, spoilt = false) => ({
  path: '/feed.atom',
  body: `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>${addressOf('/')}</id><title>Days</title><updated>2026-11-19T00:00:00Z</updated>${told
    .map(
      ({ n, words = wordsOf(n) }) =>
        `<entry><id>urn:day:${n}</id><title>Day ${n}</title><link href="${addressOf(`/days/${n}`)}"/><published>2026-11-01T00:00:00Z</published><content type="html">&lt;p&gt;${words}&lt;/p&gt;</content></entry>`,
    )
    .join(
      '',
    )}${spoilt ? `<entry><id>urn:day:20</id><title>No words</title></entry><entry><link href="https://www.reddit.com/r/semax/comments/zz/"/><content>Semax elsewhere</content></entry>` : ''}</feed>`,
});

const json: Write = (told, spoilt = false) => ({
  path: '/feed.json',
  body: JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'Days',
    items: [
      ...told.map(({ n, words = wordsOf(n) }) => ({ id: `day-${n}`, url: addressOf(`/days/${n}`), title: `Day ${n}`, content_text: words.slice(0, 12) })),
      ...(spoilt ? [{ id: 'day-20', url: addressOf('/days/20') }, { id: 'nothing' }] : []),
    ],
  }),
});

const AGAIN = 'Told anew: Semax did nothing after all.';
const FIRST: readonly Told[] = numbers(1, 6).map((n) => ({ n }));
/** 2 is told anew, 7 is new, and 6 has left the feed, which says nothing of its page. */
const LATER: readonly Told[] = [{ n: 7 }, ...FIRST.slice(0, 5).map(({ n }) => (n === 2 ? { n, words: AGAIN } : { n }))];

/** 3 was taken down by its owner, 4 is not there any more and comes back. */
function load(write: Write, visit: 1 | 2 | 3): WebWorld {
  if (visit === 1) return siteOf(write(FIRST), ...numbers(1, 6).map((n) => article(n)));
  const there = [1, 5, 6, 7, ...(visit === 3 ? [4] : [])].map((n) => article(n));
  return siteOf(write(LATER), ...there, article(2, AGAIN), { path: '/days/3', status: 410, body: 'Gone.' });
}

function caseOf(write: Write, follow: boolean): SourceCase<WebWorld> {
  return siteCase(
    'feed',
    { url: addressOf(write([]).path), ...(follow ? { follow } : {}) },
    {
      load: async (visit) => load(write, visit),
      changes: async () => [
        { visit: 2, id: addressOf('/days/2'), action: 'edit' },
        { visit: 2, id: addressOf('/days/3'), action: 'page_gone' },
        { visit: 2, id: addressOf('/days/4'), action: 'vanish' },
        { visit: 2, id: addressOf('/days/7'), action: 'add' },
        { visit: 3, id: addressOf('/days/4'), action: 'restore' },
      ],
      empty: () => siteOf(write([])),
      spoil: () => siteOf(write(FIRST, true), ...numbers(1, 6).map((n) => article(n)), image(20)),
      grow: (_world, n) => {
        const told = numbers(n * 200, 200).map((m) => ({ n: m }));
        return siteOf(write(told), ...told.map((one) => article(one.n)));
      },
    },
  );
}

export const feedCases = [caseOf(atom, false), caseOf(json, true)].map(anyWorld);
