/**
 * Posts of a forum thread, as its page marks them up for machines: JSON-LD (DiscussionForumPosting or Question with comment, answers
 * and replies nested; https://developers.google.com/search/docs/appearance/structured-data/discussion-forum) or the same in microdata
 * (https://html.spec.whatwg.org/multipage/microdata.html). Proved by test/unit/sources/web-thread-posts.test.ts.
 */
import type { CheerioAPI } from 'cheerio';
import { parseTime } from '../parse-time.ts';
import { htmlToText, textOrHtmlToText } from './html-text.ts';
import { hasType, isNode, type JsonLdNode, listOf, nameOf, stringOf } from './json-ld.ts';
import { normalizePageUrl } from './page-url.ts';

export interface ThreadPost {
  /** The post's own address, fragment kept; null where the page gives none. */
  readonly native_id: string | null;
  readonly author: string | null;
  /** ISO 8601 UTC; null = unknown. */
  readonly created_at: string | null;
  readonly text: string;
  readonly url: string | null;
}

const ROOT_TYPES: ReadonlySet<string> = new Set(['DiscussionForumPosting', 'Question', 'SocialMediaPosting']);
const REPLY_KEYS = ['comment', 'acceptedAnswer', 'suggestedAnswer', 'hasPart'] as const;
const MICRODATA_TYPES = /schema\.org\/(DiscussionForumPosting|Question|Answer|Comment)$/i;
const MAX_POSTS = 2_000;
const MAX_TEXT_CHARS = 200_000;

/** In page order, the opening post first; empty for a page that is no thread. */
export function readThreadPosts($: CheerioAPI, nodes: readonly JsonLdNode[], url: string): readonly ThreadPost[] {
  const linked = readLinked(nodes, url);
  // A page may mark up the opening post in one way and the replies in the other; the longer list is the thread.
  const marked = readMicrodata($, url);
  return dropRepeats(linked.length >= marked.length ? linked : marked);
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
    const text = stringOf(node['text']) ?? stringOf(node['articleBody']);
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
    if (html === null || html === undefined || html.trim() === '') return [];
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

/** Empty posts say nothing; two posts with one address are told apart by neither, so the second has none. */
function dropRepeats(posts: readonly ThreadPost[]): readonly ThreadPost[] {
  const seen = new Map<string, string>();
  return posts.flatMap((post) => {
    if (post.text === '') return [];
    if (post.native_id === null) return [post];
    const before = seen.get(post.native_id);
    if (before === undefined) {
      seen.set(post.native_id, post.text);
      return [post];
    }
    return before === post.text ? [] : [{ ...post, native_id: null }];
  });
}
