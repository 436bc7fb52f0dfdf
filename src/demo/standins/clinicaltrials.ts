/**
 * Stand-in for clinicaltrials.gov's data API v2: search, one study, version, over a world of study objects. It behaves
 * as docs/sources/clinicaltrials.md says the registry does: page tokens, plain-text errors, unknown parameters refused.
 * Proved by test/unit/sources/clinicaltrials.test.ts.
 */
import { jsonAnswer, type StandInAnswer, startLoopback } from './loopback.ts';
import { compileTerm } from './pubmed-term.ts';
import type { StandIn, StandInOptions, StandInRequest } from './stand-in.ts';

export interface ClinicalTrialsWorld {
  /** As the API gives them: `{protocolSection: {identificationModule: {nctId, ...}, ...}, hasResults}`. A study left out of the next world is gone. */
  readonly studies: readonly object[];
}

interface Study {
  readonly value: Readonly<Record<string, unknown>>;
  readonly nct: string;
  /** Whole record in lower case, its interventions, its conditions. */
  readonly areas: Readonly<Record<'term' | 'intr' | 'cond', string>>;
  readonly posted: string;
  readonly updated: string;
}

const PARAMS = new Set([
  'query.term',
  'query.intr',
  'query.cond',
  'filter.ids',
  'filter.advanced',
  'filter.overallStatus',
  'fields',
  'sort',
  'pageSize',
  'pageToken',
  'countTotal',
  'format',
]);
const MODULES: Readonly<Record<string, string>> = Object.fromEntries(
  ['Identification', 'Status', 'SponsorCollaborators', 'Description', 'Conditions', 'Design', 'ArmsInterventions', 'Outcomes', 'Eligibility'].map((name) => [
    `${name}Module`,
    `${name.charAt(0).toLowerCase()}${name.slice(1)}Module`,
  ]),
);
const PIECES: Readonly<Record<string, readonly [module: string, key: string]>> = {
  NCTId: ['identificationModule', 'nctId'],
  BriefTitle: ['identificationModule', 'briefTitle'],
  OfficialTitle: ['identificationModule', 'officialTitle'],
  OverallStatus: ['statusModule', 'overallStatus'],
  BriefSummary: ['descriptionModule', 'briefSummary'],
};

export async function startClinicalTrialsStandIn(
  world: ClinicalTrialsWorld,
  options: StandInOptions = {},
): Promise<StandIn & { setWorld(world: ClinicalTrialsWorld): void }> {
  let studies = world.studies.map(readStudy);

  function answer(request: StandInRequest): StandInAnswer {
    const url = new URL(request.path, 'https://clinicaltrials.gov');
    const params = url.searchParams;
    if (request.method !== 'GET') return plain(405, 'Method Not Allowed');
    if (url.pathname === '/api/v2/version')
      return jsonAnswer(200, {
        apiVersion: '2.0.5',
        dataTimestamp: `${
          studies
            .map(({ updated }) => updated)
            .sort()
            .at(-1) ?? '2000-01-01'
        }T09:00:05`,
      });
    const unknown = [...params.keys()].find((name) => !PARAMS.has(name));
    if (unknown !== undefined) return plain(400, `Unknown parameter \`${unknown}\``);
    const fields = readFields(params.get('fields'));
    if (fields === undefined) return plain(400, '`fields` parameter has unknown fields');
    const nct = /^\/api\/v2\/studies\/(NCT\d{8})$/.exec(url.pathname)?.[1];
    if (nct !== undefined) {
      const study = studies.find((candidate) => candidate.nct === nct);
      return study === undefined ? plain(404, `NCT number ${nct} not found`) : jsonAnswer(200, project(study.value, fields));
    }
    return url.pathname === '/api/v2/studies' ? search(params, fields) : plain(404, 'Not Found');
  }

  function search(params: URLSearchParams, fields: readonly string[]): StandInAnswer {
    const pageSize = Number(params.get('pageSize') ?? 10);
    if (!Number.isInteger(pageSize) || pageSize < 0) return plain(400, '`pageSize` parameter is invalid');
    const ranges = readAdvanced(params.get('filter.advanced'));
    if (ranges === undefined) return plain(400, '`filter.advanced` parameter has syntax errors');
    const queries = (['term', 'intr', 'cond'] as const).flatMap((area) => {
      const term = params.get(`query.${area}`);
      return term === null ? [] : [{ area, match: compileTerm(term) }];
    });
    if (queries.some(({ match }) => match === undefined)) return plain(400, '`query` parameter has syntax errors');
    const ids = params.get('filter.ids')?.split(/[,|\s]+/);
    const found = studies.filter(
      (study) =>
        (ids === undefined || ids.includes(study.nct)) &&
        ranges.every(({ field, from, to }) => study[field] >= from && study[field] <= to) &&
        queries.every(({ area, match }) => match?.({ pmid: '', edat: '', mdat: '', text: study.areas[area] }) === true),
    );
    if (params.get('sort')?.startsWith('LastUpdatePostDate') === true) found.sort((a, b) => b.updated.localeCompare(a.updated) || a.nct.localeCompare(b.nct));

    // The real token is opaque too; it is only good for the query it came with.
    const query = new URLSearchParams([...params].filter(([name]) => name !== 'pageToken')).toString();
    const token = params.get('pageToken');
    const start = token === null ? 0 : readToken(token, query);
    if (start === undefined) return plain(400, '`pageToken` parameter is invalid');
    const size = Math.min(pageSize, 1_000);
    const next = start + size < found.length ? { nextPageToken: writeToken(start + size, query) } : {};
    const total = params.get('countTotal') === 'true' ? { totalCount: found.length } : {};
    return jsonAnswer(200, { ...total, studies: found.slice(start, start + size).map(({ value }) => project(value, fields)), ...next });
  }

  const standIn = await startLoopback({ ...options, hosts: ['clinicaltrials.gov'], handle: answer });
  return {
    ...standIn,
    setWorld(next) {
      studies = next.studies.map(readStudy);
    },
  };
}

function plain(status: number, body: string): StandInAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

function writeToken(start: number, query: string): string {
  return Buffer.from(JSON.stringify([start, query])).toString('base64url');
}

function readToken(token: string, query: string): number | undefined {
  try {
    const [start, of] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    return typeof start === 'number' && of === query ? start : undefined;
  } catch {
    return undefined;
  }
}

function objectAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  const found = path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined), value);
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
}

function readStudy(study: object): Study {
  const value = study as Readonly<Record<string, unknown>>;
  const status = objectAt(value, 'protocolSection', 'statusModule');
  const posted = String(objectAt(status['studyFirstPostDateStruct'])['date'] ?? '2000-01-01');
  return {
    value,
    nct: String(objectAt(value, 'protocolSection', 'identificationModule')['nctId'] ?? ''),
    areas: {
      term: JSON.stringify(value).toLowerCase(),
      intr: JSON.stringify(objectAt(value, 'protocolSection', 'armsInterventionsModule')).toLowerCase(),
      cond: JSON.stringify(objectAt(value, 'protocolSection', 'conditionsModule')).toLowerCase(),
    },
    posted,
    updated: String(objectAt(status['lastUpdatePostDateStruct'])['date'] ?? posted),
  };
}

/** Undefined when a name is not known; an empty list asks for everything. */
function readFields(fields: string | null): readonly string[] | undefined {
  const names = fields?.split(/[,|]/).filter((name) => name !== '') ?? [];
  return names.every((name) => name === 'HasResults' || Object.hasOwn(MODULES, name) || Object.hasOwn(PIECES, name)) ? names : undefined;
}

function project(study: Readonly<Record<string, unknown>>, fields: readonly string[]): object {
  if (fields.length === 0) return study;
  const whole = objectAt(study, 'protocolSection');
  const section: Record<string, unknown> = {};
  for (const name of fields) {
    const module = MODULES[name];
    const piece = PIECES[name];
    if (module !== undefined && module in whole) section[module] = whole[module];
    if (piece === undefined) continue;
    const [from, key] = piece;
    const value = objectAt(whole, from)[key];
    if (value !== undefined) section[from] = { ...objectAt(section, from), [key]: value };
  }
  return { protocolSection: section, ...(fields.includes('HasResults') ? { hasResults: study['hasResults'] === true } : {}) };
}

/** `AREA[LastUpdatePostDate]RANGE[2026-01-01,MAX]`, several joined by AND. */
function readAdvanced(filter: string | null): { readonly field: 'posted' | 'updated'; readonly from: string; readonly to: string }[] | undefined {
  if (filter === null) return [];
  const ranges: { field: 'posted' | 'updated'; from: string; to: string }[] = [];
  for (const part of filter.split(' AND ')) {
    const match = /^AREA\[(LastUpdatePostDate|StudyFirstPostDate)\]RANGE\[([\d-]+|MIN),\s*([\d-]+|MAX)\]$/.exec(part.trim());
    if (match === null) return undefined;
    const [, area, from = '', to = ''] = match;
    ranges.push({ field: area === 'StudyFirstPostDate' ? 'posted' : 'updated', from: from === 'MIN' ? '' : from, to: to === 'MAX' ? '~' : to });
  }
  return ranges;
}
