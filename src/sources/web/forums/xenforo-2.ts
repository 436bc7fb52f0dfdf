/** XenForo 2 (template post_macros, post_deleted_placeholder). */
import { attributeIn, type ForumMarkup, numberIn, wordsIn } from './markup.ts';
import { xenforoAddress } from './xenforo-address.ts';

const TIME = '.message-attribution time';

export const xenforo2: ForumMarkup = {
  name: 'XenForo 2',
  post: '.message[data-content^="post-"]',
  id: (post) => numberIn(post.attr('data-content'), /^post-(\d+)$/),
  body: '.message-body .bbWrapper',
  notOwn: '.bbCodeBlock--quote, .bbCodeBlock--unfurl',
  author: (post) => post.attr('data-author') ?? wordsIn(post, '.message-name .username'),
  time: (post) => attributeIn(post, TIME, 'datetime') ?? attributeIn(post, TIME, 'data-time') ?? attributeIn(post, TIME, 'data-timestamp'),
  address: xenforoAddress,
  absence: (post) => (post.is('.message--deleted') || post.find('.messageNotice--deleted').length > 0 ? 'removed' : undefined),
  next: 'a.pageNav-jump--next',
  pages: '.pageNav',
};
