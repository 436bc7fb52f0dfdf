import { describe, expect, it } from 'vitest';
import { countsOf } from '../../../src/counts/fold.ts';
import { renderCounts, sumSources } from '../../../src/counts/render.ts';
import { Chain } from './chain.ts';

describe('counts as text', () => {
  it('names every number, shows the sums, the terms and the rule', () => {
    const chain = new Chain();
    const study = chain.study();
    chain.claim(study, { tier: 'human' });
    const post = chain.source();
    chain.claim(post);
    chain.effect(post, { effect: 'focus\u001b[2J' });
    chain.effect(post, { flags: ['ungrounded'] });
    chain.tombstone([chain.source()], 'request');
    const counts = { ...countsOf(chain.fold()), topic: 'semax', head: { size: chain.headers.length, root: 'ab'.repeat(32) } };
    const text = renderCounts(counts);
    expect(text).toContain(`ledger of ${chain.headers.length} entries, root ${'ab'.repeat(32)}`);
    expect(text).toMatch(/ {2}scientific +1\n/);
    expect(text).toMatch(/ {2}= sources +2\n/);
    expect(text).toMatch(/ {2}= claims +2\n/);
    expect(text).toMatch(/because ungrounded .* 1\n/);
    expect(text).toMatch(/because of request +1\n/);
    expect(text).toMatch(/= all source entries, .* 3\n/);
    expect(text).toMatch(/Catalogue confidence: 0\.155 "moderate - human claims present in ledger"/);
    expect(text).toMatch(/ {2}human +1 x 0\.12 +=/);
    expect(text).toMatch(/Evidence grade: limited human\n.*at least 3 studies/);
    expect(text).toContain('Anecdote = a real report, not proof');
    expect(text).not.toContain('\u001b');
    expect(sumSources(counts)).toBe(chain.headers.filter((header) => header.type === 'source').length);
  });

  it('renders an empty ledger', () => {
    expect(renderCounts(countsOf(new Chain().fold()))).toContain('Effects: none');
  });
});
