/**
 * The article as a reader gets it: the demo's posts through the whole pipeline, served, opened in a real browser.
 * Needs Chromium (CHROMIUM, else the usual places); without one it is skipped, in CI it fails.
 */
import { load } from 'cheerio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHearsay, type OpenedHearsay } from '../../src/cli/open-hearsay.ts';
import { runCli } from '../../src/cli/run.ts';
import { type Serving, serveArticle } from '../../src/cli/serve-article.ts';
import type { CountsJson } from '../../src/counts/counts-json.ts';
import { DOSE_MASK } from '../../src/normalize/mask-doses.ts';
import { createEdge, type TestEdge } from '../integration/edge.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { collectDoses, findDoses, GUIDE_DOSES } from './demo-doses.ts';
import { type Answer, fetchEverything } from './every-answer.ts';
import { findFaults } from './find-faults.ts';
import { publishedNumbers } from './published-numbers.ts';
import { openWatched } from './watch.ts';

const executable = findChromium();
const ARTICLE = '/t/semax';
const SETUP_MS = 240_000;
const HEADINGS = [
  'What the evidence shows',
  'Effects told of',
  'Claims, strongest evidence first',
  'What scientists say',
  'What people say on Reddit',
  'What people say on X',
  'What people say elsewhere',
  'What we do not know',
  'Safety and limits',
  'Low-confidence and auto-generated',
  'Set aside',
  'How to verify this page',
  'Disclaimers',
];
/** A page of each kind, an error included. */
const PAGES = [
  '/',
  ARTICLE,
  `${ARTICLE}/counted?number=sources.total`,
  `${ARTICLE}/counted?number=low_confidence.claims`,
  `${ARTICLE}/entries/1`,
  '/t/bpc-157',
  '/nothing',
];

const why = executable === undefined ? ' (skipped: no Chromium found, set CHROMIUM to its path)' : '';

describe.skipIf(executable === undefined)(`the article in a browser${why}`, () => {
  let edge: TestEdge;
  let opened: OpenedHearsay;
  let serving: Serving;
  let browser: Browser;
  let base: string;
  let counts: CountsJson;

  beforeAll(async () => {
    edge = await createEdge();
    expect(await runCli(['demo'], edge)).toBe(0);
    opened = await openHearsay(edge);
    serving = await serveArticle(edge, opened);
    base = serving.url.replace(/\/$/, '');
    counts = await getJson<CountsJson>('/api/topics/semax/counts');
    browser = await launchChromium(executable as string);
  }, SETUP_MS);

  afterAll(async () => {
    await browser?.close();
    await serving?.close();
    await opened?.close();
    await edge?.close();
  }, SETUP_MS);

  async function getJson<T>(path: string): Promise<T> {
    return (await fetch(`${base}${path}`)).json() as Promise<T>;
  }

  const readNumbers = (page: Page) =>
    page
      .locator('[data-number]')
      .evaluateAll((cells) =>
        cells.map((cell) => ({ name: cell.getAttribute('data-number') ?? '', value: Number(cell.textContent), href: cell.getAttribute('href') })),
      );

  it('has every section, visible without scripts, under the demo notice', async () => {
    const { page, mishaps, close } = await openWatched(browser, base, { javaScriptEnabled: false });
    await page.goto(ARTICLE);
    expect(await page.locator('h1').innerText()).toBe('Semax');
    const headings = await page.locator('h2:visible').allInnerTexts();
    expect(headings.filter((heading) => HEADINGS.includes(heading))).toEqual(HEADINGS);
    expect(await page.locator('script').count()).toBe(0);
    expect(await page.locator('p.notice').innerText()).toContain('made-up posts');
    for (const line of ['Anecdote = a real report, not proof.', 'Nothing here is dosing, protocol or treatment advice; doses in quotes are hidden.'])
      expect(await page.getByText(line).first().isVisible()).toBe(true);
    expect(await page.locator('blockquote').count()).toBeGreaterThan(10);
    expect(await page.locator('.claims .tag.machine').count()).toBeGreaterThan(10);
    expect(mishaps).toEqual([]);
    await close();
  });

  it('prints the numbers of the JSON API, and they add up on the page', async () => {
    const { page, close } = await openWatched(browser, base);
    await page.goto(ARTICLE);
    const numbers = await readNumbers(page);
    expect(numbers.length).toBeGreaterThan(40);
    const published = publishedNumbers(counts);
    for (const { name, value } of numbers) expect({ name, value }).toEqual({ name, value: published.get(name) });
    for (const table of ['#sources-table', '#claims-table', '#aside-table']) {
      const rows = await page
        .locator(`${table} tbody:first-of-type tr`)
        .evaluateAll((found) => found.map((row) => ({ sum: row.className === 'sum', value: Number(row.querySelector('td.number')?.textContent) })));
      const summands = rows.filter((row) => !row.sum).reduce((total, row) => total + row.value, 0);
      expect({ table, sum: rows.find((row) => row.sum)?.value }).toEqual({ table, sum: summands });
    }
    const effects = await page
      .locator('#effects-table tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => ({ sum: row.className === 'sum', values: [...row.querySelectorAll('td.number')].map((cell) => Number(cell.textContent)) })),
      );
    for (const column of [0, 1, 2]) {
      const total = effects.filter((row) => !row.sum).reduce((sum, row) => sum + (row.values[column] ?? 0), 0);
      expect(effects.find((row) => row.sum)?.values[column]).toBe(total);
    }
    const terms = await page.locator('#confidence-table tbody tr').evaluateAll((rows) => rows.map((row) => Number(row.lastElementChild?.textContent)));
    expect(terms.slice(0, -1).reduce((sum, value) => sum + value, 0)).toBeCloseTo(terms.at(-1) as number);
    await close();
  });

  it('opens a list behind every number that has as many items as the number says', async () => {
    const { page, close } = await openWatched(browser, base);
    await page.goto(ARTICLE);
    const linked = [...new Map((await readNumbers(page)).filter(({ href }) => href !== null).map((number) => [number.name, number])).values()];
    expect(linked.length).toBeGreaterThan(20);
    for (const { name, value, href } of linked) {
      expect({ name, items: await countItems(href as string) }).toEqual({ name, items: value });
      const api = await getJson<{ total: number }>(`/api/topics/semax/counted?${new URLSearchParams({ number: name })}`);
      expect({ name, total: api.total }).toEqual({ name, total: value });
    }
    const [first] = linked;
    await page.locator(`a[data-number="${first?.name}"]`).first().click();
    expect(await page.locator('h1').innerText()).toMatch(new RegExp(`: ${first?.value}$`));
    await close();
  });

  async function countItems(href: string): Promise<number> {
    let items = 0;
    for (let next: string | undefined = href; next !== undefined; ) {
      const $ = load(await (await fetch(`${base}${next}`)).text());
      items += $('ul.claims > li').length;
      next = $('a[rel~=next]').attr('href');
    }
    return items;
  }

  it('ranks the claims of a tier by confidence, a person having the first word', async () => {
    const { page, close } = await openWatched(browser, base);
    await page.goto(ARTICLE);
    const lists = await page
      .locator('section[aria-labelledby=claims] ul.claims')
      .evaluateAll((found) =>
        found.map((list) =>
          [...list.querySelectorAll('.tag.machine, .tag.person')].map((tag) =>
            tag.className.includes('person') ? 101 : Number.parseInt(tag.textContent?.replace(/\D+/, '') ?? '', 10),
          ),
        ),
      );
    expect(lists.flat().length).toBeGreaterThan(5);
    for (const list of lists) expect(list).toEqual(list.toSorted((a, b) => b - a));
    await close();
  });

  it('shows no dose of the sample anywhere: pages, API, export', async () => {
    const doses = await collectDoses();
    for (const dose of GUIDE_DOSES) expect(doses).toContain(dose);
    expect(findDoses('Take 300 mcg, then two  drops.', doses)).toEqual(expect.arrayContaining(['300 mcg', 'two drops']));
    const kinds = new Map<string, number>();
    let masks = 0;
    for await (const answer of fetchEverything(base, ['semax', 'bpc-157'])) {
      kinds.set(kindOf(answer), (kinds.get(kindOf(answer)) ?? 0) + 1);
      expect({ path: answer.path, status: answer.status }).toEqual({ path: answer.path, status: 200 });
      expect({ path: answer.path, doses: findDoses(answer.text, doses) }).toEqual({ path: answer.path, doses: [] });
      masks += answer.text.split(DOSE_MASK).length - 1;
      if (answer.type.includes('html')) expect({ path: answer.path, doses: findDoses(answer.body, doses) }).toEqual({ path: answer.path, doses: [] });
    }
    expect(masks).toBeGreaterThan(0);
    expect(kinds.get('entry page')).toBeGreaterThan(200);
    expect(kinds.get('list page')).toBeGreaterThan(20);
    expect(kinds.get('api')).toBeGreaterThan(200);
    expect(kinds.get('export')).toBeGreaterThanOrEqual(1);
  }, 240_000);

  it('lets hostile markup do nothing, on no page', async () => {
    const tricks = (await getJson<{ sources: { seq: number; url?: string }[] }>('/api/topics/semax/sources?platform=web&limit=200')).sources.filter(({ url }) =>
      url?.includes('odd.example'),
    );
    expect(tricks.length).toBeGreaterThan(0);
    const { page, mishaps, close } = await openWatched(browser, base);
    const entries = tricks.flatMap(({ seq }) => [`${ARTICLE}/entries/${seq}`, `${ARTICLE}/entries/${seq + 1}`]);
    for (const path of [...PAGES.filter((path) => path !== '/nothing'), `${ARTICLE}/counted?number=posts`, ...entries]) {
      await page.goto(path, { waitUntil: 'networkidle' });
      await page.mouse.wheel(0, 50_000);
      expect(
        await page.locator('script, iframe, object, embed, img, form, style, [onclick], [onerror], [onload], a[href^="javascript:"], a[href^="data:"]').count(),
      ).toBe(0);
    }
    expect(mishaps).toEqual([]);
    await close();
  });

  it.each(['light', 'dark'] as const)(
    'has no serious accessibility fault, %s',
    async (colorScheme) => {
      const { page, close } = await openWatched(browser, base, { colorScheme });
      for (const path of PAGES) {
        await page.goto(path);
        expect(await findFaults(page)).toEqual([]);
      }
      await page.setViewportSize({ width: 360, height: 740 });
      await page.goto(ARTICLE);
      expect(await findFaults(page)).toEqual([]);
      await close();
    },
    SETUP_MS,
  );

  it.each([320, 375, 768])('fits a screen %i pixels wide', async (width) => {
    const { page, close } = await openWatched(browser, base, { viewport: { width, height: 800 } });
    for (const path of PAGES) {
      await page.goto(path);
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect({ path, wide }).toEqual({ path, wide: 0 });
    }
    await close();
  });

  it('can be used by keyboard: the skip link comes first, the contents lead to their sections', async () => {
    const { page, close } = await openWatched(browser, base);
    await page.goto(ARTICLE);
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate<boolean>("document.querySelector('main').contains(document.activeElement)")).toBe(true);
    for (const href of await page.locator('nav.contents a').evaluateAll((links) => links.map((link) => link.getAttribute('href') as string)))
      expect(await page.locator(href).count()).toBe(1);
    await close();
  });

  it('prints dark ink on white paper, without navigation, with the addresses of what it quotes', async () => {
    const { page, close } = await openWatched(browser, base, { colorScheme: 'dark' });
    await page.goto(ARTICLE);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const style = await page.evaluate<{ ground: string; ink: string; after: string; href: string }>(`(() => {
      const { backgroundColor: ground, color: ink } = getComputedStyle(document.body);
      const link = document.querySelector('.claims a[href^=http]');
      return { ground, ink, after: getComputedStyle(link, '::after').content, href: link.getAttribute('href') };
    })()`);
    expect(style).toMatchObject({ ground: 'rgb(255, 255, 255)', ink: 'rgb(27, 31, 36)' });
    expect(style.after).toContain(style.href);
    expect(await page.locator('nav.contents').isVisible()).toBe(false);
    expect(await page.locator('blockquote').first().isVisible()).toBe(true);
    expect(await page.locator('p.notice').isVisible()).toBe(true);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await close();
  });

  function kindOf({ path }: Answer): string {
    if (path.endsWith('/export')) return 'export';
    if (path.startsWith('/api/')) return 'api';
    return path.includes('/entries/') ? 'entry page' : path.includes('/counted') ? 'list page' : 'page';
  }
});
