/** phpBB 3 in its default style, prosilver (https://github.com/phpbb/phpbb, styles/prosilver/template/viewtopic_body.html). */
import { attributeIn, type ForumMarkup, numberIn, resolve, wordsIn } from './markup.ts';

export const phpbb: ForumMarkup = {
  name: 'phpBB',
  post: 'div.post[id^="p"]',
  id: (post) => numberIn(post.attr('id'), /^p(\d+)$/),
  body: '.postbody .content',
  notOwn: 'blockquote, .attachbox, .inline-attachment',
  author: (post) => wordsIn(post, '.postprofile .username, .postprofile .username-coloured') ?? wordsIn(post, 'p.author strong'),
  // Before 3.2 the time stands in the line without an element of its own, after the author's name.
  time: (post) => attributeIn(post, 'p.author time', 'datetime') ?? wordsIn(post, 'p.author')?.split('»').at(-1),
  // `?p=` finds the post on whatever page it is.
  address: (post, id, { base }) => {
    const link = resolve(attributeIn(post, `a[href*="viewtopic.php"][href$="#p${id}"]`, 'href'), base);
    return resolve(`viewtopic.php?p=${id}#p${id}`, link ?? base);
  },
  absence: (post) => (post.is('.deleted, .unapproved') || post.find('.post-notice.deleted').length > 0 ? 'removed' : undefined),
  next: '.pagination li.next a, .pagination strong ~ a, a.right-box.right',
  pages: '.pagination a',
};
