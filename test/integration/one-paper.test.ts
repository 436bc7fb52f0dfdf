/** One study is one source, whichever service lists it: the same paper from PubMed and from Europe PMC, and its preprint. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { startEuropepmcStandIn } from '../../src/demo/standins/europepmc.ts';
import { startPubmedStandIn } from '../../src/demo/standins/pubmed.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import { link, medline, preprint, pprOf } from '../fixtures/europepmc/records.ts';
import { article } from '../fixtures/pubmed/articles.ts';
import { createEdge, type TestEdge } from './edge.ts';

const PMID = 990_000_001;
const TITLE = 'Semax after stroke: a randomized controlled trial.';
const ABSTRACT = 'Sixty patients were randomized to Semax or placebo. Semax improved memory in patients compared with placebo.';
const EARLIER = 'We gave Semax or placebo to sixty volunteers who had had a stroke. In the group with Semax attention improved after ten days.';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(med: boolean): Promise<TestEdge> {
  const pubmed = await startPubmedStandIn({ articles: [article(PMID, { title: TITLE, abstract: ABSTRACT, types: ['Randomized Controlled Trial'] })] });
  closing.push(pubmed.close);
  const europepmc = await startEuropepmcStandIn({
    records: [
      medline(PMID, { title: TITLE, abstractText: ABSTRACT, pubTypeList: { pubType: ['Randomized Controlled Trial'] }, ...link('Retraction in') }),
      preprint(1, { title: 'Semax after stroke', abstractText: EARLIER, ...link('Preprint of', { id: String(PMID) }) }),
    ],
  });
  closing.push(europepmc.close);
  const HEARSAY_ROUTES = [pubmed, europepmc].flatMap(({ hosts, url }) => hosts.map((host) => `${host}=${url}`)).join(',');
  const plain = await createEdge({ env: { HEARSAY_ROUTES } });
  const topicsDir = path.join(plain.config.dataDir, 'topics');
  const bundled = await readFile(path.join(plain.topicsDir, 'semax.yaml'), 'utf8');
  await mkdir(topicsDir);
  await writeFile(
    path.join(topicsDir, 'semax.yaml'),
    `${bundled.replace(/^communities:[\s\S]*/m, '')}
communities:
  - { source: pubmed, query: { term: semax }, schedule: { every: 1d } }
  - { source: europepmc, query: { term: semax, med: ${med} }, schedule: { every: 1d } }
`,
  );
  closing.push(plain.close, () => rm(topicsDir, { recursive: true }));
  return { ...plain, topicsDir };
}

type PrintedCounts = Pick<PublishedCounts, 'posts' | 'set_aside'> & { readonly grade_rule: string };

async function crawl(edge: TestEdge): Promise<PrintedCounts> {
  expect(await runCli(['crawl', 'run', 'semax'], edge), edge.written.talk).toBe(0);
  const before = edge.written.out.length;
  expect(await runCli(['counts', 'semax', '--json'], edge)).toBe(0);
  return JSON.parse(edge.written.out.slice(before)) as PrintedCounts;
}

async function readPosts(edge: TestEdge): Promise<string[]> {
  const client = new pg.Client({ connectionString: edge.databaseUrl, options: '-c search_path=hearsay,public' });
  await client.connect();
  try {
    const found = await client.query<{ name: string }>("SELECT platform || ' ' || native_id AS name FROM post ORDER BY native_id");
    return found.rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

describe('a paper in PubMed and in Europe PMC', { timeout: 120_000 }, () => {
  it.each([false, true])("is one post, and one study with its preprint (Europe PMC asked for PubMed's records: %s)", async (med) => {
    const edge = await open(med);
    const counts = await crawl(edge);
    expect(await readPosts(edge)).toEqual([`pubmed pmid:${PMID}`, `europepmc ppr:${pprOf(1)}`]);
    // Two posts, one study: the preprint carries the article's PMID.
    expect(counts.grade_rule).toContain('Here: 1 in people');
    // Only Europe PMC's record says that the paper was retracted; the notice reaches the post that PubMed gave.
    expect([counts.posts, counts.set_aside.noticed]).toEqual(med ? [1, 1] : [2, 0]);
  });
});
