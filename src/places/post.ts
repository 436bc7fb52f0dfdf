/**
 * One POST to a configured address: short waits, a small answer, and no redirect followed, because who was asked must be who answers.
 * It goes through the same guard as crawls, so an address of the own network has to be listed in HEARSAY_ALLOW_HOSTS. No message has
 * more of the address than host and port: the rest may be a secret.
 * Proved by test/unit/places/post.test.ts.
 */
import { request } from 'undici';
import { HearsayError, InvalidInputError, TransientError } from '../errors.ts';
import { hostPortOf } from '../fetch/address-guard.ts';
import { createGuardedAgent } from '../fetch/guarded-agent.ts';
import { readBody } from '../fetch/read-body.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export interface PostAnswer {
  readonly status: number;
  /** Lower case, without parameters. */
  readonly contentType: string;
  readonly text: string;
}

export interface PostTarget {
  readonly address: string;
  /** For messages. */
  readonly name: string;
  /** `host:port` pairs that may be reached although not public. */
  readonly allowHosts: readonly string[];
}

/** A function that posts to one address and keeps its connection for the next time. */
export function createPost({ address, name, allowHosts }: PostTarget): (body: string, signal: AbortSignal) => Promise<PostAnswer> {
  const url = new URL(address);
  const headers = { 'content-type': 'text/plain; charset=utf-8', ...authorize(url) };
  url.username = '';
  url.password = '';
  const dispatcher = createGuardedAgent(
    { allowed: new Set(allowHosts), connectTimeoutMs: TIMEOUT_MS },
    { connections: 2, pipelining: 1, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS },
  );
  return async (body, signal) => {
    try {
      const answer = await request(url, { method: 'POST', headers, body, signal, dispatcher });
      const bytes = await readBody(answer.body, joined(answer.headers['content-encoding']), { maxBytes: MAX_ANSWER_BYTES, beyond: 'refuse' });
      const contentType = joined(answer.headers['content-type'])?.split(';')[0]?.trim().toLowerCase() ?? '';
      return { status: answer.statusCode, contentType, text: bytes.toString('utf8') };
    } catch (error) {
      throw explain(error, name, url);
    }
  };
}

/** RFC 7617: what stands before the host of the address. */
function authorize({ username, password }: URL): { authorization?: string } {
  if (username === '' && password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
}

function joined(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function explain(error: unknown, name: string, url: URL): Error {
  if (error instanceof HearsayError && error.code === 'address_blocked') {
    const hostPort = hostPortOf(url);
    return new InvalidInputError('address_blocked', `${name}: not a public address and port; if it is meant, put ${hostPort} into HEARSAY_ALLOW_HOSTS`, {
      cause: error,
    });
  }
  if (error instanceof HearsayError) return new TransientError('place_failed', `${name}: ${error.message}`, { cause: error });
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const late = error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name);
  return new TransientError('place_unreachable', `${name}: ${late ? 'no whole answer in time' : code || 'no connection'}`, { cause: error });
}
