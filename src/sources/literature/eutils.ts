/**
 * NCBI E-utilities, the two calls PubMed is read with: esearch (term to ids, JSON) and efetch (ids to records, XML).
 * https://www.ncbi.nlm.nih.gov/books/NBK25499/ and, for `tool`, `email`, `api_key` and the rates, .../NBK25497/.
 * Errors come as HTTP 429 with a JSON body, and often inside a 200.
 */
import { z } from 'zod';
import { InvalidInputError, RateLimitedError, TransientError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import { requireOk } from '../../fetch/require-ok.ts';
import { parseRetryAfter, serverTimeOf } from '../../fetch/retry-after.ts';
import type { SourceContext } from '../source.ts';

const BASE = 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils';
/** 3 requests per second and address without a key, 10 with one; a little under both. */
const INTERVAL_MS = 350;
const INTERVAL_WITH_KEY_MS = 110;
/** NCBI counts per second and names no time. */
const RATE_LIMIT_WAIT_MS = 2_000;
/** Two hundred records with long abstracts and reference lists. */
const MAX_EFETCH_BYTES = 64 * 1024 * 1024;
const EFETCH_TIMEOUT_MS = 120_000;
/** Longer requests go as POST. */
const MAX_GET_CHARS = 2_000;

export interface SearchAnswer {
  readonly count: number;
  readonly ids: readonly string[];
  readonly response: HttpResponse;
}

const searchSchema = z.object({
  esearchresult: z.object({
    count: z.coerce.number().int().nonnegative(),
    idlist: z.array(z.string()).optional(),
    ERROR: z.string().optional(),
  }),
});
const failedSearchSchema = z.object({ esearchresult: z.object({ ERROR: z.string() }) });

/** Raises the errors of `askEutils`, and `InvalidInputError` (`query_refused`) for a term PubMed will never answer. */
export async function searchPubmed(context: SourceContext, params: Readonly<Record<string, string>>): Promise<SearchAnswer> {
  const response = await askEutils(context, { name: 'esearch', params: { db: 'pubmed', retmode: 'json', ...params } });
  const value = parseLooseJson(response.body.toString('utf8'));
  const failed = failedSearchSchema.safeParse(value);
  if (failed.success) throw explainError(failed.data.esearchresult.ERROR, 'PubMed esearch');
  const parsed = searchSchema.safeParse(value);
  if (!parsed.success) throw new TransientError('unreadable_answer', 'PubMed esearch: the answer is not a search result');
  return { count: parsed.data.esearchresult.count, ids: parsed.data.esearchresult.idlist ?? [], response };
}

/** Records as XML; there is no JSON of them. Always POST: ids may be hundreds. */
export async function fetchPubmed(context: SourceContext, pmids: readonly string[]): Promise<HttpResponse> {
  const response = await askEutils(context, { name: 'efetch', params: { db: 'pubmed', retmode: 'xml', id: pmids.join(',') }, post: true });
  const head = response.body.subarray(0, 2_000).toString('utf8');
  const message = /<ERROR>([^<]{1,300})<\/ERROR>/i.exec(head)?.[1];
  if (message !== undefined && !head.includes('<PubmedArticleSet')) throw explainError(message, 'PubMed efetch');
  return response;
}

interface Ask {
  readonly name: 'esearch' | 'efetch';
  readonly params: Readonly<Record<string, string>>;
  readonly post?: boolean;
}

/**
 * A key never goes into an address, which proxies and logs keep: with a key everything is POST. The returned
 * response's `url` is the request as anybody could repeat it, without key and e-mail address.
 */
async function askEutils(context: SourceContext, ask: Ask): Promise<HttpResponse> {
  const key = context.credentials['NCBI_API_KEY'];
  const email = context.credentials['NCBI_EMAIL'];
  const open = new URLSearchParams(ask.params);
  const all = new URLSearchParams({ ...ask.params, tool: 'hearsay', ...(email ? { email } : {}), ...(key ? { api_key: key } : {}) });
  const address = `${BASE}/${ask.name}.fcgi`;
  const post = ask.post === true || Boolean(key) || all.toString().length > MAX_GET_CHARS;
  const response = await context.http.fetch({
    url: post ? address : `${address}?${all}`,
    method: post ? 'POST' : 'GET',
    ...(post ? { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: all.toString() } : {}),
    turn: { intervalMs: key ? INTERVAL_WITH_KEY_MS : INTERVAL_MS, restMs: rateLimitWaitMs },
    ...(ask.name === 'efetch' ? { maxBytes: MAX_EFETCH_BYTES, timeoutMs: EFETCH_TIMEOUT_MS } : {}),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  requireAnswer(response, ask.name);
  return { ...response, url: `${address}?${open.toString().slice(0, 4_000)}` };
}

function requireAnswer(response: HttpResponse, name: Ask['name']): void {
  const what = `PubMed ${name}`;
  const waitMs = rateLimitWaitMs(response);
  // The key in such an answer is not repeated.
  if (waitMs !== undefined) throw new RateLimitedError('rate_limited', `${what}: too many requests`, waitMs);
  const head = headOf(response);
  if (/"error"\s*:\s*"API key invalid"/.test(head)) throw new InvalidInputError('unauthorized', `${what}: NCBI does not accept the key in NCBI_API_KEY`);
  if (name === 'efetch' && isEmptyIdList(response)) return;
  requireOk(response, what);
  if (response.status !== 200) throw new InvalidInputError('unexpected_status', `${what}: HTTP ${response.status}`);
}

/** {"error":"API rate limit exceeded","api-key":"...","count":"4","limit":"3"}, also inside a 200. */
function rateLimitWaitMs(response: HttpResponse): number | undefined {
  if (response.status !== 429 && !/"error"\s*:\s*"API rate limit exceeded"/.test(headOf(response))) return undefined;
  return parseRetryAfter(response.headers['retry-after'], serverTimeOf(response)) ?? RATE_LIMIT_WAIT_MS;
}

function headOf(response: HttpResponse): string {
  return response.body.subarray(0, 500).toString('utf8');
}

/** How efetch says that it knows none of the ids. */
export function isEmptyIdList(response: HttpResponse): boolean {
  return response.status === 400 && /ID list is empty/i.test(response.body.subarray(0, 2_000).toString('utf8'));
}

/** The backend's own troubles pass; a term it cannot read stays unreadable. */
function explainError(message: string, what: string): Error {
  const shown = `${what}: ${message.replace(/\s+/g, ' ').slice(0, 200)}`;
  const lasting = /cannot be larger|out of acceptable range|empty term|invalid|unknown|syntax|unbalanced/i.test(message);
  const passing = /backend failed|address table|timed? ?out|temporar|try again|unavailable|can't retrieve|cannot retrieve|couldn't resolve/i.test(message);
  return passing && !lasting ? new TransientError('unavailable', shown) : new InvalidInputError('query_refused', shown);
}

/** NCBI puts line breaks into the strings of its error bodies as they are, which JSON forbids. */
function parseLooseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const cleaned = text.replace(/[\u0000-\u001f]+/g, ' ');
    try {
      return JSON.parse(cleaned);
    } catch {
      return undefined;
    }
  }
}
