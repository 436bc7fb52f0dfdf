/** A sitemap in the conformance suite: an index of two parts, one of which says when its pages changed. */
import type { WebPage, WebWorld } from '../../../src/demo/standins/web.ts';
import { anyWorld } from '../source-case.ts';
import { addressOf, article, change, image, siteCase, siteOf } from './web-site.ts';

const PROTOCOL = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';
const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

interface Listed {
  readonly n: number;
  readonly lastmod?: string;
}

const entry = ({ n, lastmod }: Listed): string =>
  `<url><loc>${addressOf(`/days/${n}`)}</loc>${lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`}</url>`;
const part = (name: string, listed: readonly Listed[], more = ''): WebPage => ({
  path: `/${name}.xml`,
  body: `<?xml version="1.0"?><urlset ${PROTOCOL}>${listed.map(entry).join('')}${more}</urlset>`,
});
const index: WebPage = {
  path: '/sitemap.xml',
  body: `<?xml version="1.0"?><sitemapindex ${PROTOCOL}>${['dated', 'undated'].map((name) => `<sitemap><loc>${addressOf(`/${name}.xml`)}</loc></sitemap>`).join('')}</sitemapindex>`,
};

const DATED: readonly Listed[] = numbers(1, 5).map((n) => ({ n, lastmod: `2026-11-0${n}` }));
const UNDATED: readonly Listed[] = numbers(6, 3).map((n) => ({ n }));

/** 2 has another text and says so, 7 has one and does not; 3 was taken down by its owner, 4 is not there any more and comes back; 9 is new. */
function load(visit: 1 | 2 | 3): WebWorld {
  if (visit === 1) return siteOf(index, part('dated', DATED), part('undated', UNDATED), ...numbers(1, 8).map((n) => article(n)));
  const listed = DATED.map((one) => (one.n === 2 ? { n: 2, lastmod: '2026-11-19' } : one));
  const there = [1, 2, 5, 6, 7, 8, 9, ...(visit === 3 ? [4] : [])];
  const pages = there.map((n) => ([2, 7].includes(n) ? article(n, `Day ${n} told anew: Semax did nothing after all.`) : article(n)));
  return siteOf(index, part('dated', listed), part('undated', [...UNDATED, { n: 9 }]), ...pages, { path: '/days/3', status: 410, body: 'Gone.' });
}

const ownCase = siteCase(
  'web',
  { sitemap: addressOf('/sitemap.xml'), match: '/days/' },
  {
    cursorHoldsTimes: true,
    load: async (visit) => load(visit),
    changes: async () => [
      { visit: 2, id: addressOf('/days/2'), action: 'edit' },
      { visit: 2, id: addressOf('/days/7'), action: 'edit' },
      { visit: 2, id: addressOf('/days/3'), action: 'page_gone' },
      { visit: 2, id: addressOf('/days/4'), action: 'vanish' },
      { visit: 2, id: addressOf('/days/9'), action: 'add' },
      { visit: 3, id: addressOf('/days/4'), action: 'restore' },
    ],
    empty: () => siteOf(index, part('dated', []), part('undated', [])),
    // A page that is an image, an entry without an address and one of another site.
    spoil: (world) => {
      const { sites } = change(world, '/undated.xml', () =>
        part('undated', [...UNDATED, { n: 20 }], '<url><lastmod>2026-11-01</lastmod></url><url><loc>https://elsewhere.example/</loc></url>'),
      );
      return siteOf(...sites.flatMap(({ pages }) => pages), image(20));
    },
    grow: (_world, n) => {
      const listed = numbers(n * 40, 40).map((m) => ({ n: m, lastmod: '2026-11-19' }));
      return siteOf(index, part('dated', listed), part('undated', []), ...listed.map((one) => article(one.n)));
    },
  },
);

export const sitemapCase = anyWorld(ownCase);
