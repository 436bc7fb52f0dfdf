/**
 * Serves recorded platform traffic for trying the real sources by hand:
 *
 *   npx tsx test/standin/replay.ts [--dir ../shared/data/api] [--port 0]
 *
 * prints the HEARSAY_ROUTES line to use and what can be crawled, then runs until it is interrupted. All hosts are
 * served by one loopback server, told apart by the Host header. A new recorded host is one line in `openHosts`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { RecordedHost } from './recording.ts';
import { europepmcRecordings } from './recordings-europepmc.ts';
import { literatureRecordings } from './recordings-literature.ts';
import { redditRecordings } from './recordings-reddit.ts';
import { xRecordings } from './recordings-x.ts';
import { serveRecordings } from './serve-recordings.ts';

async function openHosts(dir: string): Promise<readonly RecordedHost[]> {
  const has = (folder: string) => existsSync(path.join(dir, folder));
  return [
    ...(has('praw') ? await redditRecordings(dir) : []),
    ...(has('tweepy_cassettes') ? [await xRecordings(dir)] : []),
    ...(has('ctgov_pubmed_biomcp') && has('ncbi_biopython') ? await literatureRecordings(dir) : []),
    ...(has('ctgov_pubmed_biomcp') ? [await europepmcRecordings(dir)] : []),
  ];
}

function readArguments(): { readonly dir: string; readonly port: number } {
  const { values } = parseArgs({
    options: { dir: { type: 'string', default: '../shared/data/api' }, port: { type: 'string', default: '0' } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port} is not a port`);
  return { dir: path.resolve(values.dir), port };
}

async function replay(): Promise<void> {
  const { dir, port } = readArguments();
  const hosts = await openHosts(dir);
  if (hosts.length === 0) throw new Error(`no recordings in ${dir}`);
  const server = await serveRecordings(hosts, { port });
  const lines = [
    `HEARSAY_ROUTES=${hosts.map((recorded) => `${recorded.host}=${server.url}`).join(',')}`,
    ...hosts.flatMap((recorded) => [
      `# ${recorded.host}`,
      ...(recorded.crawlable.length === 0 ? ['#   nothing to crawl by itself'] : recorded.crawlable.map((query) => `#   ${query}`)),
    ]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.stderr.write('Serving recordings; Ctrl-C ends it.\n');
  const stop = () => {
    void server.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

replay().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
