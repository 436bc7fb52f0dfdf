/**
 * One run of `crawlCommunity` over the site's sitemap, in a process of its own: `crawl-into-postgres ORIGIN PAGES`, from source. On an embedded PostgreSQL with its usual
 * settings, whose processes are not counted. Posts, captures and cursor are stored page by page, as in production; the pace is off.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deleteCluster } from '../../src/db/cluster-home.ts';
import { openHearsay } from '../../src/cli/open-hearsay.ts';
import { readConfig } from '../../src/config.ts';
import { type CommunityRow, crawlCommunity } from '../../src/pipeline/crawl.ts';
import { CREDENTIAL_NAMES, sourcesByName } from '../../src/sources/list.ts';
import { readTopics } from '../../src/topics.ts';
import { openTally } from './tally.ts';

/** The topic's sources give addresses of a site by its name; the client's route leads to the server. */
const SITE = 'notebook.example';

const [origin, pages] = process.argv.slice(2) as [string, string];
const topicsDir = path.resolve(import.meta.dirname, '../../topics');
const dataDir = await mkdtemp(path.join(tmpdir(), 'hearsay-bench-crawl-'));
const topic = (await readTopics(topicsDir, { sources: sourcesByName })).find(({ slug }) => slug === 'semax');
if (topic === undefined) throw new Error(`no topic semax in ${topicsDir}`);
const query = { sitemap: `http://${SITE}/sitemap.xml`, max_pages: Number(pages) };
const opened = await openHearsay(
  {
    config: readConfig({ HEARSAY_DATA: dataDir, HEARSAY_LOG_LEVEL: 'error' }, dataDir, CREDENTIAL_NAMES),
    runtime: { openQueues: noQueues, startWorkers: noQueues },
    stdin: (async function* () {})(),
    out: async () => undefined,
    talk: () => undefined,
    progress: () => undefined,
    signal: new AbortController().signal,
    topicsDir,
  },
  {
    exclusive: true,
    hostIntervalMs: 0,
    routes: { [SITE]: origin },
    topics: [{ ...topic, communities: [{ source: 'web', query, schedule: { every: '1d', jitter: '1h' }, budget: {} }] }],
  },
);
try {
  const { pool } = opened.hearsay;
  const { rows } = await pool.query<CommunityRow>('SELECT id, topic, source, query, budget, cursor FROM community WHERE active');
  const tally = openTally();
  await crawlCommunity(opened.hearsay, rows[0] as CommunityRow, { onRevisions: async () => undefined });
  const { seconds } = tally.figures();
  const stored = await pool.query<{ url: string; title: string; text: string }>('SELECT url, title, text FROM post JOIN post_revision ON post_id = post.id');
  for (const { url, title, text } of stored.rows) tally.add(url, title, text);
  process.stdout.write(`${JSON.stringify({ ...tally.figures(), seconds })}\n`);
} finally {
  await opened.close();
  await deleteCluster(dataDir);
  await rm(dataDir, { recursive: true, force: true });
}

function noQueues(): never {
  throw new Error('this run needs no queue');
}
