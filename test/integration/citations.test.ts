/** Studies that pages cite: each becomes one source however many cite it, is asked for once, and goes the way of every other post. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedgerReader } from '../../src/api/database-reader.ts';
import { runCli } from '../../src/cli/run.ts';
import { createPool } from '../../src/db/pool.ts';
import { startClinicalTrialsStandIn } from '../../src/demo/standins/clinicaltrials.ts';
import { startPubmedStandIn } from '../../src/demo/standins/pubmed.ts';
import type { StandInRequest } from '../../src/demo/standins/stand-in.ts';
import { startWebStandIn, type WebPage } from '../../src/demo/standins/web.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import { nctOf, study } from '../fixtures/clinicaltrials/studies.ts';
import { article } from '../fixtures/pubmed/articles.ts';
import { createEdge, type TestEdge } from './edge.ts';

const STUDY = 990_001;
const OFF_TOPIC_STUDY = 990_002;
const CITED_OFF_TOPIC = 990_003;
const NO_RECORD = 990_404;
const HOST = 'blog.example';
const address = (pmid: number): string => `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`;

const link = (pmid: number): string => `<a href="${address(pmid)}">this study</a>`;
/** Each page in words of its own: near-duplicates are one experience. */
const page = (name: string, words: string): WebPage => ({
  path: `/${name}`,
  body: `<!doctype html><html lang="en"><head><title>Notes, ${name}</title></head><body><nav>${link(999_999)}</nav><article><h1>Notes, ${name}</h1><p>${words}</p>
<p>These are the notes of ${name}; more of them follow when there is time to write them down, and when there is something to tell.</p></article></body></html>`,
});
const PAGES = {
  sleep: page(
    'sleep',
    `I took Semax for a month and my sleep got better, as in ${link(STUDY)}. Another one is PMID: ${NO_RECORD}. There is a trial too, ${nctOf(1)}.`,
  ),
  focus: page('focus', `Semax is said to help with focus in ${link(STUDY)} and in ${link(OFF_TOPIC_STUDY)}. My own focus got better after three weeks of it.`),
  garden: page('garden', `Tomatoes want sun, see ${link(CITED_OFF_TOPIC)}. Water them in the morning and not in the evening, and never from above.`),
};
const FEED: WebPage = {
  path: '/feed.xml',
  body: `<?xml version="1.0"?><rss version="2.0"><channel><title>Notes</title><link>https://${HOST}/</link><description>Notes</description><item><title>Memory</title>
<link>https://${HOST}/memory</link><description><![CDATA[<p>Semax improved my memory within two weeks, just as ${link(STUDY)} says of rats.</p>]]></description></item></channel></rss>`,
};

let web: Awaited<ReturnType<typeof startWebStandIn>>;
let pubmed: Awaited<ReturnType<typeof startPubmedStandIn>>;
let trials: Awaited<ReturnType<typeof startClinicalTrialsStandIn>>;
let edge: TestEdge;
let topicsDir: string;
let isDown: boolean;
const world = (pages: readonly WebPage[]) => ({ sites: [{ host: HOST, pages }] });

beforeEach(async () => {
  isDown = false;
  web = await startWebStandIn(world([...Object.values(PAGES), FEED]));
  pubmed = await startPubmedStandIn(
    {
      articles: [
        article(STUDY, { title: 'Semax and memory in rats.', abstract: 'Rats were given Semax. Semax improved memory in rats compared with saline.' }),
        article(OFF_TOPIC_STUDY, { title: 'Focus and noise.', abstract: 'Noise was played to volunteers, whose attention got worse.' }),
        article(CITED_OFF_TOPIC, { title: 'Semax and tomatoes.', abstract: 'Semax was given to tomatoes. Semax did not change their growth.' }),
      ],
    },
    { fault: () => (isDown ? { status: 503, body: 'down' } : undefined) },
  );
  trials = await startClinicalTrialsStandIn({ studies: [study(1, { title: 'Semax for sleep', intervention: 'Semax' }) as Record<string, unknown>] });
  const HEARSAY_ROUTES = [web, pubmed, trials].flatMap(({ hosts, url }) => hosts.map((host) => `${host}=${url}`)).join(',');
  edge = await createEdge({ env: { HEARSAY_ROUTES } });
  topicsDir = path.join(edge.config.dataDir, 'topics');
  await mkdir(topicsDir);
  const urls = Object.keys(PAGES).map((name) => `https://${HOST}/${name}`);
  await setCommunities([
    { source: 'web', query: { urls } },
    { source: 'feed', query: { url: `https://${HOST}/feed.xml` } },
  ]);
});
afterEach(async () => {
  await rm(topicsDir, { recursive: true });
  await edge.close();
  for (const standIn of [web, pubmed, trials]) await standIn.close();
});

async function setCommunities(communities: readonly object[]): Promise<void> {
  const bundled = await readFile(path.resolve(import.meta.dirname, '../../topics/semax.yaml'), 'utf8');
  const lines = communities.map((community) => `  - ${JSON.stringify({ ...community, schedule: { every: '1d' } })}`);
  await writeFile(path.join(topicsDir, 'semax.yaml'), `${bundled.replace(/^communities:[\s\S]*/m, '')}\ncommunities:\n${lines.join('\n')}\n`);
}

async function run(expected: number, ...argv: string[]): Promise<string> {
  const before = edge.written.out.length;
  expect(await runCli(argv, { ...edge, topicsDir }), edge.written.talk).toBe(expected);
  return edge.written.out.slice(before);
}
const crawl = (expected = 0): Promise<string> => run(expected, 'crawl', 'run', 'semax');
const counts = async (): Promise<PublishedCounts> => JSON.parse(await run(0, 'counts', 'semax', '--json')) as PublishedCounts;

async function ask(sql: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: edge.databaseUrl, options: '-c search_path=hearsay,public' });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
const column = async (sql: string): Promise<unknown[]> => (await ask(sql)).map((row) => Object.values(row)[0]);
const studies = (): Promise<unknown[]> => column(`SELECT native_id FROM post WHERE platform <> 'web' ORDER BY 1`);
const citedBy = (url: string): Promise<unknown[]> =>
  column(`SELECT record FROM citation JOIN post p ON p.id = post_id WHERE p.native_id = '${url}' ORDER BY 1`);

/** Ids of each efetch so far. */
const fetched = (requests: readonly StandInRequest[]): (string[] | undefined)[] =>
  requests.filter(({ path: asked }) => asked.includes('efetch')).map(({ body }) => new URLSearchParams(body).get('id')?.split(',').sort());

const bySeq = (a: pg.QueryResultRow | undefined, b: pg.QueryResultRow | undefined): number => Number(a?.['seq']) - Number(b?.['seq']);

/** Page -> what the reader of the API links it to. */
async function readCited(): Promise<Record<string, unknown>> {
  const pool = createPool(edge.databaseUrl, { applicationName: 'hearsay-test' });
  try {
    const { rows } = await createLedgerReader({ pool, folds: new FoldReader(), topics: new Map() }).sources('semax', { limit: 100 });
    return Object.fromEntries(rows.flatMap(({ content, cites }) => (cites === undefined ? [] : [[content?.url?.split('/').at(-1), cites]])));
  } finally {
    await pool.end();
  }
}

describe('cited studies', { timeout: 120_000 }, () => {
  it('become one source each, whoever cites them, and are asked for once', async () => {
    await crawl();
    expect(await citedBy(`https://${HOST}/sleep`)).toEqual([`nct:${nctOf(1)}`, `pmid:${STUDY}`, `pmid:${NO_RECORD}`]);
    expect(await citedBy(`https://${HOST}/memory`)).toEqual([`pmid:${STUDY}`]);
    expect(fetched(pubmed.requests)).toEqual([[STUDY, OFF_TOPIC_STUDY, NO_RECORD].map(String)]);
    expect(edge.written.talk).toContain('cited studies: asked for 4, found 3');
    expect(await studies()).toEqual([`nct:${nctOf(1)}`, `pmid:${STUDY}`, `pmid:${OFF_TOPIC_STUDY}`]);
    const { sources } = await counts();
    expect(sources.scientific).toBe(2);
    expect(await ask(`SELECT code, item FROM refusal WHERE source = 'pubmed' OR item = 'pmid:${OFF_TOPIC_STUDY}' ORDER BY 1`)).toEqual([
      { code: 'not_found', item: `pmid:${NO_RECORD}` },
      { code: 'off_topic', item: `pmid:${OFF_TOPIC_STUDY}` },
    ]);

    await crawl();
    expect(fetched(pubmed.requests)).toHaveLength(1);
    await ask(`UPDATE citation_miss SET looked_at = looked_at - interval '31 days'`);
    await crawl();
    expect(fetched(pubmed.requests).slice(1)).toEqual([[String(NO_RECORD)]]);
    expect((await counts()).sources).toEqual(sources);
  });

  it('are linked from what cites them, as long as both are shown', async () => {
    await crawl();
    const [paper, trial] = await ask(
      `SELECT seq::int, 's' || number AS number FROM ledger_source JOIN post p USING (post_key) WHERE p.platform <> 'web' ORDER BY p.native_id DESC`,
    );
    expect(await readCited()).toEqual({ sleep: [trial, paper].sort(bySeq), focus: [paper], memory: [paper] });
    await run(0, 'withhold', 'pubmed', `pmid:${STUDY}`, '--reason', 'legal_request');
    expect(await readCited()).toEqual({ sleep: [trial] });
  });

  it('are not asked for where a crawl has brought them', async () => {
    await setCommunities([
      { source: 'pubmed', query: { term: 'rats' } },
      { source: 'web', query: { urls: [`https://${HOST}/focus`] } },
    ]);
    await crawl();
    expect(fetched(pubmed.requests)).toEqual([[String(STUDY)], [String(OFF_TOPIC_STUDY)]]);
  });

  it('are asked for by the next crawl when their source is down or stopped', async () => {
    isDown = true;
    await crawl(3);
    expect(edge.written.talk).toContain('asking pubmed for cited studies failed');
    expect(await studies()).toEqual([`nct:${nctOf(1)}`]);
    isDown = false;
    await run(0, 'source', 'stop', 'pubmed');
    await crawl();
    expect(await studies()).toEqual([`nct:${nctOf(1)}`]);
    await run(0, 'source', 'start', 'pubmed');
    await crawl();
    expect(await studies()).toContain(`pmid:${STUDY}`);
  });

  it('are no longer cited once the page is edited, or erased', async () => {
    await crawl();
    web.setWorld(world([{ ...PAGES.sleep, body: String(PAGES.sleep.body).replace(link(STUDY), 'a study') }, PAGES.focus, PAGES.garden, FEED]));
    await crawl();
    expect(await citedBy(`https://${HOST}/sleep`)).toEqual([`nct:${nctOf(1)}`, `pmid:${NO_RECORD}`]);
    await run(0, 'erase', '--url', `https://${HOST}/sleep`, '--reason', 'request', '--no-scrub');
    expect(
      await ask(`SELECT record FROM citation WHERE record IN ('nct:${nctOf(1)}', 'pmid:${NO_RECORD}') UNION ALL SELECT record FROM citation_miss`),
    ).toEqual([]);
    // Nor does the id of an erased study stay behind in what cites it.
    await run(0, 'erase', 'pubmed', `pmid:${STUDY}`, '--reason', 'request', '--no-scrub');
    expect(await ask(`SELECT 1 FROM citation WHERE record = 'pmid:${STUDY}'`)).toEqual([]);
  });
});
