/** bbPress (template loop-single-reply): a line with time and link, and beside it the post, both of the post's number. */
import { attributeIn, type ForumMarkup, numberIn, resolve, wordsIn } from './markup.ts';

const HEADER = '.bbp-reply-header, .bbp-topic-header';

export const bbpress: ForumMarkup = {
  name: 'bbPress',
  post: '.bbp-body div[class*="post-"].reply, .bbp-body div[class*="post-"].topic',
  id: (post) => numberIn(post.attr('class'), /(?:^|\s)post-(\d+)(?:\s|$)/),
  body: '.bbp-reply-content, .bbp-topic-content',
  notOwn: 'blockquote, .bbp-reply-revision-log, .bbp-topic-revision-log, .bbp-signature',
  author: (post) => wordsIn(post, '.bbp-author-name'),
  time: (post) => wordsIn(post.prev(HEADER), '.bbp-reply-post-date, .bbp-topic-post-date'),
  // The number of the page it stands on now is taken out: WordPress numbers posts over the whole site.
  address: (post, id, { base }) =>
    resolve(
      attributeIn(post.prev(HEADER), 'a.bbp-reply-permalink, a.bbp-topic-permalink', 'href')?.replace(/\/page\/\d+\/?(?=#|$)/, '/') ?? `#post-${id}`,
      base,
    ),
  absence: (post) => (post.is('.status-trash, .status-spam') ? 'removed' : undefined),
  next: '.bbp-pagination-links a.next',
  pages: '.bbp-pagination-links a',
};
