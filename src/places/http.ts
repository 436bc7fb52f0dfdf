/** An address that gets each checkpoint by POST, as text/plain; any 2xx is a receipt. Proved by test/conformance/places.test.ts. */
import { InvalidInputError, TransientError } from '../errors.ts';
import type { HttpAddress } from './address.ts';
import type { Place } from './place.ts';
import { createPost } from './post.ts';

export function openHttpPlace({ name, url }: HttpAddress, allowHosts: readonly string[]): Place {
  const post = createPost({ address: url, name, allowHosts });
  return {
    name,
    async deliver({ note }, { signal }) {
      const { status } = await post(note, signal);
      requireSuccess(name, status);
      return [];
    },
  };
}

/** @throws TransientError `place_failed` for what may pass, InvalidInputError `place_refused` for what will not by itself */
export function requireSuccess(name: string, status: number): void {
  if (status >= 200 && status < 300) return;
  if (status >= 500 || status === 408 || status === 429) throw new TransientError('place_failed', `${name} answers ${status}`);
  throw new InvalidInputError('place_refused', `${name} answers ${status}${status >= 300 && status < 400 ? '; redirects are not followed' : ''}`);
}
