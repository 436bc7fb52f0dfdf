/**
 * NCBI E-utilities, the two calls PubMed is read with: esearch (term to ids, JSON) and efetch (ids to records, XML).
 * https://www.ncbi.nlm.nih.gov/books/NBK25499/ and, for `tool`, `email`, `api_key` and the rates, .../NBK25497/.
 * Errors come as HTTP 429 with a JSON body, and often inside a 200.
 */
import { z } from 'zod';
import { InvalidInputError, RateLimitedError, TransientError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import type { Pacer } from '../../fetch/pace.ts';
import { requireOk } from '../../fetch/require-ok.ts';
import { parseRetryAfter } from '../../fetch/retry-after.ts';
import type { SourceContext } from '../source.ts';

const HOST = 'eutils.ncbi.nlm.nih.gov';
const BASE = `https://${HOST}/entrez/eutils`;
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

export interface EutilsCall {
  readonly context: SourceContext;
  readonly pacer: Pick<Pacer, 'wait'>;
}

/** Raises the errors of `askEutils`, and `InvalidInputError` (`query_refused`) for a term PubMed will never answer. */
export async function searchPubmed(call: EutilsCall, params: Readonly<Record<string, string>>): Promise<SearchAnswer> {
  const response = await askEutils(call, { name: 'esearch', params: { db: 'pubmed', retmode: 'json', ...params } });
  const value = parseLooseJson(response.body.toString('utf8'));
  const failed = failedSearchSchema.safeParse(value);
  if (failed.success) throw explainError(failed.data.esearchresult.ERROR, 'PubMed esearch');
  const parsed = searchSchema.safeParse(value);
  if (!parsed.success) throw new TransientError('unreadable_answer', 'PubMed esearch: the answer is not a search result');
  return { count: parsed.data.esearchresult.count, ids: parsed.data.esearchresult.idlist ?? [], response };
}

/** Records as XML; there is no JSON of them. Always POST: ids may be hundreds. */
export async function fetchPubmed(call: EutilsCall, pmids: readonly string[]): Promise<HttpResponse> {
  const response = await askEutils(call, { name: 'efetch', params: { db: 'pubmed', retmode: 'xml', id: pmids.join(',') }, post: true });
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
async function askEutils({ context, pacer }: EutilsCall, ask: Ask): Promise<HttpResponse> {
  const key = context.credentials['NCBI_API_KEY'];
  const email = context.credentials['NCBI_EMAIL'];
  const open = new URLSearchParams(ask.params);
  const all = new URLSearchParams({ ...ask.params, tool: 'hearsay', ...(email ? { email } : {}), ...(key ? { api_key: key } : {}) });
  const address = `${BASE}/${ask.name}.fcgi`;
  const post = ask.post === true || Boolean(key) || all.toString().length > MAX_GET_CHARS;
  await pacer.wait(HOST, key ? INTERVAL_WITH_KEY_MS : INTERVAL_MS, context.signal);
  const response = await context.http.fetch({
    url: post ? address : `${address}?${all}`,
    method: post ? 'POST' : 'GET',
    ...(post ? { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: all.toString() } : {}),
    ...(ask.name === 'efetch' ? { maxBytes: MAX_EFETCH_BYTES, timeoutMs: EFETCH_TIMEOUT_MS } : {}),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  requireAnswer(response, ask.name);
  return { ...response, url: `${address}?${open.toString().slice(0, 4_000)}` };
}

function requireAnswer(response: HttpResponse, name: Ask['name']): void {
  const what = `PubMed ${name}`;
  const head = response.body.subarray(0, 500).toString('utf8');
  // {"error":"API rate limit exceeded","api-key":"...","count":"4","limit":"3"}; the key in it is not repeated.
  if (response.status === 429 || /"error"\s*:\s*"API rate limit exceeded"/.test(head)) {
    throw new RateLimitedError(
      'rate_limited',
      `${what}: too many requests`,
      parseRetryAfter(response.headers['retry-after'], response.fetchedAt) ?? RATE_LIMIT_WAIT_MS,
    );
  }
  if (/"error"\s*:\s*"API key invalid"/.test(head)) throw new InvalidInputError('unauthorized', `${what}: NCBI does not accept the key in NCBI_API_KEY`);
  if (name === 'efetch' && isEmptyIdList(response)) return;
  requireOk(response, what);
  if (response.status !== 200) throw new InvalidInputError('unexpected_status', `${what}: HTTP ${response.status}`);
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
