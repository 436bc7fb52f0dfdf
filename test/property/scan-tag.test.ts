import fc from 'fast-check';
import { Tokenizer, type Token } from 'parse5';
import { describe, expect, it } from 'vitest';
import { cleanHtml } from '../../src/sources/web/clean-html.ts';
import { parseHtml } from '../../src/sources/web/parse-html.ts';
import { scanTag } from '../../src/sources/web/scan-tag.ts';

/** Pieces by which a tag can be made to look shorter or longer than it is. */
const piece = fc.constantFrom(
  ...[
    '<',
    '>',
    '/',
    '=',
    '"',
    "'",
    ' ',
    '\n',
    '\t',
    'a',
    'b',
    'x=1',
    "y='>'",
    'z=">"',
    '<p',
    '</p',
    '<p a="',
    '<!--',
    '-->',
    '<!',
    '<?',
    '</',
    ']]>',
    '<![CDATA[',
  ],
  ...['<svg>', '</svg>', '<desc>', '</desc>', '<title>', '</title>', '<style>', '</style>', '<noscript>', '</noscript>', '<math>', '<textarea>', '&lt;', '\0'],
  ...[
    '<script>',
    '</script>',
    '<script type="application/ld+json">',
    '<plaintext>',
    '<xmp>',
    '</xmp>',
    '<template>',
    '<table>',
    '<td>',
    '<select>',
    '<frameset>',
  ],
);
const hostile = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

interface Tokens {
  readonly tags: readonly Token.TagToken[];
}

/** What the reference tokenizer makes of a text; the parser's feedback (raw text, foreign content) left out. */
function tokenize(html: string): Tokens {
  const tags: Token.TagToken[] = [];
  const nothing = () => undefined;
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onStartTag: (token) => void tags.push({ ...token }),
      onEndTag: (token) => void tags.push({ ...token }),
      onComment: nothing,
      onDoctype: nothing,
      onEof: nothing,
      onCharacter: nothing,
      onNullCharacter: nothing,
      onWhitespaceCharacter: nothing,
    },
  );
  tokenizer.write(html, true);
  return { tags };
}

describe('one tag', () => {
  it('ends where the tokenizer ends it, and has at least its attributes', () => {
    fc.assert(
      fc.property(fc.constantFrom('<p', '</p', '<a"', '<q/'), hostile, (start, rest) => {
        const html = `${start}${rest}`;
        const first = tokenize(html).tags[0];
        const scanned = scanTag(html, 0);
        expect(scanned?.end).toBe(first?.location?.endOffset);
        if (scanned === undefined || first === undefined) return;
        expect(scanned.name.toLowerCase().replaceAll('\0', '\uFFFD')).toBe(first.tagName);
        if (!scanned.closes) expect(scanned.attributes).toBeGreaterThanOrEqual(first.attrs.length);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('clean HTML', () => {
  it('keeps its tags whatever state a parser is in: each tag of it is one whole tag, without a bracket inside', () => {
    fc.assert(
      fc.property(hostile, (html) => {
        const clean = cleanHtml(html).html;
        for (const part of clean.split('<').slice(1)) expect(part).toContain('>');
        // A tokenizer that begins anywhere after a tag sees the same tags: nothing before has swallowed a quote or an end.
        const all = tokenize(clean).tags.map((tag) => tag.tagName);
        expect(all).toHaveLength(clean.split('<').length - 1);
      }),
      { numRuns: 3000 },
    );
  });

  it('is parsed into the words that the page has', () => {
    const words = fc.array(
      fc.constantFrom('one', '<b>', '</b>', '<p>', '<p title="a > b">', '<!-- no -->', '<script>"<p>"</script>', ' a < b ', '&amp;', '<br/>'),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(words, (pieces) => {
        const expected = pieces.map((one) => (one.startsWith('<') ? '' : one.replace('&amp;', '&'))).join('');
        expect(
          parseHtml(`<body>${pieces.join('')}`)
            ?.$('body')
            .text()
            .replace(/^\s+/, ''),
        ).toBe(expected.replace(/^\s+/, ''));
      }),
    );
  });
});
