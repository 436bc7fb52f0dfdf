/**
 * What a cursor remembers of a sitemap's pages: per page 16 bytes (digest of its address, time of the last visit, digest of its
 * lastmod) in one packed table, because the cursor is stored again at every page: 5,000 pages are 107 kB, as objects with addresses they would be a megabyte.
 * Proved by test/unit/sources/web-sitemap-memory.test.ts.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CrawlCursor } from '../source.ts';

/** Bytes of a row: digest of the address, seconds since 1970 of the visit (0 = never), digest of the lastmod it was read under (0 = was not read). */
const ROW = 16;
const KEY = 8;
const VISIT = 8;
const READ = 12;
const MAX_UNLISTED = 50_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** What fits into a row's four bytes. */
const LATEST_MS = 0xffffffff * 1000;
/** Addresses whose page is known under another one; a site that does so for all its pages must not make the cursor grow without end. */
const MAX_RENAMED = 1_000;

const cursorSchema = z.object({
  /** The packed table in base64. */
  visits: z
    .string()
    .regex(/^[A-Za-z0-9+/]*=*$/)
    .catch(''),
  /** Start of the run that has not come to its end, in ms since 1970: what was visited since is not asked again in it. */
  since: z.number().int().positive().max(LATEST_MS).optional().catch(undefined),
  /** Address -> native id, where they differ. */
  renamed: z.record(z.string(), z.string()).catch({}),
});

export interface ListedPage {
  readonly url: string;
  readonly lastmod: string | undefined;
}

export interface SitemapListing {
  readonly pages: readonly ListedPage[];
  /** False when a part of the sitemap could not be read: what it lists is then unknown, not gone. */
  readonly isWhole: boolean;
}

export interface SitemapMemory {
  /** When the page was asked last, in ms (whole seconds); undefined = never. */
  visitedMs(url: string): number | undefined;
  /** The page was asked in this run. */
  isDone(page: ListedPage): boolean;
  /** To be asked in this run. */
  isDue(page: ListedPage): boolean;
  /** It was read under this very lastmod (or without one). */
  isKnown(page: ListedPage): boolean;
  /** Native id of its post; undefined = never read. */
  idOf(url: string): string | undefined;
  /** `wasRead`: false for a page that was gone or could not be had, which the next run asks again. */
  remember(page: ListedPage, visit: { readonly atMs: number; readonly wasRead: boolean; readonly id: string | undefined }): void;
  toCursor(run: 'open' | 'ended'): CrawlCursor;
}

/** What has left a sitemap that was read whole is forgotten. A cursor that cannot be read is an empty one. */
export function openSitemapMemory(cursor: CrawlCursor, listing: SitemapListing, nowMs: number): SitemapMemory {
  const known = cursorSchema.safeParse(cursor).data ?? { visits: '', renamed: {}, since: undefined };
  const before = readRows(Buffer.from(known.visits, 'base64'));
  // Visits must be told apart by run also when a clock stands still or went back.
  const newestMs = [...before.values()].reduce((most, row) => Math.max(most, row.readUInt32BE(VISIT) * 1000), 0);
  const runStartMs = known.since ?? Math.max(Math.floor(nowMs / 1000) * 1000, newestMs + 1000);
  const rowOf = new Map<string, Buffer>();
  for (const { url } of listing.pages) {
    const row = Buffer.alloc(ROW);
    digestOf(url, KEY).copy(row);
    const key = row.toString('latin1', 0, KEY);
    before.get(key)?.copy(row);
    before.delete(key);
    rowOf.set(url, row);
  }
  const unlisted = listing.isWhole ? [] : [...before.values()].slice(0, MAX_UNLISTED);
  // The rows above become parts of one table, so that a visit changes it in place.
  const table = Buffer.concat([...rowOf.values(), ...unlisted]);
  [...rowOf.keys()].forEach((url, at) => {
    rowOf.set(url, table.subarray(at * ROW, (at + 1) * ROW));
  });
  const renamed = new Map(Object.entries(known.renamed).filter(([url]) => !listing.isWhole || rowOf.has(url)));

  const rowFor = (url: string): Buffer => rowOf.get(url) as Buffer;
  const visitedMs = (url: string): number | undefined => (rowFor(url).readUInt32BE(VISIT) === 0 ? undefined : rowFor(url).readUInt32BE(VISIT) * 1000);
  const isKnown = ({ url, lastmod }: ListedPage): boolean =>
    rowFor(url)
      .subarray(READ)
      .equals(digestOf(lastmod ?? '', ROW - READ));
  const isDone = ({ url }: ListedPage): boolean => (visitedMs(url) ?? 0) >= runStartMs;
  return {
    visitedMs,
    isDone,
    isKnown,
    isDue(page) {
      const visit = visitedMs(page.url);
      if (visit === undefined) return true;
      if (isDone(page)) return false;
      // A day says nothing of the hours after the visit; without a lastmod only the page itself can tell.
      return !isKnown(page) || page.lastmod === undefined || endOf(page.lastmod) > visit;
    },
    idOf: (url) => renamed.get(url) ?? (rowFor(url).readUInt32BE(READ) === 0 ? undefined : url),
    remember({ url, lastmod }, { atMs, wasRead, id }) {
      rowFor(url).writeUInt32BE(Math.floor(Math.max(atMs, runStartMs) / 1000), VISIT);
      if (wasRead) digestOf(lastmod ?? '', ROW - READ).copy(rowFor(url), READ);
      else if (id === undefined) rowFor(url).fill(0, READ);
      if (id !== undefined && id !== url && renamed.size < MAX_RENAMED) renamed.set(url, id);
    },
    toCursor: (run) => ({
      visits: table.toString('base64'),
      ...(run === 'open' ? { since: runStartMs } : {}),
      ...(renamed.size === 0 ? {} : { renamed: Object.fromEntries(renamed) }),
    }),
  };
}

function readRows(table: Buffer): Map<string, Buffer> {
  const rows = new Map<string, Buffer>();
  for (let at = 0; at + ROW <= table.length; at += ROW) rows.set(table.toString('latin1', at, at + KEY), table.subarray(at, at + ROW));
  return rows;
}

function digestOf(value: string, bytes: number): Buffer {
  return createHash('sha256').update(value).digest().subarray(0, bytes);
}

/** The last moment a W3C date may mean (https://www.w3.org/TR/NOTE-datetime); a date without a zone may be any zone's. Unreadable: never over. */
function endOf(lastmod: string): number {
  const found = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}.*)?$/i.exec(lastmod);
  if (found === null) return Number.POSITIVE_INFINITY;
  const ms = Date.parse(found[2] === undefined ? `${found[1]}T00:00:00Z` : lastmod);
  if (Number.isNaN(ms)) return Number.POSITIVE_INFINITY;
  return found[2] === undefined ? ms + 1.5 * DAY_MS : ms;
}
