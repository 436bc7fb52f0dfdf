/** `posts/ID/` finds a XenForo post on whatever page of whatever thread it is; links on the page carry the thread's title, which may change. */
import { attributeIn, type Found, type PageAddress, resolve } from './markup.ts';

export function xenforoAddress(post: Found, id: string, { url, base }: PageAddress): string | undefined {
  // Also as a query: https://forum.example/index.php?threads/title.12/
  const root = /^(https?:\/\/[^#]*?[/?])threads\//.exec(url)?.[1];
  return root === undefined ? resolve(attributeIn(post, `a[href$="post-${id}"]`, 'href'), base) : `${root}posts/${id}/`;
}
