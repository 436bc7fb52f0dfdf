/** vBulletin 3 (template postbit and postbit_legacy): a table per post. */
import { attributeIn, type ForumMarkup, numberIn, resolve, wordsIn } from './markup.ts';

export const vbulletin3: ForumMarkup = {
  name: 'vBulletin 3',
  post: 'table[id^="post"]',
  id: (post) => numberIn(post.attr('id'), /^post(\d+)$/),
  body: '[id^="post_message_"]',
  // A quote is a line "Quote:" over a table; code has the same line over a <pre>.
  notOwn: 'div:has(> div.smallfont + table td.alt2)',
  author: (post) => wordsIn(post, '.bigusername'),
  time: (post) => wordsIn(post, 'td.thead'),
  address: (post, id, { base }) => resolve(`showthread.php?p=${id}#post${id}`, resolve(attributeIn(post, 'a[href*="showpost.php"]', 'href'), base) ?? base),
  // What is deleted keeps its table, with a word of the moderator's in the place of the message.
  absence: (post) => (post.find('[id^="post_message_"]').length === 0 ? 'removed' : undefined),
  next: '.pagenav a[rel="next"]',
  pages: '.pagenav a',
};
