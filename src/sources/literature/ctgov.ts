/**
 * ClinicalTrials.gov data API v2: one search endpoint, GET only, no key. Errors are plain text with a status.
 * https://clinicaltrials.gov/data-api/api
 */
import { z } from 'zod';
import { InvalidInputError, TransientError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import { requireOk } from '../../fetch/require-ok.ts';
import type { SourceContext } from '../source.ts';
import { askJson } from './ask-json.ts';

const BASE = 'https://clinicaltrials.gov/api/v2/studies';
/** The service states no rate; about 50 requests per minute and address is what others met. */
const TURN = { intervalMs: 1_250 };
/** A hundred studies with long descriptions. */
const LIMITS = { turn: TURN, maxBytes: 32 * 1024 * 1024 };

/** Modules of a study that are read; eligibility, locations, contacts and results are not asked for. */
export const STUDY_FIELDS = [
  'IdentificationModule',
  'StatusModule',
  'SponsorCollaboratorsModule',
  'DescriptionModule',
  'ConditionsModule',
  'DesignModule',
  'ArmsInterventionsModule',
  'OutcomesModule',
  'HasResults',
] as const;

const pageSchema = z.object({
  studies: z.array(z.unknown()),
  // Strict: a token of another shape, read as absent, would end the crawl at this page.
  nextPageToken: z.string().min(1).nullish(),
});

export interface StudiesPage {
  readonly studies: readonly unknown[];
  readonly nextPageToken: string | undefined;
  readonly response: HttpResponse;
}

/** One page, or `stale` when the service no longer accepts the page token (HTTP 400 with one in the request). */
export async function searchStudies(context: SourceContext, params: Readonly<Record<string, string>>): Promise<StudiesPage | 'stale'> {
  const { response, value } = await askJson(context, `${BASE}?${new URLSearchParams(params)}`, LIMITS);
  if (response.status === 400 && params['pageToken'] !== undefined) return 'stale';
  if (response.status === 400) {
    throw new InvalidInputError('query_refused', `ClinicalTrials.gov: ${response.body.subarray(0, 600).toString('utf8').replace(/\s+/g, ' ').slice(0, 200)}`);
  }
  requireOk(response, 'ClinicalTrials.gov studies');
  if (response.status !== 200) throw new InvalidInputError('unexpected_status', `ClinicalTrials.gov studies: HTTP ${response.status}`);
  const parsed = pageSchema.safeParse(value);
  if (!parsed.success) throw new TransientError('unreadable_answer', 'ClinicalTrials.gov studies: the answer is not a page of studies');
  return { studies: parsed.data.studies, nextPageToken: parsed.data.nextPageToken ?? undefined, response };
}

/** Whether the registry has the study at its own address: `gone` is its word, anything unclear raises or is `unclear`. */
export async function askStudy(context: SourceContext, nct: string): Promise<'there' | 'gone' | 'unclear'> {
  const { response } = await askJson(context, `${BASE}/${nct}?fields=NCTId`, LIMITS);
  if (response.status === 404 || response.status === 410) return 'gone';
  requireOk(response, 'ClinicalTrials.gov study');
  return response.status === 200 ? 'there' : 'unclear';
}
