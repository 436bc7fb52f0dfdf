import { describe, expect, it } from 'vitest';
import { bundledNames } from '../../../src/annotators/embedded/bundled.ts';
import { collectEffectClaims } from '../../../src/annotators/embedded/claims.ts';
import { findEffectCandidates, type EffectDirection } from '../../../src/annotators/embedded/effect-candidates.ts';
import { parseLexicon, readLexiconTexts } from '../../../src/annotators/embedded/lexicon.ts';
import { readPost } from '../../../src/annotators/embedded/reading.ts';

const lexicon = parseLexicon(await readLexiconTexts());
const names = bundledNames(lexicon, ['Semax']);

function read(text: string): ReturnType<typeof readPost> {
  return readPost({ id: 'test', platform: 'reddit', text }, { lexicon, names });
}

/** `sleepiness more`, `overall no_effect` ... of every place that may state an effect. */
function candidatesOf(text: string): string[] {
  return findEffectCandidates(read(text), lexicon).map(({ effect, wording, patternDirections }) =>
    effect ? `${effect.id} ${wording}` : `overall ${patternDirections.join(' ')}`,
  );
}

/** Effects of the claims when every candidate is one, in the given direction. */
function claimsOf(text: string, direction: EffectDirection): string[] {
  const reading = read(text);
  const scored = findEffectCandidates(reading, lexicon).map((candidate) => ({ candidate, direction, score: 0.9, claim: 0.9 }));
  return collectEffectClaims(reading, scored, 'semax').map(({ effect }) => effect);
}

describe('places that may state an effect', () => {
  it.each([
    ['Half a pill knocks me out', 'sleepiness more'],
    ['I slept like a baby', 'sleep more'],
    ["I couldn't sit still", 'overstimulation more'],
    ['I have lost about 12 lbs', 'weight-loss more'],
    ['I am eating less', 'appetite less'],
    ['It lost its magic', 'tolerance more'],
    ['Nothing but a disappointment', 'overall no_effect'],
    ['It takes the edge off', 'overall improves'],
    ["I didn't do well on it", 'overall worsens'],
  ])('%s: %s', (text, candidate) => {
    expect(candidatesOf(text)).toContain(candidate);
  });
  it.each(['I had a hard time waking him', 'Most people get more out of it than I do'])('not an outcome: %s', (text) => {
    expect(candidatesOf(text)).toEqual([]);
  });
});

describe('one effect, one claim', () => {
  it('side effects that are named are not counted again as side effects', () => {
    expect(claimsOf('The side effects were nausea and a headache.', 'worsens')).toEqual(['nausea', 'headache']);
  });
  it('side effects that nobody names stay a claim', () => {
    expect(claimsOf('Semax gave me side effects.', 'worsens')).toEqual(['side-effects']);
    expect(claimsOf('The side effects were odd. Later there was nausea.', 'worsens')).toEqual(['side-effects', 'nausea']);
  });
  it('side effects that are denied stay a claim beside what else is denied', () => {
    expect(claimsOf('No side effects, no nausea.', 'no_effect')).toEqual(['side-effects', 'nausea']);
  });
});
