/** Who crawls: a script with arguments. Each run is a process of its own. */
export interface Contestant {
  readonly id: 'client' | 'crawlee' | 'crawlee-fast' | 'hearsay' | 'crawlee-extract' | 'postgres';
  readonly says: string;
  /** In this folder, without ending. */
  readonly script: 'crawl-client' | 'crawl-hearsay' | 'crawl-crawlee' | 'crawl-into-postgres';
  /** After the origin and the number of pages. */
  readonly args: readonly string[];
}

/** More at once is no faster: one thread does all the work. */
const AT_ONCE = '16';

export const CONTESTANTS: readonly Contestant[] = [
  { id: 'client', says: 'Hearsay client, title and text', script: 'crawl-client', args: [] },
  { id: 'crawlee', says: 'Crawlee as it comes, title and text', script: 'crawl-crawlee', args: ['text', 'usual'] },
  { id: 'crawlee-fast', says: 'Crawlee at its fastest, title and text', script: 'crawl-crawlee', args: ['text', AT_ONCE] },
  { id: 'hearsay', says: 'Hearsay web source, posts', script: 'crawl-hearsay', args: [] },
  { id: 'crawlee-extract', says: 'Crawlee at its fastest, our extraction', script: 'crawl-crawlee', args: ['extract', AT_ONCE] },
  { id: 'postgres', says: 'Hearsay web source, into Postgres', script: 'crawl-into-postgres', args: [] },
];
