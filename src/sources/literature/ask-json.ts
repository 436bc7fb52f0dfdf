/** One GET of a public JSON API that wants neither key nor session: ClinicalTrials.gov and Europe PMC. What its statuses mean is the caller's. */
import type { HttpRequest, HttpResponse } from '../../fetch/http.ts';
import type { SourceContext } from '../source.ts';

export interface JsonAnswer {
  readonly response: HttpResponse;
  /** The body; undefined where it is no JSON, as errors may be. */
  readonly value: unknown;
}

export async function askJson(context: SourceContext, url: string, limits: Pick<HttpRequest, 'maxBytes' | 'turn'>): Promise<JsonAnswer> {
  const response = await context.http.fetch({
    url,
    headers: { accept: 'application/json' },
    ...limits,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  return { response, value: parseJson(response.body) };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
