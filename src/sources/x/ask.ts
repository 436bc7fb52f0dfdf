/** One request to X's API, as the app. The token goes to this host and to no other. */
import { InvalidInputError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import type { SourceContext } from '../source.ts';
import { turnFor } from './answer.ts';

const BASE = 'https://api.x.com';

/** Raises `missing_credentials`, and what the client raises. `body`: JSON, sent by POST. */
export function askX(
  context: SourceContext,
  request: { readonly path: string; readonly params?: Readonly<Record<string, string>>; readonly body?: object },
): Promise<HttpResponse> {
  const token = context.credentials['X_BEARER_TOKEN'];
  if (!token) throw new InvalidInputError('missing_credentials', 'X needs X_BEARER_TOKEN (docs/sources/x.md says how to get it).');
  const url = new URL(request.path, BASE);
  for (const [name, value] of Object.entries(request.params ?? {})) url.searchParams.set(name, value);
  return context.http.fetch({
    url: url.href,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    turn: turnFor(request.path),
    ...(request.body === undefined ? {} : { method: 'POST' as const, body: JSON.stringify(request.body) }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
}
