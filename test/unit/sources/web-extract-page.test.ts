import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { extractPage, readPage } from '../../../src/sources/web/extract.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/web/${name}`, import.meta.url), 'utf8');
const URL_1 = 'https://quietdesk.example/ten-weeks?utm_medium=mail';

describe('extractPage', () => {
  const page = extractPage(fixture('article.html'), URL_1);

  it('reads what the page says of itself, JSON-LD first', () => {
    expect(page).toMatchObject({
      title: 'Ten weeks with a nasal & oral spray',
      byline: 'Mara Lindqvist, T. Oduya',
      published_at: '2026-02-03T07:30:00.000Z',
      language: 'en',
      posts: [],
    });
    expect(readPage(fixture('article.html'), URL_1).canonicalUrl).toBe('https://www.quietdesk.example/ten-weeks');
  });

  it('reads the body: paragraphs, table rows and list items as lines, no frame', () => {
    expect(page.text).toContain('The first week I noticed nothing at all. In the second week');
    expect(page.text).toContain('Week | Good days | Remarks\n1 | 2 | nothing\n2 | 4 | reading easier');
    expect(page.text).toContain('Kept: diary, watch\nDropped: coffee after noon');
    for (const frame of ['Shop', 'newsletter', 'Photo', 'line break']) expect(page.text).not.toContain(frame);
    expect(page.text.split('\n\n').length).toBeGreaterThan(4);
  });

  it.each([
    ['<head><meta property="og:title" content="Og"><title>Plain</title></head>', 'Og'],
    ['<head><title> Plain\n title </title></head>', 'Plain title'],
    ['<script type="application/ld+json">{"@type":"WebSite","name":"Site"}</script><title>Plain</title>', 'Plain'],
    ['<script type="application/ld+json">{broken</script><title>Plain</title>', 'Plain'],
    ['<script type="application/ld+json">{"@type":"NewsArticle","headline":["a"]}</script><title>Plain</title>', 'Plain'],
    ['<body></body>', null],
  ])('title of %s', (html, title) => expect(extractPage(`<html>${html}<body><p>x</p></body></html>`, URL_1).title).toBe(title));

  it.each([
    ['<meta property="article:published_time" content="2026-01-02T03:04:05Z">', '2026-01-02T03:04:05.000Z'],
    ['<meta name="date" content="2026-01-02">', '2026-01-02T00:00:00.000Z'],
    ['<script type="application/ld+json">{"@type":"Article","datePublished":"yesterday"}</script>', null],
    ['<article><time datetime="2026-01-02">2 Jan</time></article>', '2026-01-02T00:00:00.000Z'],
    ['', null],
  ])('time of %s', (html, time) => expect(extractPage(html, URL_1).published_at).toBe(time));

  it.each([
    ['<link rel="canonical" href="/other">', 'https://quietdesk.example/other'],
    ['<link rel="canonical" href="https://elsewhere.example/x">', 'https://quietdesk.example/ten-weeks'],
    ['<link rel="canonical" href="https://quietdesk.example/">', 'https://quietdesk.example/ten-weeks'],
    ['<link rel="canonical" href="javascript:x">', 'https://quietdesk.example/ten-weeks'],
    ['<meta property="og:url" content="https://www.quietdesk.example/og">', 'https://www.quietdesk.example/og'],
  ])('identity with %s', (html, id) => expect(readPage(html, URL_1).canonicalUrl).toBe(id));

  it.each([
    ['<html lang="de-AT">', 'de'],
    ['<html><meta property="og:locale" content="pt_BR">', 'pt'],
    ['<html lang="english">', null],
  ])('language of %s', (html, language) => expect(extractPage(html, URL_1).language).toBe(language));

  it('reads short pages and pages that are no article', () => {
    expect(extractPage('<nav>menu</nav><main><p>Out of stock.</p></main><footer>foot</footer>', URL_1).text).toBe('Out of stock.');
    expect(extractPage('', URL_1)).toEqual({ title: null, byline: null, published_at: null, language: null, text: '', posts: [] });
    expect(extractPage('<script type="application/ld+json">{"@type":"Article","articleBody":"Words in data."}</script>', URL_1).text).toBe('Words in data.');
  });

  it('takes the article about this address where a page lists several', () => {
    const html =
      '<script type="application/ld+json">[{"@type":"Article","headline":"Other","url":"/other"},{"@type":"Article","headline":"This","mainEntityOfPage":{"@id":"https://quietdesk.example/ten-weeks"}}]</script><p>x</p>';
    expect(extractPage(html, URL_1).title).toBe('This');
  });
});
