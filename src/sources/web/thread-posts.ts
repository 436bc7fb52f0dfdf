/**
 * Posts of a forum thread: by the markup of a known engine (forums/), else as the page marks them up for machines: JSON-LD
 * (DiscussionForumPosting or Question with comment, answers
 * and replies nested; https://developers.google.com/search/docs/appearance/structured-data/discussion-forum) or the same in microdata
 * (https://html.spec.whatwg.org/multipage/microdata.html). Proved by test/unit/sources/web-thread-posts.test.ts.
 */
import type { CheerioAPI } from 'cheerio';
import { parseTime } from '../parse-time.ts';
import type { ForumReading } from './forums/read-forum.ts';
import { htmlToText, textOrHtmlToText } from './html-text.ts';
import { hasType, isNode, type JsonLdNode, listOf, nameOf, stringOf } from './json-ld.ts';
import { normalizePageUrl } from './page-url.ts';
import { dropRepeats, NO_THREAD, type ThreadPost, type ThreadReading } from './thread-post.ts';

const ROOT_TYPES: ReadonlySet<string> = new Set(['DiscussionForumPosting', 'Question', 'SocialMediaPosting']);
/** What always has words: one without a text is counted, where a question or an opening may have its title alone. */
const REPLY_TYPES: ReadonlySet<string> = new Set(['Comment', 'Answer']);
const REPLY_KEYS = ['comment', 'acceptedAnswer', 'suggestedAnswer', 'hasPart'] as const;
const MICRODATA_TYPES = /schema\.org\/(DiscussionForumPosting|Question|Answer|Comment)$/i;
const MAX_POSTS = 2_000;
const MAX_TEXT_CHARS = 200_000;

/**
 * A page may say the same in several ways, and each way more or less of it: the longest list is the thread, and of equals the engine's own,
 * which tells quotes from words of the author's.
 */
export function readThread(
  $: CheerioAPI,
  nodes: readonly JsonLdNode[],
  page: { readonly url: string; readonly forum: ForumReading | undefined },
): ThreadReading {
  const { url, forum } = page;
  const size = (reading: ThreadReading): number => reading.posts.length + reading.textless.length + reading.gone.length;
  const marked = [divide(readLinked(nodes, url)), divide(readMicrodata($, url))];
  // What a page says of itself goes before what its repeating blocks look like; a single posting may be all it says of a thread. Where both find as many,
  // the blocks tell quotes and the article apart.
  if (forum?.isGuess === true && marked.every((reading) => size(reading) <= 1 || (forum.article !== undefined && size(reading) === size(forum)))) return forum;
  const readings = forum === undefined || forum.isGuess === true ? marked : [forum, ...marked];
  return readings.reduce((longest, reading) => (size(reading) > size(longest) ? reading : longest), NO_THREAD);
}

function readLinked(nodes: readonly JsonLdNode[], url: string): readonly ThreadPost[] {
  const roots = nodes
    .flatMap((node) => [node, ...listOf(node['mainEntity']), ...listOf(node['mainEntityOfPage'])].filter(isNode))
    .filter((node) => hasType(node, ROOT_TYPES));
  const posts: ThreadPost[] = [];
  const seen = new Set<JsonLdNode>();
  // Depth first, as replies are read; with a stack of its own, because nesting is the author's choice.
  const stack: JsonLdNode[] = [...roots].reverse();
  while (stack.length > 0 && posts.length < MAX_POSTS) {
    const node = stack.pop() as JsonLdNode;
    if (seen.has(node)) continue;
    seen.add(node);
    const words = node['text'] ?? node['articleBody'];
    const text = typeof words === 'string' ? words : hasType(node, REPLY_TYPES) ? '' : undefined;
    if (text !== undefined)
      posts.push(
        toPost(
          {
            text: textOrHtmlToText(text.slice(0, MAX_TEXT_CHARS)),
            address: stringOf(node['url']) ?? stringOf(node['@id']),
            author: nameOf(node['author']),
            time: node['datePublished'] ?? node['dateCreated'],
          },
          url,
        ),
      );
    const replies = REPLY_KEYS.flatMap((key) => listOf(node[key]).filter(isNode));
    for (const reply of replies.reverse()) stack.push(reply);
  }
  return posts;
}

function readMicrodata($: CheerioAPI, url: string): readonly ThreadPost[] {
  const items = $('[itemscope][itemtype]')
    .toArray()
    .filter((element) => MICRODATA_TYPES.test(($(element).attr('itemtype') ?? '').trim()))
    .slice(0, MAX_POSTS);
  return items.flatMap((element) => {
    const item = $(element);
    /** Properties of this item, not of an item inside it. */
    const own = (name: string) => item.find(`[itemprop~="${name}"]`).filter((_, found) => $(found).parent().closest('[itemscope]').get(0) === element);
    const body = own('text').add(own('articleBody')).first();
    const html = body.attr('content') ?? body.html();
    // An item without a body is a mention (a list of topics), not a post without words.
    if (html === null || html === undefined) return [];
    const author = own('author').first();
    return [
      toPost(
        {
          text: htmlToText(html.slice(0, MAX_TEXT_CHARS)),
          address:
            addressIn(own('url').first()) ?? addressIn(own('mainEntityOfPage').first()) ?? (item.attr('id') === undefined ? undefined : `#${item.attr('id')}`),
          author: authorIn(author),
          time: timeIn(own('datePublished').add(own('dateCreated')).first()),
        },
        url,
      ),
    ];
  });
}

/** What is asked of a found element. */
interface Found {
  attr(name: string): string | undefined;
  text(): string;
  find(selector: string): { first(): Pick<Found, 'attr' | 'text'> };
}

function addressIn(element: Found): string | undefined {
  return stringOf(element.attr('href') ?? element.attr('content') ?? element.attr('itemid'));
}

function authorIn(element: Found): string | undefined {
  const name = element.find('[itemprop~="name"]').first();
  return stringOf(name.attr('content') ?? name.text()) ?? stringOf(element.attr('content') ?? element.text().replace(/\s+/g, ' '));
}

function timeIn(element: Found): string | undefined {
  return element.attr('datetime') ?? element.attr('content') ?? element.text();
}

function toPost(
  found: { readonly text: string; readonly address: string | undefined; readonly author: string | undefined; readonly time: unknown },
  url: string,
): ThreadPost {
  const address = found.address === undefined ? undefined : normalizePageUrl(found.address, { base: url, keepFragment: true });
  return {
    native_id: address ?? null,
    author: found.author?.slice(0, 300) ?? null,
    created_at: parseTime(found.time) ?? null,
    text: found.text,
    url: address ?? null,
  };
}

function divide(found: readonly ThreadPost[]): ThreadReading {
  return {
    posts: dropRepeats(found.filter((post) => post.text !== '')),
    gone: [],
    textless: found.filter((post) => post.text === '').map((post) => ({ nativeId: post.native_id, reason: 'the post has no words' })),
  };
}
