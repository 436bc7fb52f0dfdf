import { expect, it } from 'vitest';
import { cleanHtml } from '../../../src/sources/web/clean-html.ts';

const clean = (html: string) => cleanHtml(html).html;

it('leaves out scripts, styles, comments and what parsers take for comments', () => {
  expect(clean('<!doctype html><?xml x?><p>a</p><!-- <p>b --><style>p{}</style><script>if (a<b) "</p>"</SCRIPT ><noscript><img></noscript></ x>c')).toBe(
    '<p>a</p>c',
  );
});

it('hands structured data on apart', () => {
  const found = cleanHtml(`<script type='application/ld+json'>{"a":"<b>"}</script><p>x</p><script TYPE=application/ld+json>[]</script>`);
  expect(found).toEqual({ html: '<p>x</p>', jsonLd: ['{"a":"<b>"}', '[]'], language: '', isParsable: true });
});

it('takes the outer tags off, and keeps the language', () => {
  const found = cleanHtml('<html class=a lang="de-AT"><head><title>t</title></head><body><p>a</p></body></html><p>b</p><html lang=fr>');
  expect(found).toMatchObject({ html: '<title>t</title><p>a</p><p>b</p>', language: ' lang="de-AT"' });
});

it('leaves tags as they are, and no bracket that is none', () => {
  expect(clean('1 < 2 <p title="a<b" class=x>3</p> <')).toBe('1 &lt; 2 <p title="a&lt;b" class=x>3</p> &lt;');
  expect(clean('<title>a <b>c</b></title>')).toBe('<title>a &lt;b>c&lt;/b></title>');
});

it('ends where a tag never ends', () => {
  expect(clean('<p>a</p><p class="b')).toBe('<p>a</p>');
  expect(clean('<p>a</p><script>b')).toBe('<p>a</p>');
});

it('takes the attributes off a tag that has too many, and counts them as a parser does', () => {
  const names = (count: number) => Array.from({ length: count }, (_, at) => `a${at}`).join(' ');
  expect(clean(`<p ${names(151)}>x`)).toBe('<p>x');
  expect(clean(`<p x = '>' ${names(151)}>x`)).toBe('<p>x');
  expect(clean(`<p ${names(150)}>x`)).toBe(`<p ${names(150)}>x`);
  expect(clean(`<p class="${names(600)}">x`)).toBe(`<p class="${names(600)}">x`);
});

it('says when a parser would have too much to do', () => {
  expect(cleanHtml('<b>'.repeat(50_001)).isParsable).toBe(false);
  expect(cleanHtml('&amp;'.repeat(100_001)).isParsable).toBe(false);
  expect(cleanHtml('<b>&amp;</b>'.repeat(40_000)).isParsable).toBe(true);
});
