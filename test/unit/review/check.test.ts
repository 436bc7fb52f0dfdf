import { describe, expect, it } from 'vitest';
import { checkReview, checkUndo, type ReviewDraft } from '../../../src/review/check.ts';
import { Chain } from '../counts/chain.ts';

function draft(ref: number, extra: Partial<ReviewDraft> = {}): ReviewDraft {
  return { ref, role: 'primary', decision: 'accept', expects: -1, ...extra };
}
const code = (expected: string) => expect.objectContaining({ name: 'InvalidInputError', code: expected });

describe('checkReview', () => {
  it('passes what takes effect', () => {
    const chain = new Chain();
    const source = chain.source();
    const main = chain.claim(source);
    const effect = chain.effect(source);
    const first = chain.review(main);
    const fold = chain.fold();
    checkReview(fold, draft(source, { decision: 'amend', document_type: 'opinion', commercial: 1 }));
    checkReview(fold, draft(main, { decision: 'reject', expects: first }));
    checkReview(fold, draft(main, { decision: 'amend', tier: 'none', expects: first, role: 'adjudication' }));
    checkReview(fold, draft(effect, { decision: 'amend', effect: 'sleep', direction: 'worsens', compound: 'selank' }));
    checkReview(fold, draft(main, { role: 'second', decision: 'reject', expects: -1 }));
  });

  it('refuses what is not there or cannot be decided on', () => {
    const chain = new Chain();
    const [gone, hidden, old] = [chain.source(), chain.source(), chain.source()];
    const claim = chain.claim(gone);
    chain.tombstone([gone]);
    chain.withhold([hidden]);
    const edited = chain.source({ supersedes: old });
    const fold = chain.fold();
    expect(() => checkReview(fold, draft(chain.headers.length))).toThrow(code('unknown_ref'));
    for (const ref of [0, gone, claim, hidden, old]) expect(() => checkReview(fold, draft(ref, { expects: 5 }))).toThrow(code('not_reviewable'));
    checkReview(fold, draft(edited));
  });

  it('lets a decision be carried over to a source whose annotator is not adopted yet', () => {
    const chain = new Chain();
    const shadow = chain.source({ supersedes: chain.source(), annotator: 'embedded-b' });
    const claim = chain.claim(shadow);
    checkReview(chain.fold(), draft(claim));
  });

  it('refuses a decision that does not know the last one', () => {
    const chain = new Chain();
    const claim = chain.claim(chain.source());
    const first = chain.review(claim);
    const undo = chain.undo(first);
    const fold = chain.fold();
    for (const expects of [-1, first, 99]) expect(() => checkReview(fold, draft(claim, { expects }))).toThrow(code('stale_decision'));
    checkReview(fold, draft(claim, { expects: undo }));
  });

  it.each([
    ['no label', {}],
    ['a label of sources on a claim', { sentiment: 'negative' }],
    ['an effect on a main claim', { effect: 'sleep' }],
    ['a direction on a main claim', { direction: 'worsens' }],
  ] as const)('refuses an amendment with %s', (_, labels) => {
    const chain = new Chain();
    const claim = chain.claim(chain.source());
    expect(() => checkReview(chain.fold(), draft(claim, { decision: 'amend', ...labels }))).toThrow(code('bad_amendment'));
  });

  it('refuses labels of claims on a source, an effect claim without direction, and labels beside an accept', () => {
    const chain = new Chain();
    const source = chain.source();
    const effect = chain.effect(source);
    const fold = chain.fold();
    expect(() => checkReview(fold, draft(source, { decision: 'amend', direction: 'worsens' }))).toThrow(code('bad_amendment'));
    expect(() => checkReview(fold, draft(effect, { decision: 'amend', direction: 'none' }))).toThrow(code('bad_amendment'));
    expect(() => checkReview(fold, draft(source, { decision: 'accept', tier: 'human' }))).toThrow(code('bad_amendment'));
    expect(() => checkReview(fold, draft(source, { decision: 'amend', direction: 'worsens', role: 'audit' }))).toThrow(code('bad_amendment'));
  });
});

describe('checkUndo', () => {
  it('passes the review in force and nothing else', () => {
    const chain = new Chain();
    const claim = chain.claim(chain.source());
    const first = chain.review(claim);
    const second = chain.review(claim, { decision: 'reject', expects: first });
    const audit = chain.review(claim, { role: 'audit', decision: 'reject' });
    checkUndo(chain.fold(), { ref: second });
    expect(() => checkUndo(chain.fold(), { ref: first })).toThrow(code('stale_decision'));
    expect(() => checkUndo(chain.fold(), { ref: audit })).toThrow(code('stale_decision'));
    expect(() => checkUndo(chain.fold(), { ref: claim })).toThrow(code('not_reviewable'));
    expect(() => checkUndo(chain.fold(), { ref: 999 })).toThrow(code('unknown_ref'));
    const undo = chain.undo(second);
    checkUndo(chain.fold(), { ref: first });
    expect(() => checkUndo(chain.fold(), { ref: undo })).toThrow(code('not_reviewable'));
  });
});
