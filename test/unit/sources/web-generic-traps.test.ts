/**
 * What repeats and is no thread: a wrong post is worse than the page as one text. The last test reads the 95 pages of the article extraction benchmark
 * in ../shared and is skipped where they are absent.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBody } from '../../../src/fetch/decode.ts';
import { extractPage } from '../../../src/sources/web/extract.ts';

const traps = new URL('../../fixtures/web/generic/traps/', import.meta.url);
const benchmark = path.resolve(import.meta.dirname, '../../../../shared/data/web/article_extraction');

describe('takes for no thread', () => {
  it.each(readdirSync(traps))('%s', (name) => {
    expect(extractPage(readFileSync(new URL(name, traps), 'utf8'), 'https://site.example/page').posts).toEqual([]);
  });

  it('a single post', () => {
    const html = '<ol class="comments"><li id="comment-1"><b class="author">ann</b> <time datetime="2024-05-01">1 May</time><p>Worked well.</p></li></ol>';
    expect(extractPage(html, 'https://site.example/page').posts).toEqual([]);
  });

  it.each([
    ['an address', '<li><b class="author">ann</b> <time datetime="2024-05-01">1 May</time><p>Worked well.</p></li>'],
    ['an author', '<li id="comment-AT"><time datetime="2024-05-01">1 May</time><p>Worked well.</p></li>'],
    ['a time', '<li id="comment-AT"><b class="author">ann</b><p>Worked well.</p></li>'],
    ['words', '<li id="comment-AT"><b class="author">ann</b> <time datetime="2024-05-01">1 May</time><p><a href="/other">A title</a></p></li>'],
  ])('blocks without %s', (_name, block) => {
    const html = `<ol class="comments">${[1, 2, 3].map((at) => block.replace('AT', String(at))).join('')}</ol>`;
    expect(extractPage(html, 'https://site.example/page').posts).toEqual([]);
  });
});

describe.skipIf(!existsSync(benchmark))('on real articles', () => {
  it('finds posts where readers left comments, and nowhere else', { timeout: 120_000 }, () => {
    const truth = JSON.parse(readFileSync(path.join(benchmark, 'ground-truth.json'), 'utf8')) as Record<string, { url: string }>;
    const found = Object.entries(truth).flatMap(([key, { url }]) => {
      const file = path.join(benchmark, 'html', `${key}.html.gz`);
      if (!existsSync(file)) return [];
      const { posts } = extractPage(decodeBody(gunzipSync(readFileSync(file)), 'text/html').text, url);
      return posts.length === 0 ? [] : [[key.slice(0, 8), posts.length]];
    });
    // Looked at one by one: comments of readers below an article.
    expect(Object.fromEntries(found)).toEqual({ '3252222e': 2, '4219d096': 2, ec7fc408: 6 });
  });
});
