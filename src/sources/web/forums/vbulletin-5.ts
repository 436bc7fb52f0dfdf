/** vBulletin 5 and 6 (template display_Topics and its conversation items): the number of a post is that of its node. */
import { attributeIn, type ForumMarkup, numberIn, resolve, wordsIn } from './markup.ts';

export const vbulletin5: ForumMarkup = {
  name: 'vBulletin 5',
  post: '.b-post[data-node-id]',
  id: (post) => numberIn(post.attr('data-node-id'), /^(\d+)$/),
  body: '.js-post__content-text',
  notOwn: '.bbcode_container:has(.bbcode_quote)',
  author: (post) => wordsIn(post, '.author [itemprop="name"]') ?? wordsIn(post, '.author a'),
  // The time in the markup is the forum's without a zone; the attribute is seconds since 1970.
  time: (post) => post.attr('data-node-publishdate') ?? attributeIn(post, '.b-post__timestamp time', 'datetime'),
  address: (post, id, { base }) => resolve(attributeIn(post, `a[href$="#post${id}"]`, 'href'), base) ?? resolve(`?p=${id}#post${id}`, base),
  absence: (post) => (post.is('.b-post--deleted, .deleted') ? 'removed' : undefined),
  next: 'a.js-pagenav-next-button',
  pages: '.js-pagenav a',
};
