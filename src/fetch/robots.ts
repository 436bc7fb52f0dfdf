/**
 * robots.txt by RFC 9309. robots-parser matches paths; the rules about statuses, size and caching are here:
 * 2xx is parsed (the first 500 KiB, section 2.5); 4xx means everything may be fetched (2.3.1.3); 5xx, 429 and no answer mean
 * nothing may be fetched now (2.3.1.4); a copy is used for 24 hours (2.4), longer only while the file is unreachable.
 * `Crawl-delay` is outside the RFC; it is honoured up to 30 seconds. Proved by test/unit/fetch/robots.test.ts.
 */
import robotsParser from 'robots-parser';
import { HearsayError, InvalidInputError, TransientError } from '../errors.ts';
import type { HttpResponse } from './http.ts';

export const MAX_ROBOTS_BYTES = 500 * 1024;
const MAX_AGE_MS = 24 * 60 * 60 * 1000;
/** How soon an unreachable robots.txt is asked for again. */
const RETRY_UNREACHABLE_MS = 5 * 60 * 1000;
const MAX_CRAWL_DELAY_MS = 30_000;
const MAX_ORIGINS = 5_000;

export interface RobotsCache {
  /**
   * Resolves with the delay the site asks for between requests (0 = none). Raises `robots_disallow` (the site forbids it) and
   * `robots_unreachable` (it cannot be asked now: retry later), and `address_blocked` for an origin that may not be fetched at all.
   */
  check(url: URL): Promise<{ readonly crawlDelayMs: number }>;
}

interface Entry {
  /** Undefined while the file is unreachable and no copy is held. */
  readonly rules: ReturnType<typeof parse> | undefined;
  readonly askAgainAt: number;
}

export function createRobotsCache(options: {
  /** Full User-Agent value; the part before "/" is the product token that groups are matched with. */
  readonly userAgent: string;
  /** Fetches a robots.txt, redirects followed, body cut at `MAX_ROBOTS_BYTES`. Shared by all who wait for it, so nobody's signal stops it. */
  readonly fetchRobots: (url: string) => Promise<HttpResponse>;
  readonly now: () => Date;
}): RobotsCache {
  const entries = new Map<string, Promise<Entry>>();

  async function load(origin: string, held: Entry | undefined): Promise<Entry> {
    const url = `${origin}/robots.txt`;
    const time = options.now().getTime();
    const unreachable: Entry = { rules: held?.rules, askAgainAt: time + RETRY_UNREACHABLE_MS };
    try {
      const response = await options.fetchRobots(url);
      if (response.status === 429 || response.status >= 500) return unreachable;
      const text = response.status >= 200 && response.status < 300 ? response.body.subarray(0, MAX_ROBOTS_BYTES).toString('utf8') : '';
      return { rules: parse(url, text), askAgainAt: time + MAX_AGE_MS };
    } catch (error) {
      // A blocked address, or a redirect to one, is the guard's answer and not the site's silence.
      if (error instanceof HearsayError && error.code === 'address_blocked') throw error;
      // Section 2.3.1.2: after five redirects the file may be taken as unavailable, which is the 4xx case.
      if (error instanceof HearsayError && error.code === 'too_many_redirects') return { rules: parse(url, ''), askAgainAt: time + MAX_AGE_MS };
      return unreachable;
    }
  }

  /** One request per origin, however many callers ask at once. */
  async function entryOf(origin: string): Promise<Entry> {
    const pending = entries.get(origin);
    const held = pending === undefined ? undefined : await pending;
    if (held !== undefined && held.askAgainAt > options.now().getTime()) return held;
    const newer = entries.get(origin);
    if (newer !== undefined && newer !== pending) return newer;
    if (entries.size >= MAX_ORIGINS) entries.delete(entries.keys().next().value as string);
    const loading = load(origin, held);
    entries.set(origin, loading);
    loading.catch(() => entries.delete(origin));
    return loading;
  }

  return {
    async check(url) {
      if (url.pathname === '/robots.txt') return { crawlDelayMs: 0 };
      const { rules } = await entryOf(url.origin);
      if (rules === undefined) throw new TransientError('robots_unreachable', `robots.txt of ${url.host} cannot be read; nothing is fetched there for now`);
      if (rules.isAllowed(url.href, options.userAgent) === false) {
        throw new InvalidInputError('robots_disallow', `robots.txt of ${url.host} forbids ${url.pathname.slice(0, 120)}`);
      }
      const delayMs = (rules.getCrawlDelay(options.userAgent) ?? 0) * 1000;
      return { crawlDelayMs: Math.min(Math.max(delayMs, 0), MAX_CRAWL_DELAY_MS) };
    },
  };
}

// The package is CommonJS with an ESM-style declaration: under nodenext its default is the function, or holds it.
type RobotsParser = (
  url: string,
  text: string,
) => { isAllowed(url: string, userAgent?: string): boolean | undefined; getCrawlDelay(userAgent?: string): number | undefined };
const parseRobots = robotsParser as unknown as RobotsParser;

function parse(url: string, text: string): ReturnType<RobotsParser> {
  return parseRobots(url, text);
}
