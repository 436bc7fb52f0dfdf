/**
 * Applies one change to the demo's world, in wire format: what the platform shows afterwards, and nothing it would not
 * show. Reddit: deleted by its author, removed by a moderator and account deleted look different
 * (https://github.com/Pyprohly/reddit-api-doc-notes, comment and submission objects). Pure: every change makes a new world.
 */
import { InvalidInputError } from '../../errors.ts';
import type { Change, DemoPage, DemoWorld, RedditThing } from './shapes.ts';

type RedditChange = Extract<Change, { platform: 'reddit' }>;
type WebChange = Extract<Change, { platform: 'web' }>;

export interface ChangeContext {
  /** The world of the first visit, which a restored item comes back from. */
  readonly first: DemoWorld;
  readonly now: Date;
}

export function applyChange(world: DemoWorld, change: Change, context: ChangeContext): DemoWorld {
  const { id } = change;
  switch (change.platform) {
    case 'reddit': {
      const { things } = world.reddit;
      if (change.action === 'add') return { ...world, reddit: { ...world.reddit, things: addThing(things, change.item) } };
      const is = (thing: RedditThing) => thing.data['name'] === id;
      const original = context.first.reddit.things.find(is);
      return { ...world, reddit: { ...world.reddit, things: replaceOne(things, { id, is }, (thing) => changeThing(thing, change, original)) } };
    }
    case 'x': {
      const { posts } = world.x;
      if (change.action === 'add') return { ...world, x: { posts: [...posts, change.item] } };
      return { ...world, x: { posts: replaceOne(posts, { id, is: (post) => post['id'] === id }, (post) => ({ ...post, deleted: true })) } };
    }
    case 'web':
      return { ...world, web: changePages(world.web, change) };
    case 'pubmed': {
      const pmid = `<PMID Version="1">${id.slice('pmid:'.length)}</PMID>`;
      const article = dateRevision(change.article, context.now);
      return { ...world, pubmed: { articles: replaceOne(world.pubmed.articles, { id, is: (other) => other.includes(pmid) }, () => article) } };
    }
  }
}

function dateRevision(article: string, now: Date): string {
  const [year, month, day] = now.toISOString().slice(0, 10).split('-');
  return article.replace(/<DateRevised>.*?<\/DateRevised>/, `<DateRevised><Year>${year}</Year><Month>${month}</Month><Day>${day}</Day></DateRevised>`);
}

/** A new comment also counts in its thread: that number is how a crawler learns of it. */
export function addThing(things: readonly RedditThing[], item: RedditThing): RedditThing[] {
  const counted = things.map((thing) =>
    thing.kind === 't3' && thing.data['name'] === item.data['link_id']
      ? { ...thing, data: { ...thing.data, num_comments: Number(thing.data['num_comments']) + 1 } }
      : thing,
  );
  return [...counted, item];
}

function changeThing(thing: RedditThing, change: Exclude<RedditChange, { action: 'add' }>, original: RedditThing | undefined): RedditThing {
  const { author_fullname: _authorId, ...anonymous } = thing.data;
  switch (change.action) {
    case 'edit':
      return { ...thing, data: { ...thing.data, ...textOf(thing.kind, change.text), edited: change.edited_utc } };
    case 'delete':
      return { ...thing, data: { ...anonymous, ...textOf(thing.kind, '[deleted]'), author: '[deleted]', ...removedBy(thing.kind, 'deleted') } };
    case 'remove':
      return {
        ...thing,
        data: { ...anonymous, ...textOf(thing.kind, '[removed]'), author: '[deleted]', ...removedBy(thing.kind, change.removed_by ?? 'moderator') },
      };
    case 'account_deleted':
      // The text remains; only the author is gone.
      return { ...thing, data: { ...anonymous, author: '[deleted]' } };
    case 'restore':
      if (original === undefined) throw new InvalidInputError('bad_sample', `${change.id}: nothing to restore`);
      return original;
  }
}

/** Comments have no `removed_by_category`. */
function removedBy(kind: RedditThing['kind'], by: string): Record<string, unknown> {
  return kind === 't3' ? { removed_by_category: by } : { collapsed_reason_code: 'DELETED' };
}

function textOf(kind: RedditThing['kind'], text: string): Record<string, unknown> {
  const html = renderHtml(text);
  return kind === 't3' ? { selftext: text, selftext_html: `<!-- SC_OFF -->${html}<!-- SC_ON -->` } : { body: text, body_html: html };
}

/** Reddit's HTML of a text without markup: paragraphs only. */
export function renderHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<div class="md">${escaped
    .split('\n\n')
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br/>\n')}</p>`)
    .join('\n\n')}\n</div>`;
}

function changePages(web: DemoWorld['web'], change: WebChange): DemoWorld['web'] {
  const { id } = change;
  const { host, pathname } = new URL(id);
  const sites = replaceOne(web.sites, { id, is: (site) => site.host === host }, (site) => ({
    ...site,
    pages: replaceOne(site.pages, { id, is: (page) => page.path === pathname }, (page) => changePage(page, change)),
  }));
  return { sites };
}

function changePage(page: DemoPage, change: WebChange): DemoPage {
  if (change.action === 'page_gone') return { path: page.path, status: 410, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Gone\n' };
  if (typeof page.body !== 'string' || !page.body.includes(change.from)) throw new InvalidInputError('bad_sample', `${change.id}: text to edit not found`);
  return { ...page, body: page.body.replace(change.from, () => change.to) };
}

/** A change that hits nothing is a slip in the sample, not a quiet day. */
function replaceOne<T>(items: readonly T[], target: { readonly id: string; readonly is: (item: T) => boolean }, change: (item: T) => T): T[] {
  if (items.filter(target.is).length !== 1) throw new InvalidInputError('bad_sample', `${target.id}: not exactly one such item`);
  return items.map((item) => (target.is(item) ? change(item) : item));
}
