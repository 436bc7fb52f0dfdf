/**
 * Stand-in for Europe PMC's Articles RESTful API: search with cursor marks, and one record at its own address, over a world of records. It
 * behaves as docs/sources/europepmc.md says the service does. The demo has none of it. Proved by test/unit/sources/europepmc.test.ts.
 */
import { compileQuery, type Searchable } from './europepmc-query.ts';
import { jsonAnswer, type StandInAnswer, startLoopback } from './loopback.ts';
import type { StandIn, StandInOptions, StandInRequest } from './stand-in.ts';

export interface EuropepmcWorld {
  /**
   * As `resultType=core` gives them: `{id, source, title, abstractText, ...}`. Day of entry: `firstIndexDate`; of change: `dateOfRevision`, else
   * the entry. A record left out of the next world is gone.
   */
  readonly records: readonly object[];
}

export interface EuropepmcStandInOptions extends StandInOptions {
  /** How the last page says that it is the last; default `absent`, as since version 6.6. */
  readonly lastMark?: 'absent' | 'repeated';
}

interface Stored extends Searchable {
  readonly value: Readonly<Record<string, unknown>>;
}

const BASE = '/europepmc/webservices/rest';
const VERSION = '6.9';
/** Of a record in the shorter result types. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  idlist: ['id', 'source', 'pmid', 'pmcid', 'doi'],
  lite: ['id', 'source', 'pmid', 'pmcid', 'doi', 'title', 'pubYear', 'firstIndexDate', 'firstPublicationDate'],
};

export async function startEuropepmcStandIn(
  world: EuropepmcWorld,
  options: EuropepmcStandInOptions = {},
): Promise<StandIn & { setWorld(world: EuropepmcWorld): void }> {
  let records = world.records.map(readRecord);

  function answer(request: StandInRequest): StandInAnswer {
    const url = new URL(request.path, 'https://www.ebi.ac.uk');
    if (request.method !== 'GET') return { status: 405, body: 'Method Not Allowed' };
    if (url.searchParams.get('format') !== 'json') return { status: 200, headers: { 'content-type': 'application/xml' }, body: '<responseWrapper/>' };
    if (url.pathname === `${BASE}/search`) return search(url.searchParams);
    const [, source, id] = /\/article\/([A-Z]{3})\/([^/]+)$/.exec(url.pathname) ?? [];
    if (source === undefined || id === undefined) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><body>Not Found</body></html>' };
    const found = records.find((record) => record.source === source && record.id === decodeURIComponent(id));
    return jsonAnswer(200, { version: VERSION, hitCount: found === undefined ? 0 : 1, ...(found === undefined ? {} : { result: shorten(found, 'lite') }) });
  }

  function search(params: URLSearchParams): StandInAnswer {
    const query = params.get('query') ?? '';
    const match = compileQuery(query);
    if (match === undefined) return jsonAnswer(200, { version: VERSION, errCode: 0, errMsg: 'Invalid query: it cannot be parsed' });
    const mark = params.get('cursorMark') ?? '*';
    const start = mark === '*' ? 0 : readMark(mark, query);
    if (start === undefined) return jsonAnswer(200, { version: VERSION, errCode: 0, errMsg: "Invalid query: unable to parse 'cursorMark'" });
    const size = Math.min(Number(params.get('pageSize') ?? 25), 1_000);
    const found = records.filter(match);
    const type = params.get('resultType') ?? 'lite';
    const more = start + size < found.length;
    const next = more ? writeMark(start + size, query) : options.lastMark === 'repeated' ? mark : undefined;
    return jsonAnswer(200, {
      version: VERSION,
      hitCount: found.length,
      ...(next === undefined ? {} : { nextCursorMark: next }),
      request: { queryString: query, resultType: type.toUpperCase(), cursorMark: mark, pageSize: size, sort: '', synonym: false },
      resultList: { result: found.slice(start, start + size).map((record) => shorten(record, type)) },
    });
  }

  const standIn = await startLoopback({ ...options, hosts: ['www.ebi.ac.uk'], handle: answer });
  return {
    ...standIn,
    setWorld(next) {
      records = next.records.map(readRecord);
    },
  };
}

function readRecord(record: object): Stored {
  const value = record as Readonly<Record<string, unknown>>;
  const entered = String(value['firstIndexDate'] ?? '2000-01-01');
  return {
    value,
    source: String(value['source'] ?? ''),
    id: String(value['id'] ?? ''),
    text: JSON.stringify(value)
      .replace(/<[^>]*>/g, ' ')
      .toLowerCase(),
    entered,
    changed: String(value['dateOfRevision'] ?? entered),
  };
}

function shorten({ value }: Stored, type: string): object {
  const keys = SHORT[type];
  return keys === undefined ? value : Object.fromEntries(keys.flatMap((key) => (key in value ? [[key, value[key]]] : [])));
}

/** The real mark is opaque too; it is only good for the query it came with. */
function writeMark(start: number, query: string): string {
  return Buffer.from(JSON.stringify([start, query])).toString('base64');
}

function readMark(mark: string, query: string): number | undefined {
  try {
    const [start, of] = JSON.parse(Buffer.from(mark, 'base64').toString('utf8')) as unknown[];
    return typeof start === 'number' && of === query ? start : undefined;
  } catch {
    return undefined;
  }
}
