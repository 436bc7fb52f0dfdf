/**
 * X posts leave an import format without author and without the handle in their address: nothing about health may be keyed to a
 * person there (X developer terms, restricted use cases). The short address /i/status/ID leads to the same post. Handles in texts
 * become `@user`, as in the X source, so that a crawled and an imported copy are the same. Proved by test/unit/sources/formats-ndjson.test.ts.
 */
import type { IncomingPost } from '../../model/post.ts';
import { stripHandles } from '../x/strip-handles.ts';

const STATUS = /^https?:\/\/(?:www\.|mobile\.)?(?:x|twitter)\.com\/[^/]+\/status(?:es)?\/(\d+)/i;
const ON_X = /^https?:\/\/(?:[\w-]+\.)?(?:x|twitter)\.com\//i;

export function withoutProfile(post: IncomingPost): IncomingPost {
  if (post.platform !== 'x') return post;
  const { author: _author, url, title, parentText, ...rest } = post;
  const address = url === undefined ? undefined : addressWithoutHandle(url);
  return {
    ...rest,
    text: stripHandles(post.text),
    ...(title === undefined ? {} : { title: stripHandles(title) }),
    ...(parentText === undefined ? {} : { parentText: stripHandles(parentText) }),
    ...(address === undefined ? {} : { url: address }),
  };
}

/** Any address on X that is not a post's is a profile or leads to one: undefined. */
function addressWithoutHandle(url: string): string | undefined {
  const id = STATUS.exec(url)?.[1];
  if (id !== undefined) return `https://x.com/i/status/${id}`;
  return ON_X.test(url) ? undefined : url;
}
