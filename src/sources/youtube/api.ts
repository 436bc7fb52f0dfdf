/**
 * YouTube Data API v3, read with a key: one call, counted in quota units. The key goes where YouTube's reference has it, into the
 * query, and is taken off the address again before anybody sees the answer. Proved by test/unit/sources/youtube.test.ts.
 */
import { z } from 'zod';
import { InvalidInputError, RateLimitedError, TransientError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import { requireOk } from '../../fetch/require-ok.ts';
import { parseRetryAfter, serverTimeOf } from '../../fetch/retry-after.ts';
import type { SourceContext } from '../source.ts';
import { msUntilQuotaReset, UNITS, type YoutubeEndpoint } from './units.ts';

const BASE = 'https://www.googleapis.com/youtube/v3';
const DEFAULT_WAIT_MS = 60_000;

/** What YouTube says of one video or page while the key and the quota are fine. */
const EXPECTED = ['commentsDisabled', 'videoNotFound', 'forbidden', 'invalidPageToken'] as const;
type ExpectedRefusal = (typeof EXPECTED)[number];

type YoutubeAnswer =
  | { readonly kind: 'items'; readonly items: readonly unknown[]; readonly nextPageToken: string | undefined; readonly response: HttpResponse }
  | { readonly kind: 'refused'; readonly reason: ExpectedRefusal };

export interface YoutubeApi {
  /**
   * @throws RateLimitedError `usage_capped`, `rate_limited`; InvalidInputError `youtube_unauthorized`; TransientError `unreadable_answer`,
   * `unavailable`; and what `requireOk` raises.
   */
  ask(endpoint: YoutubeEndpoint, params: Readonly<Record<string, string>>): Promise<YoutubeAnswer>;
  /** Units used so far, those of `spent` included. */
  units(): number;
}

/** `kind` is always there, the items only where there are some: an answer cut down by `fields` leaves an empty list out. */
const answerSchema = z.object({
  kind: z.string().startsWith('youtube#'),
  items: z.array(z.unknown()).default([]),
  nextPageToken: z.string().min(1).max(2_000).optional(),
});

const reasonSchema = z.string().regex(/^[A-Za-z_]{1,40}$/);
const failureSchema = z.object({
  error: z.object({
    errors: z
      .array(z.object({ reason: reasonSchema.optional().catch(undefined) }))
      .optional()
      .catch(undefined),
    details: z
      .array(z.object({ reason: reasonSchema.optional().catch(undefined) }))
      .optional()
      .catch(undefined),
  }),
});

const QUOTA = new Set(['quotaExceeded', 'dailyLimitExceeded']);
const TOO_FAST = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'RATE_LIMIT_EXCEEDED']);
/** The key, the project or where it may be used from. */
const KEY = /^(keyInvalid|keyExpired|API_KEY_\w+|accessNotConfigured|SERVICE_DISABLED|ipRefererBlocked|required|authError)$/;

/** @throws InvalidInputError `missing_credentials` */
export function openYoutube(context: SourceContext, spent = 0): YoutubeApi {
  const key = context.credentials['YOUTUBE_API_KEY'];
  if (!key) throw new InvalidInputError('missing_credentials', 'YouTube needs YOUTUBE_API_KEY (docs/sources/youtube.md says how to get it).');
  let used = spent;
  return {
    units: () => used,
    async ask(endpoint, params) {
      used += UNITS[endpoint];
      const response = withoutKey(
        await context.http.fetch({
          url: `${BASE}/${endpoint}?${new URLSearchParams({ ...params, key })}`,
          headers: { accept: 'application/json' },
          turn: { intervalMs: 0 },
          ...(context.signal === undefined ? {} : { signal: context.signal }),
        }),
      );
      return readAnswer(response, { endpoint, now: context.now() });
    },
  };
}

function withoutKey(response: HttpResponse): HttpResponse {
  const url = new URL(response.url);
  url.searchParams.delete('key');
  return { ...response, url: url.href };
}

function readAnswer(response: HttpResponse, asked: { readonly endpoint: YoutubeEndpoint; readonly now: Date }): YoutubeAnswer {
  const what = `YouTube ${asked.endpoint}`;
  const json = parseJson(response.body);
  if (response.status !== 200) return { kind: 'refused', reason: readRefusal(response, { ...asked, what, json }) };
  const answer = answerSchema.safeParse(json);
  if (!answer.success) throw new TransientError('unreadable_answer', `${what}: the answer is not a list of the API`);
  const { items, nextPageToken } = answer.data;
  return { kind: 'items', items, nextPageToken, response };
}

/** The reason comes before the status: YouTube uses 403 for a used-up quota, closed comments and a refused key alike. */
function readRefusal(
  response: HttpResponse,
  asked: { readonly endpoint: YoutubeEndpoint; readonly now: Date; readonly what: string; readonly json: unknown },
): ExpectedRefusal {
  const { what } = asked;
  const failure = failureSchema.safeParse(asked.json);
  const reasons = failure.success
    ? [...(failure.data.error.errors ?? []), ...(failure.data.error.details ?? [])].flatMap(({ reason }) => (reason === undefined ? [] : [reason]))
    : [];
  if (reasons.some((reason) => QUOTA.has(reason)))
    throw new RateLimitedError('usage_capped', `${what}: the day's quota is used up`, msUntilQuotaReset(asked.now));
  if (reasons.some((reason) => TOO_FAST.has(reason))) {
    const waitMs = parseRetryAfter(response.headers['retry-after'], serverTimeOf(response)) ?? DEFAULT_WAIT_MS;
    throw new RateLimitedError('rate_limited', `${what}: asked too fast`, waitMs);
  }
  const refused = reasons.find((reason) => KEY.test(reason));
  if (refused !== undefined || response.status === 401)
    throw new InvalidInputError('youtube_unauthorized', `YouTube does not accept YOUTUBE_API_KEY (${refused ?? 'HTTP 401'}).`);
  const expected = EXPECTED.find((reason) => reasons.includes(reason));
  if (expected !== undefined && asked.endpoint === 'commentThreads') return expected;
  if (expected === 'invalidPageToken' || expected === 'videoNotFound') return expected;
  // A lasting 400 with a passing cause: the same call works later.
  if (reasons.includes('processingFailure')) throw new TransientError('unavailable', `${what}: processingFailure`);
  requireOk(response, what);
  throw new InvalidInputError('unexpected_status', `${what}: HTTP ${response.status}`);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
