/**
 * The cases of the conformance suite. A source that the demo asks adds its name to `STAND_INS` and `WORLDS`, and a community to the demo; one that
 * brings its own world is a file in `own-worlds/` and a line in `OWN_WORLDS`.
 */
import type { DemoWorld } from '../../src/demo/sample.ts';
import { demoCommunities, loadChanges, loadWorld } from '../../src/demo/sample.ts';
import { startClinicalTrialsStandIn } from '../../src/demo/standins/clinicaltrials.ts';
import { startPubmedStandIn } from '../../src/demo/standins/pubmed.ts';
import { startRedditStandIn } from '../../src/demo/standins/reddit.ts';
import { startWebStandIn } from '../../src/demo/standins/web.ts';
import { startXStandIn } from '../../src/demo/standins/x.ts';
import { createClinicalTrialsSource } from '../../src/sources/clinicaltrials.ts';
import { sources } from '../../src/sources/list.ts';
import { createPubmedSource } from '../../src/sources/pubmed.ts';
import type { Source } from '../../src/sources/source.ts';
import { article } from '../fixtures/pubmed/articles.ts';
import { study } from '../fixtures/clinicaltrials/studies.ts';
import { submission } from '../fixtures/reddit/things.ts';
import { blueskyCases } from './own-worlds/bluesky.ts';
import { discourseCase } from './own-worlds/discourse.ts';
import { europepmcCase } from './own-worlds/europepmc.ts';
import { feedCases } from './own-worlds/feed.ts';
import { sitemapCase } from './own-worlds/sitemap.ts';
import { youtubeCases } from './own-worlds/youtube.ts';
import { anyWorld, NOW, type SourceCase, type Start, type Worlds } from './source-case.ts';

export type { SourceCase } from './source-case.ts';

const startWeb: Start<DemoWorld> = async (world, options) => {
  const standIn = await startWebStandIn(world.web, options);
  return { ...standIn, setWorld: (next) => standIn.setWorld(next.web) };
};

/** Small answers, so that every crawl has several pages. */
const STAND_INS: Readonly<Record<string, Start<DemoWorld>>> = {
  async reddit(world, options) {
    const standIn = await startRedditStandIn(world.reddit, { ...options, treeSize: 4, treeDepth: 3, moreChildrenPerCall: 5 });
    return { ...standIn, setWorld: (next) => standIn.setWorld(next.reddit) };
  },
  async x(world, options) {
    const standIn = await startXStandIn(world.x, { ...options, pageSize: 4 });
    return { ...standIn, setWorld: (next) => standIn.setWorld(next.x) };
  },
  web: startWeb,
  feed: startWeb,
  async pubmed(world, options) {
    const standIn = await startPubmedStandIn(world.pubmed, options);
    return { ...standIn, setWorld: (next) => standIn.setWorld(next.pubmed) };
  },
  async clinicaltrials(world, options) {
    const standIn = await startClinicalTrialsStandIn(world.clinicaltrials, options);
    return { ...standIn, setWorld: (next) => standIn.setWorld(next.clinicaltrials) };
  },
};

/** The sources whose page size is their own, with a small one; the others as they are in the list. */
const SMALL: readonly Source[] = [createPubmedSource({ batch: 3 }), createClinicalTrialsSource({ pageSize: 1 })] as readonly Source[];

const GROWTH = 200;
const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);
/** Pages that the spoilt world shows as an image. */
const SPOILT_HOSTS = ['explainer.example', 'forum.example'];

function mapPages(world: DemoWorld, change: (page: DemoWorld['web']['sites'][number]['pages'][number], host: string) => object): DemoWorld {
  const sites = world.web.sites.map((site) => ({ ...site, pages: site.pages.map((page) => ({ ...page, ...change(page, site.host) })) }));
  return { ...world, web: { sites } };
}

const emptyFeed =
  '<?xml version="1.0"?><rss version="2.0"><channel><title>Empty</title><link>https://blog.example/</link><description>None</description></channel></rss>';
const feedItem = (n: number): string =>
  `<item><title>Semax note ${n}</title><link>https://blog.example/notes/${n}</link><guid>https://blog.example/notes/${n}</guid><description>Note ${n} about Semax.</description></item>`;
const feedPage = (n: number) => ({
  path: `/notes/${n}`,
  body: `<!doctype html><html lang="en"><head><title>Semax note ${n}</title></head><body><p>Note ${n} about Semax, whole.</p></body></html>`,
});

const web: Worlds<DemoWorld> = {
  empty: (world) => mapPages(world, (page) => (page.path === '/robots.txt' ? {} : page.path.endsWith('.xml') ? { body: emptyFeed } : { body: '' })),
  // A page and a thread become images, the feed gets an entry of nothing.
  spoil: (world) =>
    mapPages(world, (page, host) => {
      if (SPOILT_HOSTS.includes(host)) return { headers: { 'content-type': 'image/png' }, body: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]) };
      if (page.path.endsWith('.xml') && typeof page.body === 'string')
        return { body: page.body.replace('</channel>', '<item><guid isPermaLink="false">\u{1F4A9}</guid></item></channel>') };
      return {};
    }),
  grow(world, n) {
    const items = numbers(n * GROWTH, GROWTH);
    const grown = mapPages(world, (page) => {
      if (page.path.endsWith('.xml')) return { body: emptyFeed.replace('</channel>', `${items.map(feedItem).join('')}</channel>`) };
      return page.path === '/robots.txt' || typeof page.body !== 'string' ? {} : { body: page.body.replace('</title>', ` ${n}</title>`) };
    });
    // Every other entry leads to a page that is not there: the feed's own words stand in for it.
    const there = items.filter((item) => item % 2 === 0).map(feedPage);
    const sites = grown.web.sites.map((site) => (site.host === 'blog.example' ? { ...site, pages: [...site.pages, ...there] } : site));
    return { ...grown, web: { sites } };
  },
};

/** Too long for an id of X, and in the middle of a page when sorted as a number. */
function oddIdIn({ x }: DemoWorld): string {
  const newest = x.posts
    .filter((post) => /semax/i.test(String(post['text'])))
    .reduce((most, post) => (BigInt(String(post['id'])) > most ? BigInt(String(post['id'])) : most), 0n);
  return String(newest - 1n).padStart(26, '0');
}

const WORLDS: Readonly<Record<string, Worlds<DemoWorld>>> = {
  reddit: {
    empty: (world) => ({ ...world, reddit: { ...world.reddit, things: [] } }),
    spoil(world) {
      const bad = ['Semax', 'Nootropics'].flatMap((subreddit, at) => [
        {
          kind: 't3' as const,
          data: { name: `t3_zzbad${at}`, id: `zzbad${at}`, subreddit, title: { semax: 1 }, selftext: 'semax', created_utc: 1_795_000_000 },
        },
        { kind: 't3' as const, data: { subreddit, title: 'semax without a name', selftext: '', created_utc: 1_795_000_001 } },
      ]);
      return { ...world, reddit: { ...world.reddit, things: [...world.reddit.things, ...bad] } };
    },
    grow(world, n) {
      const grown = ['Semax', 'Nootropics'].flatMap((subreddit, at) =>
        numbers(n * GROWTH, GROWTH).map((m) => submission(20_000 * (at + 1) + m, { subreddit, title: `semax ${m}`, created_utc: 1_795_100_000 + m })),
      );
      return { ...world, reddit: { ...world.reddit, things: [...world.reddit.things, ...grown] as DemoWorld['reddit']['things'] } };
    },
  },
  x: {
    empty: (world) => ({ ...world, x: { posts: [] } }),
    spoil: (world) => ({ ...world, x: { posts: [...world.x.posts, { id: oddIdIn(world), text: 'semax', created_at: '2026-11-12T00:00:00Z' }] } }),
    grow: (world, n) => ({
      ...world,
      x: {
        posts: [
          ...world.x.posts,
          ...numbers(n * GROWTH, 20).map((m) => ({
            id: String(9_100_000_001_000_000_000n + BigInt(m)),
            text: `semax ${m}`,
            created_at: '2026-11-19T00:00:00.000Z',
          })),
        ],
      },
    }),
  },
  web,
  feed: web,
  pubmed: {
    empty: (world) => ({ ...world, pubmed: { articles: [] } }),
    spoil: (world) => ({
      ...world,
      pubmed: {
        articles: [
          ...world.pubmed.articles,
          '<PubmedArticle><MedlineCitation><PMID Version="1">990009998</PMID><Article><ArticleTitle>Semax & <b>broken</ArticleTitle></MedlineCitation></PubmedArticle>',
          '<PubmedArticle><MedlineCitation><PMID Version="1">990009999</PMID><Article>semax</Article></MedlineCitation></PubmedArticle>',
        ],
      },
    }),
    grow: (world, n) => ({
      ...world,
      pubmed: {
        articles: [...world.pubmed.articles, ...numbers(990_100_000 + n * 10, 10).map((m) => article(m, { title: `Semax ${m}`, entered: '2026-11-19' }))],
      },
    }),
  },
  clinicaltrials: {
    empty: (world) => ({ ...world, clinicaltrials: { studies: [] } }),
    spoil: (world) => ({
      ...world,
      clinicaltrials: {
        studies: [
          ...world.clinicaltrials.studies,
          { protocolSection: { descriptionModule: { briefSummary: 'semax' } } },
          { protocolSection: { identificationModule: { nctId: ['semax'] } } },
        ],
      },
    }),
    grow: (world, n) => ({
      ...world,
      clinicaltrials: {
        studies: [
          ...world.clinicaltrials.studies,
          ...numbers(n * 5 + 1, 5).map((m) => study(m, { title: `Semax ${m}`, updated: '2026-11-19' }) as Record<string, unknown>),
        ],
      },
    }),
  },
};

/** True for what the spoilt world itself makes unreadable. */
export function isSpoilt(nativeId: string): boolean {
  return SPOILT_HOSTS.some((host) => nativeId.startsWith(`https://${host}/`));
}

/** One case per community of the demo that may be read; robots.txt closes the other one, which has its own test. */
export const CLOSED = 'members.example';
const demoCases: readonly SourceCase[] = demoCommunities
  .filter(({ query }) => !JSON.stringify(query).includes(CLOSED))
  .map(({ source: name, query }) => {
    const source = SMALL.find((small) => small.name === name) ?? sources.find((listed) => listed.name === name);
    const start = STAND_INS[name];
    const worlds = WORLDS[name];
    if (source === undefined || start === undefined || worlds === undefined) throw new Error(`the conformance suite does not know the source ${name}`);
    const title = `${name} ${JSON.stringify(query).slice(0, 70)}`;
    return anyWorld({ title, source, query: source.querySchema.parse(query), start, load: (visit) => loadWorld(visit, NOW), changes: loadChanges, ...worlds });
  });

const OWN_WORLDS: readonly SourceCase[] = [europepmcCase, ...youtubeCases, ...blueskyCases, sitemapCase, ...feedCases, discourseCase];

export const cases: readonly SourceCase[] = [...demoCases, ...OWN_WORLDS];
