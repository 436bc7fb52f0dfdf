/** The real HTTP client with routes to the given stand-ins, and the context a source gets. */
import { createHttpClient } from '../../src/fetch/client.ts';
import type { HttpClient } from '../../src/fetch/http.ts';
import type { Pacer } from '../../src/fetch/pace.ts';
import type { CrawlPage, SourceContext } from '../../src/sources/source.ts';

/** Turns without waiting and rests that nobody keeps: for tests of what a source reads. */
export const NO_PACING: Pacer = { wait: async () => undefined, rest: async () => undefined };

export function clientFor(...servers: readonly { readonly url: string; readonly hosts: readonly string[] }[]): HttpClient & { close(): Promise<void> } {
  const routes = Object.fromEntries(servers.flatMap((server) => server.hosts.map((host) => [host, server.url] as const)));
  return createHttpClient({ userAgent: 'test:hearsay:0', routes, pacer: NO_PACING });
}

/** Any values: stand-ins check that credentials are there, not what they are. */
export const TEST_CREDENTIALS: Readonly<Record<string, string>> = {
  REDDIT_CLIENT_ID: 'test-app',
  REDDIT_CLIENT_SECRET: 'test-secret',
  REDDIT_USER_AGENT: 'test:hearsay:0 (by /u/nobody)',
  X_BEARER_TOKEN: 'test-token',
};

export function contextFor(http: HttpClient, changes: Partial<SourceContext> = {}): SourceContext {
  return { http, credentials: TEST_CREDENTIALS, now: () => new Date(), ...changes };
}

/** Everything a crawl gives, read to its end or to `pages`. */
export async function readPages(pages: AsyncIterable<CrawlPage>, most = Number.POSITIVE_INFINITY): Promise<CrawlPage[]> {
  const read: CrawlPage[] = [];
  for await (const page of pages) {
    read.push(page);
    if (read.length >= most) break;
  }
  return read;
}
