import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordSchema } from '../../../src/model/post.ts';
import { type SetElement, splitArticleSet } from '../../../src/sources/literature/article-set.ts';
import { mapElement } from '../../../src/sources/literature/map-article.ts';
import { inlineText, parseElement } from '../../../src/sources/literature/xml.ts';
import { article } from '../../fixtures/pubmed/articles.ts';

const FIXTURES = new URL('../../fixtures/pubmed/', import.meta.url);
const OBSERVED = '2026-06-01T00:00:00.000Z';
const cases = readdirSync(FIXTURES, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

function only(xml: string): SetElement {
  const [element, ...rest] = splitArticleSet(`<PubmedArticleSet>${xml}</PubmedArticleSet>`);
  expect(rest).toEqual([]);
  if (element === undefined) throw new Error('no element');
  return element;
}

describe('mapElement', () => {
  it.each(cases)('maps test/fixtures/pubmed/%s', (name) => {
    const xml = readFileSync(new URL(`${name}/source.xml`, FIXTURES), 'utf8').trim();
    const expected = JSON.parse(readFileSync(new URL(`${name}/expected.json`, FIXTURES), 'utf8')) as { record: unknown };
    expect(mapElement(only(xml), OBSERVED)).toEqual({ posts: [expected] });
    expect(recordSchema.parse(expected.record)).toEqual(expected.record);
  });

  it('tells deleted citations', () => {
    const mapped = mapElement(only('<DeleteCitation><PMID Version="1">1</PMID><PMID Version="1">2</PMID></DeleteCitation>'), OBSERVED);
    expect(mapped).toMatchObject({
      posts: [
        { nativeId: 'pmid:1', absence: 'deleted', text: '' },
        { nativeId: 'pmid:2', absence: 'deleted' },
      ],
    });
  });

  it.each([
    [
      'a record without PMID',
      '<PubmedArticle><MedlineCitation><Article><ArticleTitle>x</ArticleTitle></Article></MedlineCitation></PubmedArticle>',
      { code: 'malformed_item' },
    ],
    [
      'a PMID that is none',
      '<PubmedArticle><MedlineCitation><PMID>12/../3</PMID><Article><ArticleTitle>x</ArticleTitle></Article></MedlineCitation></PubmedArticle>',
      { code: 'malformed_item' },
    ],
    ['neither title nor abstract', article(5, { title: ' ', abstract: '' }), { code: 'missing_text', item: 'pmid:5' }],
    [
      'tags that do not close',
      '<PubmedArticle><MedlineCitation><PMID>6</PMID><Article></MedlineCitation></PubmedArticle>',
      { code: 'malformed_item', item: 'pmid:6' },
    ],
    [
      "a tag named after an object's parts",
      '<PubmedArticle><MedlineCitation><PMID>8</PMID><constructor>x</constructor></MedlineCitation></PubmedArticle>',
      { code: 'malformed_item', item: 'pmid:8' },
    ],
    ['an empty element', '<PubmedArticle/>', { code: 'malformed_item' }],
  ])('refuses %s', (_name, xml, refusal) => {
    expect(mapElement(only(xml), OBSERVED)).toMatchObject({ refusal });
  });

  it('notes a retraction that is only a publication type', () => {
    expect(mapElement(only(article(7, { types: ['Retracted Publication'] })), OBSERVED)).toMatchObject({
      posts: [{ record: { notices: [{ kind: 'retraction', record: 'pmid:7' }] } }],
    });
  });
});

describe('splitArticleSet', () => {
  it('keeps the good records around a broken one', () => {
    const broken = '<PubmedArticle><MedlineCitation><PMID Version="1">2</PMID></Oops></MedlineCitation></PubmedArticle>';
    const set = splitArticleSet(`<?xml version="1.0"?><PubmedArticleSet>${article(1)}${broken}${article(3)}</PubmedArticleSet>`);
    expect(set.map((element) => mapElement(element, OBSERVED))).toMatchObject([
      { posts: [{ nativeId: 'pmid:1' }] },
      { refusal: { code: 'malformed_item', item: 'pmid:2' } },
      { posts: [{ nativeId: 'pmid:3' }] },
    ]);
  });

  it.each(['<PubmedArticleSet/>', '<PubmedArticleSet></PubmedArticleSet>'])('reads an empty set: %s', (xml) => {
    expect(splitArticleSet(xml)).toEqual([]);
  });

  it.each([
    ['a page of HTML', '<html><body>Maintenance</body></html>'],
    ['a cut set', `<PubmedArticleSet>${article(1)}<PubmedArticle><Medl`],
    ['nothing', ''],
  ])('takes %s for an outage, not for an empty set', (_name, xml) => {
    expect(() => splitArticleSet(xml)).toThrow(expect.objectContaining({ code: 'unreadable_answer' }));
  });
});

describe('parseElement', () => {
  it('expands no entities of a document type', () => {
    const bomb =
      '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>&y;</ArticleTitle></Article></MedlineCitation></PubmedArticle>';
    expect(mapElement(only(bomb.slice(bomb.indexOf('<PubmedArticle>'))), OBSERVED)).toMatchObject({ posts: [{ title: '&y;' }] });
    expect(JSON.stringify(parseElement(bomb) ?? '')).not.toContain('xxxxxxxxxxxx');
  });

  it('survives thousands of nested tags', () => {
    const deep = `<PubmedArticle>${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}</PubmedArticle>`;
    expect(mapElement(only(deep), OBSERVED)).toMatchObject({ refusal: { code: 'malformed_item' } });
  });
});

describe('inlineText', () => {
  it.each([
    ['a<i>b</i>c', 'abc'],
    ['x <annotation encoding="t"/> y', 'x y'],
    ['x <mml:annotation encoding="t">tex</mml:annotation> y', 'x y'],
    ['a <![CDATA[<b> &amp; ]]>c', 'a <b> &amp; c'],
    ['a <!-- b <i> --> c', 'a c'],
    ['a <b', 'a'],
    ['a <!-- b> c', 'a c'],
    ['&#x41;&#65;&apos;&#xd800;', "AA'\u{fffd}"],
  ])('%s', (raw, text) => {
    expect(inlineText(raw)).toBe(text);
  });

  it('walks any text once', () => {
    for (const piece of ['<', '<!--', '<![CDATA[', '<annotation', '<annotation>x', '&', '&#', ' '])
      expect(inlineText(piece.repeat(300_000)).length).toBeLessThan(1_000_000);
  });
});
