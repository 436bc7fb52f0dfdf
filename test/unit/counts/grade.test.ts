import { describe, expect, it } from 'vitest';
import { countsOf } from '../../../src/counts/fold.ts';
import { gradeEvidence } from '../../../src/counts/grade.ts';
import { Chain } from './chain.ts';

describe('evidence grade', () => {
  it.each([
    [0, 0, 0, 'none'],
    [0, 0, 9, 'preclinical only'],
    [1, 0, 0, 'limited human'],
    [2, 2, 5, 'limited human'],
    [9, 0, 5, 'limited human'],
    [3, 1, 0, 'human'],
  ] as const)('%i in people, %i strong, %i preclinical: %s', (human, strong, preclinical, value) => {
    expect(gradeEvidence({ human, strong, preclinical }).value).toBe(value);
  });

  it('prints the rule with the numbers it was applied to', () => {
    expect(gradeEvidence({ human: 2, strong: 1, preclinical: 4 }).rule).toMatch(
      /at least 3 .* Here: 2 in people \(1 of these designs\), 4 in animals or cells\.$/,
    );
  });

  it('counts distinct studies: one source with three claims, or one record twice, is one study', () => {
    const chain = new Chain();
    const once = chain.study({ record: 'pmid:1' });
    for (let i = 0; i < 3; i += 1) chain.claim(once, { tier: 'human' });
    chain.claim(chain.study({ platform: 'europepmc', record: 'pmid:1' }), { tier: 'human' });
    chain.claim(chain.study({ record: 'pmid:2', study_design: 'observational' }), { tier: 'human' });
    expect(countsOf(chain.fold()).grade.value).toBe('limited human');
    chain.claim(chain.study({ record: 'pmid:3', study_design: 'case_report' }), { tier: 'human' });
    expect(countsOf(chain.fold()).grade.value).toBe('human');
  });

  it('does not count human-tier claims of posts, pages or adverts', () => {
    const chain = new Chain();
    for (const platform of ['reddit', 'x', 'web'] as const) chain.claim(chain.source({ platform, document_type: 'study_relay' }), { tier: 'human' });
    chain.claim(chain.study({ flags: ['commercial'] }), { tier: 'human' });
    expect(countsOf(chain.fold())).toMatchObject({ claims: { human: 3 }, grade: { value: 'none' } });
  });

  it('leaves registry records without results out of the studies', () => {
    const chain = new Chain();
    chain.study({ platform: 'clinicaltrials', document_type: 'registry_record', tier: 'none' });
    chain.study({ platform: 'clinicaltrials', document_type: 'registry_record', tier: 'human' });
    const counts = countsOf(chain.fold());
    expect(counts.sources.scientific).toBe(2);
    expect(counts.confidence.terms.at(-1)).toMatchObject({ name: 'studies', count: 1 });
  });
});
