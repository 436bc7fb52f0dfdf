/**
 * The bundled demo sample: made-up posts, pages and records in the platforms' own wire formats (docs/demo.md), and the
 * communities that reach them. `loadWorld` gives the outside world as it is at the first, second and third visit.
 * Every person, shop, site, record and number in it is invented; hosts end in `.example` (RFC 2606) and ids lie far
 * beyond those the platforms have given out. Proved by test/unit/demo/sample.test.ts.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Community, communitySchema } from '../model/topic.ts';
import { applyChange } from './sample/apply-change.ts';
import { addLongComment } from './sample/long-comment.ts';
import { decodePages } from './sample/pages.ts';
import { changeSchema, expectedSchema, worldSchemas, type Change, type DemoWorld, type Expected } from './sample/shapes.ts';

export type { DemoWorld, Expected } from './sample/shapes.ts';

/** 1: first crawl. 2: after edits, deletions, removals, a retraction and five new posts. 3: two removed posts are back. */
export type Visit = 1 | 2 | 3;

/**
 * A fresh copy at each call; the caller may hand it to a stand-in as it is. `now` dates what must look recent: a changed
 * PubMed record is found by its day of revision, which has to be that of the visit.
 */
export async function loadWorld(visit: Visit, now: Date = new Date()): Promise<DemoWorld> {
  const [reddit, x, web, pubmed, clinicaltrials] = await Promise.all([
    readAsset('reddit.json', worldSchemas.reddit),
    readAsset('x.json', worldSchemas.x),
    readAsset('web.json', worldSchemas.web),
    readAsset('pubmed.json', worldSchemas.pubmed),
    readAsset('clinicaltrials.json', worldSchemas.clinicaltrials),
  ]);
  const first: DemoWorld = { reddit: addLongComment(reddit), x, web: decodePages(web), pubmed, clinicaltrials };
  const changes = await loadChanges();
  return changes.filter((change) => change.visit <= visit).reduce((world, change) => applyChange(world, change, { first, now }), first);
}

/** What happens between the visits, in order. */
export async function loadChanges(): Promise<readonly Change[]> {
  return readAsset('second-visit.json', z.array(changeSchema));
}

/** Labels given by a person to every item that can become a post, by docs/labelling-guide.md; quotes are verbatim. */
export async function loadExpected(): Promise<Expected> {
  return readAsset('expected.json', expectedSchema);
}

/** Where the demo's topic looks. Every query is one the real sources accept. */
export const demoCommunities: readonly Community[] = [
  { source: 'reddit', query: { subreddit: 'Semax', listing: 'new', comments: true }, schedule: { every: '6h' } },
  { source: 'reddit', query: { subreddit: 'Nootropics', search: 'semax', comments: true }, schedule: { every: '12h' } },
  { source: 'x', query: { search: 'semax' }, schedule: { every: '12h' } },
  {
    source: 'web',
    query: {
      urls: [
        'https://explainer.example/peptides/semax',
        'https://shop.example/products/semax-nasal-spray',
        'https://notes.example/2026/10/semax-log',
        'https://news.example/2026/10/customs-list-semax',
        'https://guide.example/semax-dosing-guide',
        'https://otzyvy.example/semaks',
        'https://odd.example/tricks',
        'https://wellness.example/semax-review',
        'https://digest.example/semax-six-weeks',
      ],
    },
    schedule: { every: '7d' },
  },
  // Its robots.txt says no: the demo shows that the page is not read, and that this is counted.
  { source: 'web', query: { urls: ['https://members.example/members/semax-log'] }, schedule: { every: '7d' } },
  { source: 'web', query: { thread: 'https://forum.example/t/semax-after-concussion/4107' }, schedule: { every: '1d' } },
  { source: 'feed', query: { url: 'https://blog.example/feed.xml', follow: true }, schedule: { every: '6h' } },
  { source: 'pubmed', query: { term: 'semax' }, schedule: { every: '1d' } },
  { source: 'clinicaltrials', query: { term: 'semax' }, schedule: { every: '1d' } },
].map((community) => communitySchema.parse(community));

async function readAsset<T>(name: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(new URL(`./sample/${name}`, import.meta.url), 'utf8');
  return schema.parse(JSON.parse(text));
}
