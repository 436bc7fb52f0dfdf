/**
 * The capture of an X answer is the one capture that is not byte for byte what came: X forbids to keep who said
 * something about their health, so the body is rebuilt from known keys (no `author_id`, no `includes`, no mention
 * entities, no handles) before it is digested, and only harmless headers stay. Proved by test/unit/sources/x-redact.test.ts.
 */
import type { HttpResponse } from '../../fetch/http.ts';
import type { XAnswer, XPost } from './answer.ts';
import { stripAddress } from './strip-handles.ts';

const KEPT_HEADERS = ['content-type', 'date', 'last-modified', 'x-rate-limit-limit', 'x-rate-limit-remaining', 'x-rate-limit-reset'];

export function redactResponse(response: HttpResponse, answer: XAnswer, posts: readonly XPost[]): HttpResponse {
  const errors = answer.errors.map(({ title, type, resource_type, resource_id }) => ({
    title,
    type,
    resource_type,
    resource_id: resource_type === 'user' ? undefined : resource_id,
  }));
  const body = { data: posts, meta: answer.meta, ...(errors.length === 0 ? {} : { errors }) };
  return {
    ...response,
    url: stripAddress(response.url),
    headers: Object.fromEntries(Object.entries(response.headers).filter(([name]) => KEPT_HEADERS.includes(name))),
    body: Buffer.from(JSON.stringify(body), 'utf8'),
  };
}
