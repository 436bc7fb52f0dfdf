/** A summary states nothing without a claim: built of labels, the compound and the effects of the claims alone, and take a claim away, its effect goes too. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EffectClaim } from '../../src/annotators/embedded/claims.ts';
import { parseLexicon, readLexiconTexts } from '../../src/annotators/embedded/lexicon.ts';
import { type SummaryParts, summarize } from '../../src/annotators/embedded/summary.ts';
import { DOSE_MASK, maskDoses } from '../../src/normalize/mask-doses.ts';
import { DOCUMENT_TYPES, EVIDENCE_TIERS, SENTIMENTS } from '../../src/model/labels.ts';

const { effects } = parseLexicon(await readLexiconTexts());
const ids = [...effects.values()].map((effect) => effect.id);

const claim = fc.record({
  effect: fc.constantFrom(...ids, 'overall'),
  direction: fc.constantFrom('improves' as const, 'worsens' as const, 'no_effect' as const),
  outside: fc.boolean(),
  effectText: fc.string({ maxLength: 30 }),
});
const made: fc.Arbitrary<SummaryParts> = fc.record({
  type: fc.constantFrom(...DOCUMENT_TYPES),
  tier: fc.constantFrom(...EVIDENCE_TIERS),
  sentiment: fc.constantFrom(...SENTIMENTS),
  compound: fc.constantFrom('Semax', 'BPC-157'),
  claims: fc.array(
    claim.map((given): EffectClaim => ({ ...given, compound: 'Semax', score: 0.9, quote: { start: 0, end: 1 } })),
    { maxLength: 8 },
  ),
  uncertain: fc.boolean(),
});

function names(summary: string, effect: string): boolean {
  return new RegExp(`(?<![\\w-])${effect.replaceAll('-', ' ')}(?![\\w-])`, 'u').test(summary);
}

/** Words that a summary has without any claim, and those of a frame around effects. */
function wordsOfFrame(parts: SummaryParts): Set<string> {
  const frame =
    'reports that with improved and it worked overall got worse or appeared things there was no effect on nothing changed measured in people animals cells argued from mechanism stated without support A text passing on research study news item registry lists review article reference seller claims guide asks mentions holds person passes other people’s experience trial says';
  return new Set(`${summarize({ ...parts, claims: [] })} ${frame}`.toLowerCase().match(/[\p{L}\p{N}’]+/gu) ?? []);
}

describe('a summary', () => {
  it('is made of labels, the compound and the effects of the claims', () => {
    fc.assert(
      fc.property(made, (parts) => {
        const summary = summarize(parts);
        const allowed = wordsOfFrame(parts);
        for (const { effect } of parts.claims) for (const word of effect.split('-')) allowed.add(word);
        expect((summary.toLowerCase().match(/[\p{L}\p{N}’]+/gu) ?? []).filter((word) => !allowed.has(word))).toEqual([]);
        expect(summary.length).toBeLessThanOrEqual(240);
        expect(maskDoses(summary)).toBe(summary);
      }),
      { numRuns: 500 },
    );
  });
  it('loses the effect with the claim', () => {
    fc.assert(
      fc.property(made, fc.nat(), (parts, at) => {
        const gone = parts.claims[at % Math.max(1, parts.claims.length)]?.effect ?? 'overall';
        const summary = summarize({ ...parts, claims: parts.claims.filter(({ effect }) => effect !== gone) });
        const others = parts.claims.some(({ effect }) => effect !== gone && effect.includes(gone));
        if (gone !== 'overall' && !others && !names(summarize({ ...parts, claims: [] }), gone)) expect(names(summary, gone)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
  it('names no effect of another compound', () => {
    const outside: EffectClaim = {
      compound: 'Selank',
      outside: true,
      effect: 'sleep',
      effectText: 'sleep',
      direction: 'improves',
      score: 1,
      quote: { start: 0, end: 1 },
    };
    const parts = { type: 'first_person_report', tier: 'anecdotal', sentiment: 'positive', compound: 'Semax' } as const;
    expect(summarize({ ...parts, claims: [outside] })).toBe('A person reports using Semax without stating an effect.');
    expect(summarize({ ...parts, claims: [{ ...outside, outside: false }] })).toBe('A person reports that with Semax sleep improved.');
  });
  it('says where effects are told that are not sure, and does not name them', () => {
    const parts = { type: 'first_person_report', tier: 'anecdotal', sentiment: 'positive', compound: 'Semax', claims: [] } as const;
    expect(summarize({ ...parts, uncertain: true })).toBe('A person reports using Semax; the effects told could not be read with certainty.');
  });
  it('shows no dose that came with the name', () => {
    expect(summarize({ type: 'question', tier: 'none', sentiment: 'neutral', compound: 'Semax 300 mcg twice daily', claims: [] })).toBe(
      `A question about Semax ${DOSE_MASK}.`,
    );
  });
});
