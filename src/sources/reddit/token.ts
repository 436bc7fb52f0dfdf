/**
 * Reddit's access token: asked for once however many calls wait for it, kept for as long as the answer says,
 * and dropped when a call made with it comes back 401. Proved by test/unit/sources/reddit-port.test.ts.
 * Spec: https://github.com/reddit-archive/reddit/wiki/OAuth2
 */
import { z } from 'zod';
import { InvalidInputError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import { readAnswer } from './answer.ts';

/** Renewed this long before its end, so that it does not end on the way. */
const EARLY_MS = 30_000;

export interface TokenHolder {
  current(): Promise<string>;
  /** Forgets the token, unless a newer one has taken its place meanwhile. */
  drop(token: string | undefined): void;
}

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
/** Reddit reports a wrong password inside a 200. */
const tokenErrorSchema = z.object({ error: z.union([z.string(), z.number()]) });

export function createTokenHolder(options: { readonly request: () => Promise<HttpResponse>; readonly now: () => Date }): TokenHolder {
  let held: { readonly token: string; readonly renewAtMs: number } | undefined;
  let pending: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const askedAtMs = options.now().getTime();
    const { json } = readAnswer(await options.request(), { now: options.now, what: 'token' });
    const failure = tokenErrorSchema.safeParse(json);
    if (failure.success) {
      const reason = String(failure.data.error).slice(0, 60);
      throw new InvalidInputError('reddit_unauthorized', `Reddit gave no token: ${reason}. Check the REDDIT_ variables.`);
    }
    const answer = tokenSchema.safeParse(json);
    if (!answer.success) throw new InvalidInputError('reddit_unauthorized', 'Reddit answered the token request without a token.');
    const lifetimeMs = answer.data.expires_in * 1000;
    held = { token: answer.data.access_token, renewAtMs: askedAtMs + Math.max(lifetimeMs - EARLY_MS, lifetimeMs / 2) };
    return held.token;
  }

  return {
    current() {
      if (held !== undefined && options.now().getTime() < held.renewAtMs) return Promise.resolve(held.token);
      pending ??= renew().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    drop(token) {
      if (held?.token === token) held = undefined;
    },
  };
}
