import { describe, expect, it } from 'vitest';
import { listClaims, listCounted, listSources, rankClaims } from '../../../src/counts/fold.ts';
import { NUMBER_NAMES } from '../../../src/counts/list.ts';
import { Chain } from './chain.ts';

function build() {
  const chain = new Chain();
  const study = chain.study();
  const human = chain.claim(study, { tier: 'human' });
  const post = chain.source({ platform: 'x' });
  const anecdote = chain.claim(post);
  const focus = chain.effect(post);
  const waiting = chain.effect(post, { effect: 'sleep', flags: ['low_confidence'] });
  const advert = chain.source({ flags: ['commercial'] });
  const boast = chain.claim(advert, { tier: 'speculative' });
  return { fold: chain.fold(), study, human, post, anecdote, focus, waiting, advert, boast };
}

describe('lists', () => {
  it('filters sources and claims, in pages', () => {
    const { fold, study, human, post, anecdote, focus, waiting, advert, boast } = build();
    expect(listSources(fold)).toEqual([study, post, advert]);
    expect(listSources(fold, { kind: 'x' })).toEqual([post]);
    expect(listSources(fold, { platform: 'reddit' })).toEqual([advert]);
    expect(listSources(fold, { after: study, limit: 1 })).toEqual([post]);
    expect(listClaims(fold, { kind: 'main' })).toEqual([human, anecdote, boast]);
    expect(listClaims(fold, { kind: 'main', apart: false })).toEqual([human, anecdote]);
    expect(listClaims(fold, { tier: 'human' })).toEqual([human]);
    expect(listClaims(fold, { state: 'pending' })).toEqual([waiting]);
    expect(listClaims(fold, { state: ['accepted', 'amended'], effect: 'focus', direction: 'improves', compound: 'semax' })).toEqual([focus]);
    expect(listClaims(fold, { source: post, after: anecdote })).toEqual([focus, waiting]);
    expect(listClaims(fold, { source: 4711 })).toEqual([]);
    expect(listClaims(fold, { sourceKind: 'commercial' })).toEqual([boast]);
  });

  it('ranks claims: checked by a person, then the surest, then the oldest', () => {
    const chain = new Chain();
    const claims = [800_000, 950_000, 950_000, 700_000].map((confidence_ppm) => chain.claim(chain.source(), { confidence_ppm }));
    const [low, high, later, checked] = claims as [number, number, number, number];
    chain.review(checked);
    const waiting = chain.claim(chain.source(), { confidence_ppm: 990_000, flags: ['low_confidence'] });
    const fold = chain.fold();
    expect(rankClaims(fold, { state: 'accepted' }, 10)).toEqual([checked, high, later, low]);
    expect(rankClaims(fold, { state: 'accepted' }, 2)).toEqual([checked, high]);
    expect(rankClaims(fold, { state: 'pending' }, 10)).toEqual([waiting]);
    expect(rankClaims(fold, {}, 10)).toEqual([checked, waiting, high, later, low]);
  });

  it('knows every number by name and no other', () => {
    const { fold } = build();
    for (const name of NUMBER_NAMES) expect(listCounted(fold, name)).toBeInstanceOf(Array);
    expect(listCounted(fold, 'effects/semax/never/improves/human')).toEqual([]);
    for (const name of ['', 'sources', 'effects/a/b/c/d', '__proto__', 'effects/semax/focus']) {
      expect(() => listCounted(fold, name)).toThrow(expect.objectContaining({ code: 'unknown_number' }));
    }
  });
});
