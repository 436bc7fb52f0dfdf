/**
 * One POST to a configured address: short waits, a small answer, and no redirect followed, because who was asked must be who answers.
 * Addresses of the own network are allowed: they are the operator's own words. No message has the address, which may hold a secret.
 * Proved by test/unit/places/post.test.ts.
 */
import { Agent, request } from 'undici';
import { HearsayError, TransientError } from '../errors.ts';
import { readBody } from '../fetch/read-body.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;

export interface PostAnswer {
  readonly status: number;
  /** Lower case, without parameters. */
  readonly contentType: string;
  readonly text: string;
}

/** A function that posts to one address and keeps its connection for the next time. */
export function createPost(address: string, name: string): (body: string, signal: AbortSignal) => Promise<PostAnswer> {
  const url = new URL(address);
  const headers = { 'content-type': 'text/plain; charset=utf-8', ...authorize(url) };
  url.username = '';
  url.password = '';
  const dispatcher = new Agent({ connections: 2, pipelining: 1, connect: { timeout: TIMEOUT_MS }, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  return async (body, signal) => {
    try {
      const answer = await request(url, { method: 'POST', headers, body, signal, dispatcher });
      const bytes = await readBody(answer.body, joined(answer.headers['content-encoding']), { maxBytes: MAX_ANSWER_BYTES, beyond: 'refuse' });
      const contentType = joined(answer.headers['content-type'])?.split(';')[0]?.trim().toLowerCase() ?? '';
      return { status: answer.statusCode, contentType, text: bytes.toString('utf8') };
    } catch (error) {
      throw explain(error, name);
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

function explain(error: unknown, name: string): Error {
  if (error instanceof HearsayError) return new TransientError('place_failed', `${name}: ${error.message}`, { cause: error });
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const late = error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name);
  return new TransientError('place_unreachable', `${name}: ${late ? 'no whole answer in time' : code || 'no connection'}`, { cause: error });
}
