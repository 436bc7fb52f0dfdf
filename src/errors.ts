/**
 * The four kinds of failure, named by what must happen next (docs/errors.md lists every code).
 * Expected outcomes are values, not errors. Proved by test/unit/errors.test.ts and by the
 * workers' mapping in workers/outcome.ts.
 */

/** Base of every error Hearsay raises on purpose. `code` is stable and listed in docs/errors.md. */
export abstract class HearsayError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The same call may work later: retry with backoff. */
export class TransientError extends HearsayError {}

/** The other side named a time: wait that long, spend no attempt. */
export class RateLimitedError extends HearsayError {
  /** Milliseconds to wait before the next call. */
  readonly retryAfterMs: number;

  constructor(code: string, message: string, retryAfterMs: number, options?: { cause?: unknown }) {
    super(code, message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The input can never work: reject it, count it, do not retry. */
export class InvalidInputError extends HearsayError {}

/** What is stored contradicts itself or its proof: halt and call a person. */
export class IntegrityError extends HearsayError {}

/** Message of anything thrown, for counting and for logs; never a stack, never a response body. */
export function describeError(error: unknown): { code: string; message: string } {
  if (error instanceof HearsayError) return { code: error.code, message: error.message };
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected';
    return { code, message: error.message };
  }
  return { code: 'unexpected', message: String(error) };
}
