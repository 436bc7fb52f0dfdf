/** The error seam: every failure becomes `{error: {code, message}}` for the API, a plain page for people. Codes: docs/errors.md. */
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { HearsayError, InvalidInputError, RateLimitedError, TransientError } from '../errors.ts';
import { ProblemPage } from './pages/problem-page.tsx';

interface Problem {
  readonly status: 400 | 404 | 429 | 500 | 503;
  readonly code: string;
  readonly message: string;
}

const NOT_FOUND: ReadonlySet<string> = new Set([
  'unknown_topic',
  'unknown_entry',
  'unknown_number',
  'unknown_ref',
  'no_counts',
  'no_checkpoint',
  'no_export',
  'no_verifier',
  'no_tile',
  'not_signed_yet',
]);

/** Expected of a server in use, and no news to its operator. */
const BUSY: ReadonlyMap<string, string> = new Map([['too_many_exports', 'as many exports are being read as this server hands out at once, try again later']]);

export function answerError(c: Context, error: Error, report?: (error: unknown) => void): Response | Promise<Response> {
  const problem = describeProblem(error);
  if (problem.status >= 500 && !BUSY.has(problem.code)) report?.(error);
  if (error instanceof RateLimitedError) c.header('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  if (error instanceof TransientError) c.header('Retry-After', '5');
  return answer(c, problem);
}

export function answerNotFound(c: Context): Response | Promise<Response> {
  return answer(c, { status: 404, code: 'not_found', message: 'there is nothing at this address' });
}

/** Only what the caller did wrong is told in words; what went wrong in here is told by code alone. */
function describeProblem(error: Error): Problem {
  if (error instanceof InvalidInputError) return { status: NOT_FOUND.has(error.code) ? 404 : 400, code: error.code, message: error.message };
  if (error instanceof RateLimitedError) return { status: 429, code: error.code, message: 'too many requests' };
  if (error instanceof TransientError) return { status: 503, code: error.code, message: BUSY.get(error.code) ?? 'not available right now, try again shortly' };
  if (error instanceof HTTPException && error.status < 500) return { status: 400, code: 'bad_request', message: 'the request could not be read' };
  return {
    status: 500,
    code: error instanceof HearsayError ? error.code : 'unexpected',
    message: 'something is wrong here; it has been recorded',
  };
}

function answer(c: Context, { status, code, message }: Problem): Response | Promise<Response> {
  const { path } = c.req;
  if (path.startsWith('/api/') || path.startsWith('/log/') || path === '/openapi.json') return c.json({ error: { code, message } }, status);
  return c.html(<ProblemPage status={status} code={code} message={message} />, status);
}
