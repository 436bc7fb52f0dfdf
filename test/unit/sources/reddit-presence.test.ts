import { describe, expect, it } from 'vitest';
import { readAbsence, readAuthor } from '../../../src/sources/reddit/presence.ts';

const cases = [
  ['live', { author: 'a', text: 'words', removed_by_category: null }, undefined],
  ['live link post', { author: 'a', text: '', removed_by_category: null }, undefined],
  ['deleted by its author', { author: '[deleted]', text: '[deleted]', removed_by_category: 'deleted' }, 'deleted'],
  ['deleted link post', { author: '[deleted]', text: '', removed_by_category: 'deleted' }, 'deleted'],
  ['deleted, old recording without category', { author: '[deleted]', text: '[deleted]' }, 'deleted'],
  ['deleted, category null', { author: '[deleted]', text: '[deleted]', removed_by_category: null }, 'deleted'],
  ['removed by a moderator', { author: 'a', text: '[removed]', removed_by_category: 'moderator' }, 'removed'],
  ['removed, text still shown', { author: 'a', text: 'words', removed_by_category: 'moderator' }, 'removed'],
  ['filtered by automod', { author: '[deleted]', text: '[removed]', removed_by_category: 'automod_filtered' }, 'removed'],
  ['spam filter', { author: 'a', text: '[removed]', removed_by_category: 'reddit' }, 'removed'],
  ['admin takedown', { author: '[deleted]', text: '[ Removed by Reddit ]', removed_by_category: 'content_takedown' }, 'removed'],
  ['a category nobody knows yet', { author: 'a', text: 'words', removed_by_category: 'something_new' }, 'removed'],
  ['account deleted, text remains', { author: '[deleted]', text: 'words', removed_by_category: null }, undefined],
  ['comment deleted', { author: '[deleted]', text: '[deleted]' }, 'deleted'],
  ['comment removed', { author: '[deleted]', text: '[removed]' }, 'removed'],
  ['comment removed, author as well', { author: '[removed]', text: '[removed]' }, 'removed'],
  ['comment removed by Reddit, variant', { author: '[deleted]', text: '[ Removed by Reddit in response to a copyright notice. ]' }, 'removed'],
  ['trimmed', { author: '[deleted]', text: ' [removed]\n' }, 'removed'],
  ['typed by a person', { author: 'a', text: '[removed]', removed_by_category: null }, undefined],
  ['inside a sentence', { author: 'a', text: 'my post was [removed] again' }, undefined],
  ['a link that begins with a bracket', { author: 'a', text: '[removed by reddit](https://example.org) is a page' }, undefined],
] as const;

describe('readAbsence', () => {
  it.each(cases)('%s', (_name, item, expected) => {
    expect(readAbsence(item)).toBe(expected);
  });
});

describe('readAuthor', () => {
  it.each([
    ['name', 'name'],
    ['[deleted]', undefined],
    ['[removed]', undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%s', (author, expected) => {
    expect(readAuthor(author)).toBe(expected);
  });
});
