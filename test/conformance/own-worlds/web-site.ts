/** A made-up site in the conformance suite: the parts that its sitemap, its feeds and its forum share. */
import { startWebStandIn, type WebPage, type WebWorld } from '../../../src/demo/standins/web.ts';
import { sources } from '../../../src/sources/list.ts';
import type { Source } from '../../../src/sources/source.ts';
import type { SourceCase, Start } from '../source-case.ts';

const HOST = 'garden.example';

export const addressOf = (path: string): string => `https://${HOST}${path}`;
/** What a page says when nothing was said. */
export const wordsOf = (n: number): string => `Semax, day ${n} in the garden.`;

export function article(n: number, words = wordsOf(n)): WebPage {
  return { path: `/days/${n}`, body: `<!doctype html><html lang="en"><head><title>Day ${n}</title></head><body><main><p>${words}</p></main></body></html>` };
}

export function image(n: number): WebPage {
  return { path: `/days/${n}`, headers: { 'content-type': 'image/png' }, body: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]) };
}

export function siteOf(...pages: readonly WebPage[]): WebWorld {
  return { sites: [{ host: HOST, pages }] };
}

/** The pages of the site, one of them another one. */
export function change({ sites }: WebWorld, path: string, to: (page: WebPage) => WebPage): WebWorld {
  return siteOf(...sites.flatMap(({ pages }) => pages.map((page) => (page.path === path ? to(page) : page))));
}

const start: Start<WebWorld> = (world, options) => startWebStandIn(world, options);

export function siteCase(
  name: 'web' | 'feed',
  query: object,
  world: Pick<SourceCase<WebWorld>, 'load' | 'changes' | 'empty' | 'spoil' | 'grow' | 'cursorHoldsTimes' | 'beginsAnew'>,
): SourceCase<WebWorld> {
  const source = sources.find((listed) => listed.name === name) as Source;
  return { title: `${name} ${JSON.stringify(query)}`, source, query: source.querySchema.parse(query), start, ...world };
}
