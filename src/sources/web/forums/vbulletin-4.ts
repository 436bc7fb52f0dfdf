/** vBulletin 4 (template postbit and postbit_legacy): a list item per post. */
import { type ForumMarkup, numberIn, resolve, wordsIn } from './markup.ts';

export const vbulletin4: ForumMarkup = {
  name: 'vBulletin 4',
  post: 'li[id^="post_"]',
  id: (post) => numberIn(post.attr('id'), /^post_(\d+)$/),
  body: '[id^="post_message_"] .postcontent',
  notOwn: '.bbcode_container:has(.bbcode_quote)',
  author: (post) => wordsIn(post, '.username_container .username') ?? wordsIn(post, '.username'),
  time: (post) => wordsIn(post, '.postdate .date'),
  // The page's own link carries the title, which may change; the number alone finds the post too.
  address: (_post, id, { base }) => resolve(`showthread.php?p=${id}#post${id}`, base),
  absence: (post) => (post.is('.postbitdeleted, .deleted') ? 'removed' : undefined),
  next: '.pagination .prev_next a[rel="next"]',
  pages: '.pagination a',
};
