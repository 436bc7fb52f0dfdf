/**
 * Recorded X API v2 traffic (tweepy's cassettes, MIT, in `../shared/data/api/tweepy_cassettes`), served as
 * api.x.com although it was recorded from the host's older name. A page that was not recorded is answered as empty.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Exchange, findExchange, keepHeaders, readRequest, trimPath } from './match-recording.ts';
import type { RecordedAnswer, RecordedHost } from './recording.ts';

const cassetteSchema = z.object({
  interactions: z.array(
    z.object({
      request: z.object({ method: z.string(), uri: z.string() }),
      response: z.object({
        status: z.object({ code: z.number() }),
        headers: z.record(z.string(), z.array(z.string())),
        body: z.object({ string: z.union([z.string(), z.instanceof(Uint8Array)]) }),
      }),
    }),
  ),
});

export async function readXExchanges(dir: string): Promise<readonly Exchange[]> {
  const folder = path.join(dir, 'tweepy_cassettes');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const all: Exchange[] = [];
  for (const file of files) {
    const cassette = cassetteSchema.parse(parse(await readFile(path.join(folder, file), 'utf8'), { customTags: ['binary'] }));
    for (const { request, response } of cassette.interactions) {
      const url = new URL(request.uri);
      const raw = Buffer.from(response.body.string);
      const body = raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw;
      all.push({
        file,
        method: request.method,
        host: 'api.x.com',
        path: trimPath(url.pathname),
        params: url.searchParams,
        answer: { status: response.status.code, headers: keepHeaders(response.headers), body },
      });
    }
  }
  return all;
}

/** A search that was recorded also answers the same search with something added at its end. */
function sameSearch(recorded: string | null, asked: string | null): boolean {
  return recorded === asked || (recorded !== null && asked?.startsWith(`${recorded} `) === true);
}

const pageSchema = z.object({ data: z.array(z.looseObject({ id: z.string() })).default([]) });

export async function xRecordings(dir: string): Promise<RecordedHost> {
  const exchanges = await readXExchanges(dir);
  const searches = exchanges.filter((exchange) => exchange.path.startsWith('/2/tweets/search/'));
  const crawlable = new Set(
    searches.map(({ path: at, params }) => JSON.stringify({ search: params.get('query') ?? '', ...(at.endsWith('/all') ? { archive: true } : {}) })),
  );
  return {
    host: 'api.x.com',
    crawlable: [...crawlable],
    answer(method, pathWithQuery, body) {
      const request = readRequest({ method, pathWithQuery, body });
      const found = findExchange(exchanges, request, { selecting: ['query', 'ids', 'next_token'], equal: sameSearch });
      if (found !== undefined) return found.answer;
      const ids = request.params.get('ids');
      if (request.path === '/2/tweets' && ids !== null) return lookUpRecorded(searches, ids.split(','));
      if (!request.path.startsWith('/2/tweets/search/') || !request.params.has('next_token')) return undefined;
      return json({ meta: { result_count: 0 } });
    },
  };
}

/** Known posts asked for again: those of recorded searches, and for the others the error that X gives for a post that is gone. */
function lookUpRecorded(searches: readonly Exchange[], ids: readonly string[]): RecordedAnswer {
  const pages = searches.flatMap(({ answer }) => (answer.status === 200 ? [pageSchema.parse(JSON.parse(answer.body.toString('utf8')))] : []));
  const posts = new Map(pages.flatMap((page) => page.data).map((post) => [post.id, post]));
  const errors = ids.filter((id) => !posts.has(id)).map((id) => ({ resource_id: id, type: 'https://api.twitter.com/2/problems/resource-not-found' }));
  return json({ data: ids.flatMap((id) => posts.get(id) ?? []), ...(errors.length > 0 ? { errors } : {}) });
}

function json(value: unknown): RecordedAnswer {
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: Buffer.from(JSON.stringify(value)) };
}
