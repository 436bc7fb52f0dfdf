/** A Discourse topic in the conformance suite: more posts than one answer gives, which are deleted, hidden and shown again. */
import type { WebPage, WebWorld } from '../../../src/demo/standins/web.ts';
import { anyWorld } from '../source-case.ts';
import { addressOf, siteCase, siteOf, wordsOf } from './web-site.ts';

const TOPIC = 77;
/** As many as an answer of the forum gives. */
const LOT = 20;

interface DiscoursePost {
  readonly id: unknown;
  readonly [key: string]: unknown;
}

const post = (n: number, changes: object = {}): DiscoursePost => ({
  id: 500 + n,
  post_number: n,
  cooked: `<p>${wordsOf(n)}</p>`,
  username: `gardener${n}`,
  created_at: '2026-11-01T10:00:00.000Z',
  post_type: 1,
  ...changes,
});
const posts = (count: number): DiscoursePost[] => Array.from({ length: count }, (_, at) => post(at + 1));
const idOf = (n: number): string => `discourse:garden.example:${500 + n}`;

function topicOf(all: readonly DiscoursePost[]): WebWorld {
  const [first, rest] = [all.slice(0, LOT), all.slice(LOT)];
  const stream = all.map(({ id }) => id).filter((id) => typeof id === 'number');
  const lots: WebPage[] = [];
  for (let at = 0; at < rest.length; at += LOT) {
    const lot = rest.slice(at, at + LOT);
    const asked = lot.filter(({ id }) => typeof id === 'number').map(({ id }) => `post_ids[]=${id}`);
    lots.push({ path: `/t/${TOPIC}/posts.json?${asked.join('&')}`, body: JSON.stringify({ post_stream: { posts: lot } }) });
  }
  return siteOf(
    { path: `/t/days/${TOPIC}`, body: '<html><head><meta name="generator" content="Discourse 3.4.0"><title>Days</title></head><body></body></html>' },
    { path: `/t/${TOPIC}.json`, body: JSON.stringify({ title: 'Semax, day by day', post_stream: { posts: first, stream } }) },
    ...lots,
    ...all.map((one) => ({ path: `/posts/${String(one.id)}.json`, body: JSON.stringify(one) })),
  );
}

/** 2 has another text, 3 was deleted by its writer, 4 was hidden and is shown again, 46 is new. */
function load(visit: 1 | 2 | 3): WebWorld {
  if (visit === 1) return topicOf(posts(45));
  const changes: Readonly<Record<number, object>> = {
    2: { cooked: '<p>Semax did nothing after all.</p>' },
    3: { user_deleted: true },
    ...(visit === 2 ? { 4: { hidden: true } } : {}),
  };
  return topicOf(posts(46).map((one, at) => ({ ...one, ...changes[at + 1] })));
}

const ownCase = siteCase(
  'web',
  { thread: addressOf(`/t/days/${TOPIC}`) },
  {
    beginsAnew: true,
    load: async (visit) => load(visit),
    changes: async () => [
      { visit: 2, id: idOf(2), action: 'edit' },
      { visit: 2, id: idOf(3), action: 'delete' },
      { visit: 2, id: idOf(4), action: 'remove' },
      { visit: 2, id: idOf(46), action: 'add' },
      { visit: 3, id: idOf(4), action: 'restore' },
    ],
    empty: () => topicOf([]),
    spoil: () => topicOf([...posts(45), { id: 'odd', cooked: 'Semax' }, post(47, { cooked: '' })]),
    grow: (_world, n) => topicOf(posts(n * 100)),
  },
);

export const discourseCase = anyWorld(ownCase);
