/**
 * Recorded Europe PMC answers (biomcp, MIT, in `../shared/data/api/ctgov_pubmed_biomcp`), served as www.ebi.ac.uk. Each says itself which query
 * it answers; a search that contains that query gets it. All were recorded with `resultType=lite`.
 */
import { z } from 'zod';
import { readRequest } from './match-recording.ts';
import { readRecordedFiles, type RecordedFiles } from './recordings-literature.ts';
import type { RecordedHost } from './recording.ts';

const FOLDER = 'ctgov_pubmed_biomcp/testdata/sources/europepmc';
const answerSchema = z.looseObject({ request: z.object({ queryString: z.string() }) });

export function readEuropepmcAnswers(dir: string, extension: '.json' | '.xml'): Promise<RecordedFiles> {
  return readRecordedFiles(dir, FOLDER, extension);
}

export async function europepmcRecordings(dir: string): Promise<RecordedHost> {
  const answers = [...(await readEuropepmcAnswers(dir, '.json')).values()].map((body) => ({
    query: answerSchema.parse(JSON.parse(body.toString('utf8'))).request.queryString,
    body,
  }));
  return {
    host: 'www.ebi.ac.uk',
    crawlable: answers.map(({ query }) => JSON.stringify({ term: query, med: true })),
    answer(method, pathWithQuery, body) {
      const { path, params } = readRequest({ method, pathWithQuery, body });
      const found = answers.find(({ query }) => params.get('query')?.includes(query) === true);
      if (path !== '/europepmc/webservices/rest/search' || found === undefined) return undefined;
      return { status: 200, headers: { 'content-type': 'application/json' }, body: found.body };
    },
  };
}
