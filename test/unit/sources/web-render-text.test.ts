import { expect, it } from 'vitest';
import { htmlToText, textOrHtmlToText } from '../../../src/sources/web/html-text.ts';

it.each([
  ['<p>One</p><p>Two</p>', 'One\n\nTwo'],
  ['a<br>b<br/>c', 'a\nb\nc'],
  ['<b>bo</b>ld and <i> it</i>', 'bold and it'],
  ['<p>  many \n spaces </p>', 'many spaces'],
  ['<ul><li>x</li><li>y</li></ul>z', 'x\ny\n\nz'],
  ['<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><p>2</p><p>3</p></td></tr></table>', 'a | b\n1 | 2 3'],
  ['<p>x</p><script>alert(1)</script><style>p{}</style><noscript>n</noscript><p>y</p>', 'x\n\ny'],
  ['&lt;b&gt; &amp;amp; &#39;q&#39; &eacute;', "<b> &amp; 'q' é"],
  ['<pre>a\n  b</pre>', 'a\n  b'],
  ['<div><div><p>deep</p></div></div>', 'deep'],
  ['', ''],
  ['<p></p><div> </div>', ''],
  ['unclosed <b>bold <p>para', 'unclosed bold\n\npara'],
])('%s', (html, text) => expect(htmlToText(html)).toBe(text));

it('leaves plain text alone unless it is markup', () => {
  expect(textOrHtmlToText('  5 < 7 and 8 > 3\nnext ')).toBe('5 < 7 and 8 > 3\nnext');
  expect(textOrHtmlToText('<p>a</p>')).toBe('a');
  expect(textOrHtmlToText('a &amp; b')).toBe('a & b');
});
