/**
 * X API v2 answers: the wire format as far as it may be read, and what each failure means. Both spellings that X
 * uses for the same thing (tweet, post) are read. Nothing about a person is in these schemas, so parsing is
 * also the redaction: what is not named here is gone. Proved by test/unit/sources/x.test.ts (failures).
 * Spec: https://docs.x.com/x-api/introduction
 */
import { z } from 'zod';
import { type HearsayError, InvalidInputError, RateLimitedError, TransientError } from '../../errors.ts';
import type { HostTurn, HttpResponse } from '../../fetch/http.ts';
import { restAskedFor, serverTimeOf } from '../../fetch/retry-after.ts';
import { capError } from './cap.ts';

/** 64-bit, as a string. */
export const postId = z.string().regex(/^\d{1,20}$/);
const references = z
  .array(z.object({ type: z.string(), id: postId }))
  .optional()
  .catch(undefined);
const note = z.object({ text: z.string() }).optional().catch(undefined);
const editIds = z.array(postId).optional().catch(undefined);

export const xPostSchema = z.object({
  id: postId,
  text: z.string(),
  created_at: z.iso.datetime({ offset: true }).optional().catch(undefined),
  lang: z.string().max(10).optional().catch(undefined),
  conversation_id: postId.optional().catch(undefined),
  /** Full text of a long post, whose `text` is cut. */
  note_tweet: note,
  note_post: note,
  referenced_tweets: references,
  referenced_posts: references,
  edit_history_tweet_ids: editIds,
  edit_history_post_ids: editIds,
});
export type XPost = z.infer<typeof xPostSchema>;

/** One entry of `errors`: something asked for could not be given. */
const problemSchema = z.object({
  title: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  resource_type: z.string().optional().catch(undefined),
  resource_id: z.string().optional().catch(undefined),
});

export const xAnswerSchema = z.object({
  /** Absent when nothing matched; items are checked one by one. */
  data: z.array(z.unknown()).default([]),
  meta: z
    .object({
      newest_id: postId.optional().catch(undefined),
      oldest_id: postId.optional().catch(undefined),
      next_token: z.string().max(500).optional(),
      result_count: z.number().optional(),
    })
    .default({}),
  errors: z.array(problemSchema).default([]),
});
export type XAnswer = z.infer<typeof xAnswerSchema>;

const failureSchema = z.object({
  type: z.string().optional().catch(undefined),
  errors: z
    .array(z.object({ code: z.number().optional().catch(undefined), type: z.string().optional().catch(undefined) }))
    .optional()
    .catch(undefined),
});

/** One window of X's limits: waited when a 429 names no time. */
const WINDOW_MS = 900_000;

/** The windows are per endpoint; one that is used up rests the host for all of them. */
const TURN: HostTurn = { intervalMs: 0, restMs: readRestMs };
/** Beside its window the archive allows one request a second. */
const ARCHIVE_TURN: HostTurn = { ...TURN, intervalMs: 1_000 };

export function turnFor(path: string): HostTurn {
  return path === '/2/tweets/search/all' ? ARCHIVE_TURN : TURN;
}

/** The JSON of an answer that is no failure; undefined where it is none. Raises what the failure means. */
export function readJson(response: HttpResponse, context: { readonly what: string }): unknown {
  const json = parseJson(response);
  const failure = readFailure(response, { ...context, json });
  if (failure !== undefined) throw failure;
  return json;
}

export function readAnswer(response: HttpResponse, context: { readonly what: string }): XAnswer {
  const json = readJson(response, context);
  const answer = xAnswerSchema.safeParse(json);
  if (!answer.success) throw new TransientError('x_unexpected_answer', `X answered ${context.what} with something else than posts.`);
  return answer.data;
}

function readFailure(response: HttpResponse, context: { readonly what: string; readonly json: unknown }): HearsayError | undefined {
  const { status } = response;
  const { what } = context;
  const types = problemTypes(context.json);
  // The cap also comes as 429, but no short wait lifts it.
  if (status >= 400 && types.includes('usage-capped')) return capError(what);
  if (status >= 200 && status < 300) return undefined;
  if (status === 429) return new RateLimitedError('rate_limited', `X asks to wait (${what}).`, readWaitMs(response));
  if (status >= 500 || status === 408) return new TransientError('x_unavailable', `X answered ${status} (${what}).`);
  if (status === 401) return new InvalidInputError('x_unauthorized', `X does not accept X_BEARER_TOKEN (${what}).`);
  if (status === 403) return new InvalidInputError('x_forbidden', `The access level of X_BEARER_TOKEN does not allow this (${what}).`);
  if (status === 404) return new InvalidInputError('x_not_found', `X has nothing there (${what}).`);
  return new InvalidInputError('x_bad_request', `X refuses the request with ${status} (${what}).`);
}

/** A cap is no rest: how long it lasts is asked next (cap.ts), and it stops the source. */
function readRestMs(response: HttpResponse): number | undefined {
  const { status, headers } = response;
  if (status >= 400 && problemTypes(parseJson(response)).includes('usage-capped')) return undefined;
  const remaining = Number.parseInt(headers['x-rate-limit-remaining'] ?? '', 10);
  return status === 429 || remaining < 1 ? readWaitMs(response) : restAskedFor(response);
}

/** `x-rate-limit-reset` is in seconds since 1970, by X's clock. */
function readWaitMs(response: HttpResponse): number {
  const reset = Number(response.headers['x-rate-limit-reset'] ?? '');
  if (!Number.isFinite(reset) || reset <= 0) return WINDOW_MS;
  return Math.min(Math.max(reset * 1000 - serverTimeOf(response), 1000), 2 * WINDOW_MS);
}

/** Last parts of the problem addresses, e.g. `usage-capped` of https://api.x.com/2/problems/usage-capped. */
function problemTypes(json: unknown): readonly string[] {
  const failure = failureSchema.safeParse(json);
  if (!failure.success) return [];
  return [failure.data.type, ...(failure.data.errors ?? []).map((error) => error.type)].flatMap((type) => (type === undefined ? [] : [problemName(type)]));
}

export function problemName(type: string): string {
  return type.slice(type.lastIndexOf('/') + 1);
}

function parseJson(response: HttpResponse): unknown {
  try {
    return JSON.parse(response.body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
