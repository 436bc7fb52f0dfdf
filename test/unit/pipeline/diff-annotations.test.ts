/** What two annotators say of one text, compared. */
import { describe, expect, it } from 'vitest';
import type { Annotation, Claim } from '../../../src/model/annotation.ts';
import { countFlags, countStanding, listClaimChanges, listFlips } from '../../../src/pipeline/diff-annotations.ts';

function claim(effect: string, start: number, over: Partial<Claim> = {}): Claim {
  const quote = 'x'.repeat(20);
  const base = { kind: 'effect', compound: 'Semax', effect, effect_text: effect, direction: 'improves', tier: 'anecdotal', confidence: 0.9 } as const;
  return { ...base, quote, start, end: start + 20, flags: [], ...over };
}

function annotation(over: Partial<Annotation> = {}): Annotation {
  const confidence = { document_type: 0.9, evidence_tier: 0.9, sentiment: 0.9, overall: 0.9 };
  return {
    ...{ id: 'p', language: 'en', document_type: 'first_person_report', evidence_tier: 'anecdotal', sentiment: 'positive', study_design: 'none' },
    ...{ first_person_use: true, commercial_interest: false, confidence, flags: [], summary: '', claims: [], annotator: 'embedded-00000001' },
    ...over,
  };
}

describe('flips', () => {
  it('are the labels that differ', () => {
    expect(listFlips({ before: annotation(), after: annotation({ annotator: 'embedded-00000002' }) })).toEqual([]);
    expect(listFlips({ before: annotation(), after: annotation({ sentiment: 'mixed', first_person_use: false }) })).toEqual([
      { label: 'sentiment', from: 'positive', to: 'mixed' },
      { label: 'first_person_use', from: 'true', to: 'false' },
    ]);
  });

  it('are of the document type alone where one of the two drops the text', () => {
    expect(listFlips({ before: annotation(), after: undefined })).toEqual([{ label: 'document_type', from: 'first_person_report', to: 'off_topic' }]);
    expect(listFlips({ before: undefined, after: undefined })).toEqual([]);
  });
});

describe('effect claims', () => {
  it('are gained, lost or turned round; a quote that moved a little is the same claim', () => {
    const before = annotation({ claims: [claim('focus', 0), claim('sleep', 40), claim('mood', 80)] });
    const after = annotation({ claims: [claim('focus', 5), claim('sleep', 40, { direction: 'worsens' }), claim('memory', 80)] });
    const changes = listClaimChanges({ before, after }).map(({ change, claim: { effect }, from }) => [change, effect, from]);
    expect(changes).toEqual([
      ['changed_direction', 'sleep', 'improves'],
      ['gained', 'memory', undefined],
      ['lost', 'mood', undefined],
    ]);
  });

  it('are matched one to one, and main claims are none', () => {
    const twice = annotation({ claims: [claim('focus', 0), claim('focus', 100), claim('none', 0, { kind: 'main', direction: 'none' })] });
    const once = annotation({ claims: [claim('focus', 0)] });
    expect(listClaimChanges({ before: once, after: twice }).map(({ change, claim: { start } }) => [change, start])).toEqual([['gained', 100]]);
    expect(listClaimChanges({ before: twice, after: undefined }).map(({ change }) => change)).toEqual(['lost', 'lost']);
  });
});

describe('standing and flags', () => {
  it('a waiting flag of the source holds back all its claims, a claim its own only', () => {
    const claims = [claim('focus', 0), claim('sleep', 40, { flags: ['low_confidence'] })];
    expect(countStanding(annotation({ claims }))).toEqual({ accepted: 1, pending: 1 });
    expect(countStanding(annotation({ claims, flags: ['injection'] }))).toEqual({ accepted: 0, pending: 2 });
    expect(countStanding(annotation({ claims, flags: ['dosing'] }))).toEqual({ accepted: 1, pending: 1 });
    expect(countFlags(annotation({ claims, flags: ['low_confidence'] }))).toEqual(new Map([['low_confidence', 2]]));
    expect(countStanding(undefined)).toEqual({ accepted: 0, pending: 0 });
  });
});
