/** XenForo 1 (template message and message_deleted_placeholder). */
import { attributeIn, type ForumMarkup, numberIn, wordsIn } from './markup.ts';
import { xenforoAddress } from './xenforo-address.ts';

export const xenforo1: ForumMarkup = {
  name: 'XenForo 1',
  post: 'li.message[id^="post-"]',
  id: (post) => numberIn(post.attr('id'), /^post-(\d+)$/),
  // A signature is a div of the same class.
  body: 'blockquote.messageText',
  notOwn: '.bbCodeQuote, .messageTextEndMarker',
  author: (post) => post.attr('data-author') ?? wordsIn(post, '.username.author, .username'),
  time: (post) =>
    attributeIn(post, '.datePermalink .DateTime', 'data-time') ?? attributeIn(post, '.datePermalink .DateTime', 'title') ?? wordsIn(post, '.DateTime'),
  address: xenforoAddress,
  absence: (post) => (post.is('.deleted') ? 'removed' : undefined),
  pages: '.PageNav',
};
