/** What a text can carry of a model's labels. */
import { describe, expect, it } from 'vitest';
import { answerJsonSchema, type Answer, answerSchema, readAnswer } from '../../../src/annotators/llm/answer.ts';
import { checkAnswer } from '../../../src/annotators/llm/check.ts';
import type { AnnotateInput } from '../../../src/model/post.ts';

const EFFECTS = ['focus', 'overall', 'other'];
const ANSWER: Answer = {
  document_type: 'primary_study',
  evidence_tier: 'human',
  sentiment: 'positive',
  study_design: 'rct',
  first_person_use: false,
  commercial_interest: false,
  certainty: 'high',
  main: { compound: 'Semax', quote: '' },
  effects: [],
};

function check(changes: Partial<Answer>, input: Partial<AnnotateInput>) {
  const text = input.text ?? 'Semax is fine.';
  const scope = { compounds: [{ id: 'semax', name: 'Semax', aliases: [] }], lookalikes: [] };
  return checkAnswer({ ...ANSWER, ...changes }, { input: { id: '1', platform: 'web', ...input, text }, scope, names: ['Semax'], quotable: text });
}

describe('checkAnswer', () => {
  it('takes a study for one where the text speaks of whom it measured', () => {
    const checked = check({}, { text: 'We gave Semax or placebo to 40 healthy volunteers in a randomized trial.' });
    expect(checked).toMatchObject({ document_type: 'primary_study', evidence_tier: 'human', study_design: 'rct', lowered: false });
  });
  it('lowers what the text cannot carry', () => {
    expect(check({}, {})).toMatchObject({ evidence_tier: 'speculative', lowered: true });
    expect(check({ document_type: 'first_person_report' }, {})).toMatchObject({ evidence_tier: 'anecdotal', study_design: 'none', lowered: true });
    expect(check({ document_type: 'question' }, { text: 'Did patients get better on Semax?' })).toMatchObject({ evidence_tier: 'speculative', lowered: true });
    expect(check({ document_type: 'registry_record', evidence_tier: 'none' }, {})).toMatchObject({ lowered: true });
  });
  it('puts a record’s metadata before the model', () => {
    const record = { pmid: '1', publication_types: ['Journal Article'], mesh: ['Animals', 'Rats, Wistar'] };
    expect(check({}, { platform: 'pubmed', text: 'Semax improved maze performance of rats.', record })).toMatchObject({
      evidence_tier: 'preclinical',
      study_design: 'animal',
      lowered: false,
    });
    expect(check({ document_type: 'opinion' }, { platform: 'clinicaltrials', text: 'A trial of Semax.' })).toMatchObject({
      document_type: 'registry_record',
      evidence_tier: 'none',
      study_design: 'registry',
    });
  });
  it('leaves nothing of a text that is about something else', () => {
    const effects: Answer['effects'] = [{ compound: 'Semax', effect: 'focus', effect_text: '', direction: 'improves', quote: 'Semax is fine.' }];
    expect(check({ document_type: 'off_topic', first_person_use: true, effects }, {})).toMatchObject({
      evidence_tier: 'none',
      study_design: 'none',
      first_person_use: false,
      effects: [],
    });
  });
  it('takes neither a scrap nor half a page for a quote', () => {
    const text = `Semax is ${'very '.repeat(80)}good.`;
    const quoteOf = (quote: string) => check({ main: { compound: 'Semax', quote } }, { text }).main.quote;
    expect(quoteOf('is')).toBeNull();
    expect(quoteOf(text)).toBeNull();
    expect(quoteOf('Semax is very')).toEqual({ start: 0, end: 13 });
    expect(check({ main: { compound: 'Semax', quote: 'Meh.' } }, { text: 'Meh.' }).main.quote).toEqual({ start: 0, end: 4 });
  });
  it('says each claim once', () => {
    const claim = { compound: 'Semax', effect: 'focus', effect_text: 'fine', direction: 'improves', quote: 'Semax is fine.' } as const;
    expect(check({ effects: [claim, { ...claim, compound: 'semax' }, { ...claim, direction: 'worsens' }] }, {}).effects).toHaveLength(2);
  });
});

describe('the two schemas of an answer', () => {
  it('have the same keys, all of them required, and the same values', () => {
    const { properties, required } = answerJsonSchema(EFFECTS) as { properties: Record<string, { enum?: string[] }>; required: string[] };
    const { shape } = answerSchema(EFFECTS);
    expect(Object.keys(properties).sort()).toEqual(Object.keys(shape).sort());
    expect([...required].sort()).toEqual(Object.keys(shape).sort());
    for (const key of ['document_type', 'evidence_tier', 'sentiment', 'study_design', 'certainty'] as const)
      expect(properties[key]?.enum).toEqual(shape[key].options);
  });
  it('refuses more than forty effects', () => {
    const effects = Array.from({ length: 41 }, () => ({ compound: '', effect: 'focus', effect_text: '', direction: 'improves', quote: '' }));
    expect(readAnswer(JSON.stringify({ ...ANSWER, effects }), answerSchema(EFFECTS))).toHaveProperty('problem');
  });
});
