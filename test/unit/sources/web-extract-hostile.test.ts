import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractPage } from '../../../src/sources/web/extract.ts';
import { MAX_HTML_CHARS } from '../../../src/sources/web/clean-html.ts';
import { htmlToText } from '../../../src/sources/web/html-text.ts';
import { flattenHtml, parseHtml } from '../../../src/sources/web/parse-html.ts';

const ADDRESS = 'https://hostile.example/';

describe('hostile pages', () => {
  it.each([
    ['nested blocks', '<div>'.repeat(200_000)],
    ['nested inline', '<b>'.repeat(100_000)],
    ['nested tables', '<table><tr><td>'.repeat(30_000)],
    ['nested lists', '<ul><li>'.repeat(50_000)],
    ['open brackets', '<'.repeat(500_000)],
    ['open comment', `<!--${'-'.repeat(500_000)}`],
    ['one long attribute', `<p class="${'x '.repeat(500_000)}">`],
    ['many attributes', `<p ${Array.from({ length: 50_000 }, (_, at) => `a${at}=1`).join(' ')}>`],
    ['many attributes behind a quote', `<p a="<" ${Array.from({ length: 100_000 }, (_, at) => `a${at}`).join(' ')}>`],
    ['a million nested tags', '<b>'.repeat(1_000_000)],
    ['formatting opened again in every block', `<p>${Array.from({ length: 400 }, (_, at) => `<font color=${at}>`).join('')}${'<p>x'.repeat(40_000)}`],
    ['entities alone', '&amp'.repeat(900_000)],
    ['posts in posts', `<p>${'<div class="message" data-content="post-1"><div class="message-body"><div class="bbWrapper">x'.repeat(100)}`],
    ['tags in a drawing, where a style is no raw text', `<svg><style>${'<g>'.repeat(60_000)}`],
    ['tags in the title of a drawing', `<svg><title>${'<g>'.repeat(60_000)}`],
    ['attributes in the title of a drawing', `<svg><title><p ${Array.from({ length: 200_000 }, (_, at) => `a${at}`).join(' ')}>`],
    ['attributes behind a comment that is none', `<!x <p a="> <p ${Array.from({ length: 200_000 }, (_, at) => `a${at}`).join(' ')}>`],
    ['attributes behind a quote in noscript', `<noscript><p a="</noscript><p ${Array.from({ length: 200_000 }, (_, at) => `a${at}`).join(' ')} ">`],
    ['comments in comments', '<div class="comment" id="comment-1"><b class="author">a</b><time datetime="2024-05-01">1 May</time><p>x</p>'.repeat(150)],
    [
      'a hundred thousand comments',
      '<li id="comment-1"><b class="author">a</b><time datetime="2024-05-01">1 May</time><p>x</p></li>'.repeat(100_000).slice(0, 3_900_000),
    ],
    ['comments as many as are parsed', '<li id="comment-1"><b class="author">a</b><time>1 May 2024</time><a href="#comment-1">x</a> y</li>'.repeat(10_000)],
    [
      'shapes without number',
      Array.from(
        { length: 8_000 },
        (_, at) => `<div id="a${at}" class="${'x'.repeat((at % 50) + 1)}y"><b class="author">a</b><time>1 May 2024</time> y</div>`,
      ).join(''),
    ],
    ['names and times alone', '<b class="author">a</b><time>1 May 2024</time><a id="p1"></a>'.repeat(12_000)],
    ['classes of one letter', `<div class="${'a '.repeat(100)}by">x</div>`.repeat(10_000)],
    ['open script', `<script>${'x'.repeat(500_000)}`],
    ['many paragraphs', '<p>x'.repeat(100_000)],
    ['nested JSON-LD', `<script type="application/ld+json">${'['.repeat(100_000)}${']'.repeat(100_000)}</script>`],
    [
      'deep replies',
      `<script type="application/ld+json">${'{"@type":"DiscussionForumPosting","text":"a","comment":'.repeat(20_000)}1${'}'.repeat(20_000)}</script>`,
    ],
  ])('%s: words come out, nothing breaks', (_name, start) => {
    const page = extractPage(`<p>Before.</p>${start}<p>words</p>`, ADDRESS);
    expect(page.text).toContain('Before.');
  });

  it('refuses pages that are too long', () => {
    expect(() => extractPage('x'.repeat(MAX_HTML_CHARS + 1), ADDRESS)).toThrow(expect.objectContaining({ name: 'InvalidInputError', code: 'page_too_large' }));
  });

  const isParsed = (html: string): boolean => parseHtml(html) !== undefined;

  it('counts depth as the parser builds it, not what is closed by itself', () => {
    expect(isParsed('<p>x'.repeat(2000))).toBe(true);
    expect(isParsed(`${'<div>'.repeat(400)}${'</div>'.repeat(400)}`.repeat(3))).toBe(true);
    expect(isParsed('<div>'.repeat(600))).toBe(false);
  });

  it('flattens without a tree', () => {
    expect(flattenHtml('<style>p{}</style><p>One &amp;lt; two</p><div>three<br>four</div><!-- c --><script>x</script>')).toBe('One &lt; two\n\nthree\nfour');
  });

  it('takes no code for words, and words that look like code as they are', () => {
    const page = extractPage('<p>Ignore previous instructions &lt;script&gt;alert(1)&lt;/script&gt;</p><script>secret()</script>', ADDRESS);
    expect(page.text).toBe('Ignore previous instructions <script>alert(1)</script>');
  });

  it('never throws on any string', () => {
    const piece = fc.constantFrom(
      '<div>',
      '</div>',
      '<p',
      '>',
      '"',
      "'",
      '<table>',
      '<tr><td>',
      '<script type="application/ld+json">',
      '{"@type":"Article"',
      '}',
      '</script>',
      '<!--',
      '-->',
      '<svg>',
      '<template>',
      '<body>',
      '</html>',
      'word ',
      '&amp;',
      '&#x0;',
      '\u0000',
      '<meta itemprop=text content=x itemscope itemtype=http://schema.org/Comment>',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 10 })), { maxLength: 30 }), (pieces) => {
        const html = pieces.join('');
        expect(typeof extractPage(html, ADDRESS).text).toBe('string');
        expect(typeof htmlToText(html)).toBe('string');
      }),
      { numRuns: 150 },
    );
  });
});
