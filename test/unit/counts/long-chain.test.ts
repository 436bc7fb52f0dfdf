/** Chains longer than one chunk of a table and than what may wait to be told: the counts are the same, and so is what changes them late. */
import { beforeAll, describe, expect, it } from 'vitest';
import { countsOf, emptyFold, foldHeader, listClaims, listCounted, listSources, stateOf, type Fold } from '../../../src/counts/fold.ts';
import { MAX_SEQ } from '../../../src/counts/table.ts';
import { Chain } from './chain.ts';
import { must } from './must.ts';

/** Of a source, its main claim and an effect claim each. */
const POSTS = 5_000;

function build(): Chain {
  const chain = new Chain();
  for (let post = 0; post < POSTS; post += 1) {
    const source = post % 5 === 0 ? chain.study({ record: `pmid:${post % 1000}` }) : chain.source();
    chain.claim(source, { tier: post % 5 === 0 ? 'human' : 'anecdotal' });
    chain.effect(source, { effect: post % 2 === 0 ? 'focus' : 'sleep', flags: post % 10 === 9 ? ['low_confidence'] : [] });
  }
  return chain;
}

describe('a long chain', () => {
  let chain: Chain;
  let fold: Fold;
  beforeAll(() => {
    chain = build();
    fold = chain.fold();
  });

  it('counts every entry once', () => {
    expect(countsOf(fold)).toMatchObject({
      sources: { total: 5_000, scientific: 1_000, reddit: 4_000 },
      claims: { total: 5_000, human: 1_000, anecdotal: 4_000 },
      low_confidence: { claims: 500 },
      posts: 5_000,
      threads: 5_000,
      experiences: 5_000,
      grade: { value: 'human', rule: expect.stringContaining('Here: 200 in people (200 of these designs)') },
    });
    expect(countsOf(fold).effects.map(({ effect, count }) => [effect, count])).toEqual([
      ['focus', 2_500],
      ['sleep', 2_000],
    ]);
    for (const [name, many] of [['claims.human', 1_000] as const, ['threads', 5_000] as const]) expect(listCounted(fold, name)).toHaveLength(many);
    expect(listSources(fold)).toHaveLength(5_000);
    expect(listClaims(fold)).toHaveLength(10_000);
  });

  it('is the same when asked again and again', () => {
    const asked = emptyFold();
    for (const header of chain.headers) {
      foldHeader(asked, header);
      if (header.seq % 777 === 0) countsOf(asked);
    }
    expect(countsOf(asked)).toEqual(countsOf(fold));
  });

  it('changes the counts of entries told long ago', () => {
    const [first, second] = listSources(fold) as [number, number];
    const [claim] = must(stateOf(fold, second)?.kind === 'source' ? listClaims(fold, { source: second }) : undefined) as [number];
    const late = new Chain(null);
    late.headers.push(...chain.headers);
    late.tombstone([first]);
    const review = late.review(claim, { decision: 'amend', tier: 'speculative' });
    late.link(second, first);
    const edited = late.source({ supersedes: second, thread: second, experience: second });
    const after = late.fold();
    expect(stateOf(after, claim)).toMatchObject({ state: 'superseded', review });
    expect(stateOf(after, edited)).toMatchObject({ state: 'accepted' });
    expect(countsOf(after)).toMatchObject({
      sources: { total: 4_999, scientific: 999, reddit: 4_000 },
      claims: { total: 4_998, human: 999, anecdotal: 3_999, speculative: 0 },
      posts: 4_999,
      set_aside: { erased: 1, superseded: 1 },
    });
  });
});

describe('the longest chain', () => {
  it('is refused beyond what a cell can number, and nothing is changed', () => {
    const chain = new Chain();
    chain.source();
    const [annotator, source] = [must(chain.headers[0]), must(chain.headers[1])];
    const full = emptyFold();
    full.size = MAX_SEQ + 1;
    expect(() => foldHeader(full, { ...annotator, seq: full.size })).toThrow(expect.objectContaining({ code: 'chain_too_long' }));
    expect([full.size, full.topic]).toEqual([MAX_SEQ + 1, undefined]);
    const fold = emptyFold();
    foldHeader(fold, annotator);
    expect(() => foldHeader(fold, { ...source, number: MAX_SEQ + 1 } as typeof source)).toThrow(expect.objectContaining({ code: 'chain_too_long' }));
    foldHeader(fold, { ...source, number: MAX_SEQ } as typeof source);
    expect(stateOf(fold, 1)).toMatchObject({ number: MAX_SEQ });
  });

  it('takes a thread or experience that is not there yet for the own one of the source', () => {
    const chain = new Chain();
    for (const far of [7, Number.MAX_SAFE_INTEGER]) chain.source({ thread: far, experience: far });
    expect(countsOf(chain.fold())).toMatchObject({ posts: 2, threads: 2, experiences: 2 });
  });
});
