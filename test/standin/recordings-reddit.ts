/**
 * Recorded Reddit traffic (PRAW's cassettes, BSD-2, in `../shared/data/api/praw`): served as two hosts, and opened
 * for tests that read every body. The cassettes hold first pages only: a page that was not recorded is answered with
 * an empty listing, and comments that were not recorded with none, as Reddit answers at the end of what it has.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { StandIn } from '../../src/demo/standins/stand-in.ts';
import { type Exchange, findExchange, keepHeaders, readRequest, trimPath } from './match-recording.ts';
import type { RecordedAnswer, RecordedHost } from './recording.ts';
import { serveRecordings } from './serve-recordings.ts';

const cassetteSchema = z.object({
  interactions: z.array(
    z.object({
      request: z.object({
        method: z.string(),
        uri: z.string(),
        body: z.union([z.null(), z.string(), z.object({ string: z.string().optional() })]).optional(),
      }),
      response: z.object({
        status: z.object({ code: z.number() }),
        headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
        body: z.object({ string: z.string().optional(), base64_string: z.string().optional() }),
      }),
    }),
  ),
});

/** Every recorded exchange, in file and recording order. */
export async function readRedditExchanges(dir: string): Promise<readonly Exchange[]> {
  const folder = path.join(dir, 'praw');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const all: Exchange[] = [];
  for (const file of files) {
    const cassette = cassetteSchema.parse(JSON.parse(await readFile(path.join(folder, file), 'utf8')));
    for (const { request, response } of cassette.interactions) {
      const url = new URL(request.uri);
      const body = typeof request.body === 'string' ? request.body : (request.body?.string ?? '');
      const params = request.method === 'POST' ? new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)]) : url.searchParams;
      const answer = { status: response.status.code, headers: keepHeaders(response.headers), body: readBody(response.body) };
      all.push({ file, method: request.method, host: url.host, path: trimPath(url.pathname), params, answer });
    }
  }
  return all;
}

function readBody(body: { readonly string?: string | undefined; readonly base64_string?: string | undefined }): Buffer {
  if (body.base64_string === undefined) return Buffer.from(body.string ?? '', 'utf8');
  const bytes = Buffer.from(body.base64_string, 'base64');
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

export async function redditRecordings(dir: string): Promise<readonly RecordedHost[]> {
  const exchanges = await readRedditExchanges(dir);
  const oauth = exchanges.filter((exchange) => exchange.host === 'oauth.reddit.com');
  const www = exchanges.filter((exchange) => exchange.host === 'www.reddit.com' && exchange.answer.status === 200);
  const crawlable = listCrawlable(oauth).map(({ items: _items, ...query }) => JSON.stringify(query));
  return [
    {
      host: 'oauth.reddit.com',
      crawlable,
      answer: (method, pathWithQuery, body) => answerApi(oauth, readRequest({ method, pathWithQuery, body })),
    },
    {
      host: 'www.reddit.com',
      crawlable: [],
      answer: (method, pathWithQuery, body) => findExchange(www, readRequest({ method, pathWithQuery, body }), { selecting: ['grant_type'] })?.answer,
    },
  ];
}

const SELECTING = ['after', 'before', 'id', 'q', 'url', 'sr_name'];

function answerApi(exchanges: readonly Exchange[], request: Parameters<typeof findExchange>[1]): RecordedAnswer | undefined {
  const found = findExchange(exchanges, request, { selecting: SELECTING });
  if (found !== undefined) return found.answer;
  if (request.path === '/api/morechildren') return json({ json: { errors: [], data: { things: [] } } });
  if (request.path === '/api/info') return answerInfo(exchanges, request.params.get('id') ?? '');
  const firstPage = new URLSearchParams(request.params);
  firstPage.delete('after');
  const continues = request.params.has('after') && findExchange(exchanges, { ...request, params: firstPage }, { selecting: SELECTING }) !== undefined;
  return continues ? json({ kind: 'Listing', data: { after: null, dist: 0, modhash: null, geo_filter: '', children: [], before: null } }) : undefined;
}

/** Known items asked for again: as they were recorded, in the order asked for; what was not recorded is missing, as on Reddit. */
function answerInfo(exchanges: readonly Exchange[], ids: string): RecordedAnswer {
  const things = new Map<string, object>();
  for (const { answer } of exchanges)
    if (answer.status === 200 && /^[[{]/.test(answer.body.toString('utf8', 0, 1))) collectThings(readJson(answer.body), things);
  const children = ids.split(',').flatMap((name) => things.get(name) ?? []);
  return json({ kind: 'Listing', data: { after: null, dist: null, modhash: null, geo_filter: '', children, before: null } });
}

/** One cassette holds a body that is cut off. */
function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

/** Submissions and comments anywhere in an answer, by name; the first recording of each. */
function collectThings(value: unknown, things: Map<string, object>): void {
  if (typeof value !== 'object' || value === null) return;
  const { kind, data } = value as { readonly kind?: unknown; readonly data?: { readonly name?: unknown } | null };
  if ((kind === 't1' || kind === 't3') && typeof data?.name === 'string' && !things.has(data.name)) things.set(data.name, value);
  for (const part of Object.values(value)) collectThings(part, things);
}

function json(value: unknown): RecordedAnswer {
  return { status: 200, headers: { 'content-type': 'application/json; charset=UTF-8' }, body: Buffer.from(JSON.stringify(value)) };
}

export interface RecordedListing {
  /** Things in the recorded first page. */
  readonly items: number;
  readonly subreddit: string;
  readonly listing?: string;
  readonly search?: string;
}

/** Recorded first pages that a query of a topic file can ask for. */
function listCrawlable(exchanges: readonly Exchange[]): readonly RecordedListing[] {
  const found = new Map<string, RecordedListing>();
  for (const { method, path: at, params, answer } of exchanges) {
    const match = /^\/r\/([A-Za-z0-9_]{2,24})\/(new|hot|rising|top|controversial|comments|search)$/.exec(at);
    if (method !== 'GET' || answer.status !== 200 || match === null || params.has('after') || params.has('before')) continue;
    const [, subreddit = '', listing = ''] = match;
    const query = params.get('q');
    if (listing === 'search' && query === null) continue;
    const recorded = JSON.parse(answer.body.toString('utf8')) as { data: { children: readonly unknown[] } };
    const items = recorded.data.children.length;
    if (!found.has(at + (query ?? ''))) found.set(at + (query ?? ''), query === null ? { subreddit, listing, items } : { subreddit, search: query, items });
  }
  return [...found.values()];
}

export async function startRedditRecordings(dir: string): Promise<StandIn & { readonly listings: readonly RecordedListing[] }> {
  const standIn = await serveRecordings(await redditRecordings(dir));
  const listings = listCrawlable((await readRedditExchanges(dir)).filter((exchange) => exchange.host === 'oauth.reddit.com'));
  return { ...standIn, listings };
}
