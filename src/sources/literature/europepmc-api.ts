/**
 * Europe PMC's Articles RESTful API: `search` with cursor marks, and one record at its own address. GET only, no key.
 * https://europepmc.org/RestfulWebService. Errors come with a status, or as `{errCode, errMsg}` inside a 200.
 */
import { z } from 'zod';
import { InvalidInputError, TransientError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import { requireOk } from '../../fetch/require-ok.ts';
import type { SourceContext } from '../source.ts';
import { askJson } from './ask-json.ts';

const BASE = 'https://www.ebi.ac.uk/europepmc/webservices/rest';
/** The service states no rate; one request a second is what its users keep to. */
const TURN = { intervalMs: 1_000 };
/** A hundred records with long author lists and links. */
const LIMITS = { turn: TURN, maxBytes: 64 * 1024 * 1024 };
/** The mark of the first page. */
export const FIRST_MARK = '*';

const pageSchema = z.object({
  hitCount: z.number().int().nonnegative(),
  // Absent at the end since version 6.6; before, the last mark was given again.
  nextCursorMark: z.string().min(1).max(2_000).nullish(),
  resultList: z.object({ result: z.array(z.unknown()) }),
});
const errorSchema = z.object({ errMsg: z.string() });
const articleSchema = z.object({ hitCount: z.number().int().nonnegative() });

export interface ResultPage {
  readonly hitCount: number;
  readonly results: readonly unknown[];
  /** Undefined on the last page. */
  readonly nextMark: string | undefined;
  readonly response: HttpResponse;
}

interface Search {
  readonly query: string;
  readonly resultType: 'core' | 'idlist';
  readonly pageSize: number;
  readonly mark: string;
}

/** One page, or `stale` when the service does not take a mark it once gave. Without synonyms: what is found is what was asked. */
export async function searchEuropepmc(context: SourceContext, { query, resultType, pageSize, mark }: Search): Promise<ResultPage | 'stale'> {
  const params = new URLSearchParams({ query, format: 'json', resultType, synonym: 'FALSE', pageSize: String(pageSize), cursorMark: mark });
  const { response, value } = await askJson(context, `${BASE}/search?${params}`, LIMITS);
  const refused = errorSchema.safeParse(value);
  if (response.status === 400 || (response.status === 200 && refused.success)) {
    const message = refused.success ? refused.data.errMsg : response.body.subarray(0, 600).toString('utf8');
    if (mark !== FIRST_MARK && /cursor/i.test(message)) return 'stale';
    throw explainError(message);
  }
  requireOk(response, 'Europe PMC search');
  if (response.status !== 200) throw new InvalidInputError('unexpected_status', `Europe PMC search: HTTP ${response.status}`);
  const parsed = pageSchema.safeParse(value);
  if (!parsed.success) throw new TransientError('unreadable_answer', 'Europe PMC search: the answer is not a page of results');
  const { hitCount, nextCursorMark, resultList } = parsed.data;
  const next = nextCursorMark == null || nextCursorMark === mark || resultList.result.length === 0 ? undefined : nextCursorMark;
  return { hitCount, results: resultList.result, nextMark: next, response };
}

/** Whether the record is at its own address: `gone` is the service's word, anything unclear raises or is `unclear`. */
export async function askArticle(
  context: SourceContext,
  { source, id }: { readonly source: string; readonly id: string },
): Promise<'there' | 'gone' | 'unclear'> {
  const { response, value } = await askJson(context, `${BASE}/article/${source}/${encodeURIComponent(id)}?resultType=lite&format=json`, LIMITS);
  if (response.status === 404 || response.status === 410) return 'gone';
  requireOk(response, 'Europe PMC article');
  const parsed = articleSchema.safeParse(value);
  if (response.status !== 200 || !parsed.success) return 'unclear';
  return parsed.data.hitCount === 0 ? 'gone' : 'there';
}

/** The service's own troubles pass; a query it cannot read stays unreadable. */
function explainError(message: string): Error {
  const shown = `Europe PMC search: ${message.replace(/\s+/g, ' ').slice(0, 200)}`;
  const passing = /timed? ?out|temporar|try again|unavailable|internal|connection/i.test(message);
  return passing ? new TransientError('unavailable', shown) : new InvalidInputError('query_refused', shown);
}
