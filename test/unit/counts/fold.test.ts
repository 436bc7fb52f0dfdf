import { describe, expect, it } from 'vitest';
import { countsOf, emptyFold, foldHeader, listCounted, listIgnored, stateOf } from '../../../src/counts/fold.ts';
import type { Platform } from '../../../src/model/labels.ts';
import { Chain } from './chain.ts';
import { must } from './must.ts';

const state = (chain: Chain, seq: number) => stateOf(chain.fold(), seq)?.state;

describe('kinds of sources', () => {
  it('takes the first kind that fits and adds up', () => {
    const chain = new Chain();
    chain.study({ platform: 'europepmc', document_type: 'review_article', commercial: 1 });
    chain.study({ platform: 'clinicaltrials', document_type: 'registry_record', tier: 'none' });
    chain.source({ commercial: 1 });
    chain.source({ flags: ['commercial'] });
    chain.source({ platform: 'reddit', document_type: 'question' });
    chain.source({ platform: 'x', document_type: 'primary_study' });
    chain.source({ platform: 'bluesky' });
    chain.source({ platform: 'web', document_type: 'second_hand_report' });
    // A page that looks like a study is no study unless read from a literature platform.
    chain.source({ platform: 'web', document_type: 'primary_study', tier: 'human' });
    expect(countsOf(chain.fold()).sources).toEqual({
      total: 9,
      scientific: 2,
      commercial: 2,
      reddit: 1,
      x: 1,
      other_anecdote: 2,
      web: 1,
      pending: 0,
    });
  });

  it.each<Platform>(['sms', 'whatsapp', 'paste'])('counts an accepted text sent in by %s as other anecdote', (platform) => {
    const chain = new Chain();
    const pasted = chain.source({ platform, document_type: 'opinion', flags: ['submitted'] });
    expect(countsOf(chain.fold()).sources).toMatchObject({ total: 0, pending: 1 });
    chain.review(pasted);
    expect(countsOf(chain.fold()).sources).toMatchObject({ total: 1, other_anecdote: 1, pending: 0 });
  });

  it('follows amended labels', () => {
    const chain = new Chain();
    const source = chain.source({ platform: 'web', flags: ['commercial'], commercial: 1 });
    chain.claim(source);
    chain.review(source, { decision: 'amend', commercial: 0, document_type: 'opinion' });
    const counts = countsOf(chain.fold());
    expect(counts.sources).toMatchObject({ commercial: 0, web: 1 });
    expect(counts.claims).toMatchObject({ total: 1, apart: { commercial: 0 } });
  });
});

describe('claims', () => {
  it('counts main claims by tier, and those of flagged sources apart, first reason first', () => {
    const chain = new Chain();
    chain.claim(chain.study(), { tier: 'human' });
    chain.claim(chain.source(), { tier: 'mechanistic' });
    chain.claim(chain.source({ flags: ['commercial', 'dosing', 'duplicate'] }));
    chain.claim(chain.source({ flags: ['dosing', 'duplicate'] }));
    const dosing = chain.source({ flags: ['dosing'] });
    chain.claim(dosing);
    chain.effect(dosing);
    chain.claim(chain.source(), { tier: 'none' });
    const counts = countsOf(chain.fold());
    expect(counts.claims).toEqual({
      total: 2,
      human: 1,
      preclinical: 0,
      anecdotal: 0,
      mechanistic: 1,
      speculative: 0,
      apart: { commercial: 1, duplicate: 1, dosing: 1 },
    });
    expect(counts.effects).toEqual([]);
  });

  it('counts effects by compound, effect, direction and tier, sorted', () => {
    const chain = new Chain();
    const source = chain.source();
    chain.effect(source, { effect: 'sleep', direction: 'no_effect' });
    chain.effect(source, { direction: 'worsens' });
    chain.effect(source);
    chain.effect(chain.source());
    const amended = chain.effect(source, { effect: 'other' });
    chain.review(amended, { decision: 'amend', effect: 'a/b%', direction: 'worsens' });
    const common = { compound: 'semax', tier: 'anecdotal' };
    expect(countsOf(chain.fold()).effects).toEqual([
      { ...common, effect: 'a/b%', direction: 'worsens', count: 1 },
      { ...common, effect: 'focus', direction: 'improves', count: 2 },
      { ...common, effect: 'focus', direction: 'worsens', count: 1 },
      { ...common, effect: 'sleep', direction: 'no_effect', count: 1 },
    ]);
    expect(listCounted(chain.fold(), 'effects/semax/a%2Fb%25/worsens/anecdotal')).toEqual([amended]);
  });

  it('keeps pending claims out of every other count, with their reasons and those of their source', () => {
    const chain = new Chain();
    const source = chain.source({ flags: ['injection'] });
    chain.claim(source, { flags: ['low_confidence', 'ungrounded'] });
    chain.claim(chain.source(), { flags: ['low_confidence'] });
    const counts = countsOf(chain.fold());
    expect(counts.low_confidence).toEqual({ claims: 2, reasons: { low_confidence: 2, ungrounded: 1, injection: 1 } });
    expect(counts.claims.total).toBe(0);
    expect(counts.sources).toMatchObject({ total: 1, pending: 1 });
    expect(counts.posts).toBe(2);
  });

  it('lets an amended source tier reach its main claim, unless the claim was amended itself', () => {
    const chain = new Chain();
    const source = chain.source();
    const main = chain.claim(source);
    const effect = chain.effect(source);
    chain.review(source, { decision: 'amend', tier: 'speculative' });
    expect(stateOf(chain.fold(), main)?.labels.tier).toBe('speculative');
    expect(stateOf(chain.fold(), effect)?.labels.tier).toBe('anecdotal');
    chain.review(main, { decision: 'amend', tier: 'mechanistic' });
    expect(countsOf(chain.fold()).claims).toMatchObject({ total: 1, mechanistic: 1 });
  });
});

describe('decisions', () => {
  it('accepts, amends and rejects by the last decision, and undo restores what was before', () => {
    const chain = new Chain();
    const source = chain.source({ flags: ['language'] });
    const claim = chain.claim(source, { flags: ['low_confidence'] });
    expect(state(chain, claim)).toBe('pending');
    const first = chain.review(claim, { decision: 'amend', tier: 'human' });
    expect(stateOf(chain.fold(), claim)).toMatchObject({
      state: 'amended',
      by: 'person',
      labels: { tier: 'human' },
      lastDecision: first,
      review: first,
    });
    const second = chain.review(claim, { decision: 'reject', expects: first });
    expect(stateOf(chain.fold(), claim)).toMatchObject({ state: 'rejected', reasons: ['review'] });
    const undo = chain.undo(second);
    expect(stateOf(chain.fold(), claim)).toMatchObject({ state: 'amended', lastDecision: undo, review: first });
    const undone = chain.undo(first);
    expect(stateOf(chain.fold(), claim)).toMatchObject({
      state: 'pending',
      by: 'machine',
      lastDecision: undone,
      labels: { tier: 'anecdotal' },
    });
    expect(stateOf(chain.fold(), claim)).not.toHaveProperty('review');
  });

  it('clears the flags of a source for its claims, not the flags of the claims', () => {
    const chain = new Chain();
    const source = chain.source({ flags: ['unreadable'] });
    const clean = chain.claim(source);
    const flagged = chain.effect(source, { flags: ['changed'] });
    chain.review(source);
    expect(state(chain, clean)).toBe('accepted');
    expect(stateOf(chain.fold(), flagged)).toMatchObject({ state: 'pending', reasons: ['changed'] });
  });

  it('rejects the claims of a rejected source, whatever was decided on them', () => {
    const chain = new Chain();
    const source = chain.source();
    const claim = chain.claim(source);
    chain.review(claim);
    const rejection = chain.review(source, { decision: 'reject' });
    expect(stateOf(chain.fold(), claim)).toMatchObject({ state: 'rejected', reasons: ['source_rejected'] });
    expect(countsOf(chain.fold()).set_aside).toMatchObject({ rejected_sources: 1, rejected_claims: 1 });
    chain.undo(rejection);
    expect(stateOf(chain.fold(), claim)).toMatchObject({ state: 'accepted', by: 'person' });
  });

  it('is not moved by second and audit reviews, nor do they make a decision stale', () => {
    const chain = new Chain();
    const claim = chain.claim(chain.source());
    chain.review(claim, { role: 'second', decision: 'reject' });
    chain.review(claim, { role: 'audit', decision: 'reject', expects: 99 });
    expect(stateOf(chain.fold(), claim)).toMatchObject({ state: 'accepted', by: 'machine', lastDecision: -1 });
    chain.review(claim, { role: 'adjudication', decision: 'reject' });
    expect(state(chain, claim)).toBe('rejected');
  });

  it('passes over what is stale, misdirected or badly amended, and says so', () => {
    const chain = new Chain();
    const source = chain.source();
    const claim = chain.claim(source);
    const first = chain.review(claim);
    const stale = chain.review(claim, { decision: 'reject' });
    const bad = chain.review(claim, { decision: 'amend', sentiment: 'negative', expects: first });
    const astray = chain.review(0, { decision: 'reject' });
    const nowhere = chain.review(999, { decision: 'reject' });
    const undo = chain.undo(first);
    const undoUndo = chain.undo(undo);
    const twice = chain.undo(first);
    const fold = chain.fold();
    expect(stateOf(fold, claim)).toMatchObject({ state: 'accepted', by: 'machine', lastDecision: undo });
    expect(listIgnored(fold)).toEqual([
      { seq: stale, code: 'stale_decision' },
      { seq: bad, code: 'bad_amendment' },
      { seq: astray, code: 'not_reviewable' },
      { seq: nowhere, code: 'unknown_ref' },
      { seq: undoUndo, code: 'not_reviewable' },
      { seq: twice, code: 'stale_decision' },
    ]);
  });
});

describe('set aside', () => {
  it('withholds and restores, and erases for good', () => {
    const chain = new Chain();
    const source = chain.source();
    const claim = chain.claim(source);
    chain.review(claim, { decision: 'amend', tier: 'speculative' });
    chain.withhold([source, claim], 'removed by moderator');
    expect(countsOf(chain.fold())).toMatchObject({
      posts: 0,
      claims: { total: 0 },
      set_aside: { withheld: 1, reasons: { 'removed by moderator': 1 } },
    });
    chain.restore([source, claim]);
    expect(countsOf(chain.fold())).toMatchObject({ claims: { speculative: 1 }, set_aside: { withheld: 0, reasons: {} } });
    chain.tombstone([source, claim], 'request');
    chain.restore([source, claim]);
    expect(state(chain, claim)).toBe('erased');
    expect(countsOf(chain.fold())).toMatchObject({
      sources: { total: 0 },
      claims: { total: 0 },
      set_aside: { erased: 1, reasons: { request: 1 } },
    });
  });

  it('takes a source with its claims even where the refs name the source alone', () => {
    const chain = new Chain();
    const source = chain.source();
    const claim = chain.claim(source);
    chain.tombstone([source]);
    expect(state(chain, claim)).toBe('erased');
  });

  it('survives a reason called __proto__', () => {
    const chain = new Chain();
    chain.withhold([chain.source()], '__proto__');
    expect(JSON.stringify(countsOf(chain.fold()).set_aside.reasons)).toBe('{"__proto__":1}');
  });

  it('takes retracted papers out, shows errata, and keeps a paper annotated anew out', () => {
    const chain = new Chain();
    const erratum = chain.study();
    chain.notice(erratum, 'erratum');
    const retracted = chain.study();
    chain.claim(retracted, { tier: 'human' });
    expect(countsOf(chain.fold()).claims.human).toBe(1);
    chain.notice(retracted, 'retraction');
    expect(countsOf(chain.fold())).toMatchObject({
      sources: { scientific: 1 },
      claims: { human: 0 },
      set_aside: { noticed: 1 },
      grade: { value: 'none' },
    });
    expect(stateOf(chain.fold(), erratum)).toMatchObject({ state: 'accepted', notices: [{ kind: 'erratum' }] });
    const again = chain.study({ supersedes: retracted });
    expect(state(chain, again)).toBe('noticed');
    expect(state(chain, retracted)).toBe('superseded');
  });
});

describe('revisions and annotators', () => {
  it('counts the newest revision only, whatever becomes of it', () => {
    const chain = new Chain();
    const first = chain.source();
    chain.claim(first);
    const second = chain.source({ supersedes: first });
    chain.claim(second, { tier: 'mechanistic' });
    expect(countsOf(chain.fold())).toMatchObject({ posts: 1, claims: { total: 1, mechanistic: 1 }, set_aside: { superseded: 1 } });
    chain.review(second, { decision: 'reject' });
    expect(state(chain, first)).toBe('superseded');
  });

  it('switches at the entry that adopts the annotator', () => {
    const chain = new Chain();
    const [a1, b1] = [chain.source(), chain.source()];
    const a2 = chain.source({ supersedes: a1, annotator: 'embedded-b', document_type: 'opinion', commercial: 1 });
    const fresh = chain.source({ annotator: 'embedded-b', platform: 'x' });
    expect([a1, b1, a2, fresh].map((seq) => state(chain, seq))).toEqual(['accepted', 'accepted', 'not_adopted', 'not_adopted']);
    expect(countsOf(chain.fold())).toMatchObject({ sources: { total: 2, reddit: 2 }, set_aside: { not_adopted: 2 } });
    chain.annotator('embedded-b');
    expect([a1, b1, a2, fresh].map((seq) => state(chain, seq))).toEqual(['superseded', 'accepted', 'accepted', 'accepted']);
    expect(countsOf(chain.fold())).toMatchObject({
      sources: { total: 3, reddit: 1, commercial: 1, x: 1 },
      set_aside: { superseded: 1, not_adopted: 0 },
    });
  });

  it('keeps an edit by the adopted annotator over a waiting source, also after its adoption', () => {
    const chain = new Chain();
    const first = chain.source();
    const shadow = chain.source({ supersedes: first, annotator: 'embedded-b' });
    const edit = chain.source({ supersedes: shadow });
    expect([first, shadow, edit].map((seq) => state(chain, seq))).toEqual(['superseded', 'superseded', 'accepted']);
    chain.annotator('embedded-b');
    expect([first, shadow, edit].map((seq) => state(chain, seq))).toEqual(['superseded', 'superseded', 'accepted']);
  });

  it('counts sources only once their annotator is adopted, be it later', () => {
    const chain = new Chain(null);
    chain.claim(chain.source());
    expect(countsOf(chain.fold()).sources.total).toBe(0);
    chain.annotator('embedded-a');
    expect(countsOf(chain.fold())).toMatchObject({ sources: { total: 1 }, claims: { total: 1 } });
  });
});

describe('distinct things', () => {
  it('counts threads and experiences once, and links experiences', () => {
    const chain = new Chain();
    const first = chain.source();
    chain.source({ thread: first, flags: ['low_confidence'] });
    const third = chain.source({ thread: first, experience: first });
    const fourth = chain.source();
    expect(countsOf(chain.fold())).toMatchObject({ posts: 4, threads: 2, experiences: 3 });
    chain.link(third, fourth);
    chain.link(fourth, first);
    expect(countsOf(chain.fold())).toMatchObject({ posts: 4, threads: 2, experiences: 2 });
    chain.tombstone([first, third]);
    expect(countsOf(chain.fold())).toMatchObject({ posts: 2, experiences: 2 });
  });

  it('counts questions that are still there', () => {
    const chain = new Chain();
    const asked = chain.question();
    chain.question();
    chain.withhold([asked]);
    expect(countsOf(chain.fold()).questions).toBe(1);
    chain.restore([asked]);
    expect(countsOf(chain.fold()).questions).toBe(2);
    chain.tombstone([asked]);
    expect(listCounted(chain.fold(), 'questions')).toHaveLength(1);
  });
});

describe('order of the chain', () => {
  it('refuses gaps, repeats and other topics, and is unchanged by them', () => {
    const chain = new Chain();
    chain.source();
    const [first, second] = [must(chain.headers[0]), must(chain.headers[1])];
    const fold = emptyFold();
    foldHeader(fold, first);
    expect(() => foldHeader(fold, first)).toThrow(expect.objectContaining({ code: 'sequence_gap' }));
    expect(() => foldHeader(fold, { ...second, seq: 2 })).toThrow(expect.objectContaining({ code: 'sequence_gap' }));
    expect(() => foldHeader(fold, { ...second, topic: 'selank' })).toThrow(expect.objectContaining({ code: 'topic_mismatch' }));
    foldHeader(fold, second);
    expect(countsOf(fold).sources.total).toBe(1);
  });

  it('lists entries that point nowhere', () => {
    const chain = new Chain();
    chain.claim(77);
    chain.notice(77);
    chain.link(77, 78);
    chain.tombstone([77]);
    chain.source({ supersedes: 77 });
    expect(listIgnored(chain.fold()).map(({ code }) => code)).toEqual(['unknown_source', 'unknown_ref', 'unknown_ref', 'unknown_ref', 'unknown_ref']);
    expect(countsOf(chain.fold()).sources.total).toBe(1);
  });
});
