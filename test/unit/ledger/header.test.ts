import { describe, expect, it } from 'vitest';
import { headerSchema } from '../../../src/ledger/header.ts';

const claim = {
  v: 1,
  topic: 'semax',
  seq: 2,
  day: '2026-01-02',
  type: 'claim',
  commitment: 'a'.repeat(64),
  source: 1,
  kind: 'main',
  compound: 'semax',
  effect: 'none',
  direction: 'none',
  tier: 'anecdotal',
  confidence_ppm: 1,
  flags: ['low_confidence', 'ungrounded'],
  annotator: 'embedded-00000001',
};

describe('a header', () => {
  it('is read when it is exactly right', () => {
    expect(headerSchema.parse(claim)).toEqual(claim);
  });

  it.each<[string, object]>([
    ['an unknown key', { note: 'x' }],
    ['another version', { v: 2 }],
    ['an unknown type', { type: 'rumour' }],
    ['null', { source: null }],
    ['a fraction', { confidence_ppm: 0.5 }],
    ['more than one million ppm', { confidence_ppm: 1_000_001 }],
    ['an unknown flag', { flags: ['nice'] }],
    ['flags out of order', { flags: ['ungrounded', 'low_confidence'] }],
    ['a flag twice', { flags: ['ungrounded', 'ungrounded'] }],
    ['an upper-case hash', { commitment: 'A'.repeat(64) }],
    ['a day that does not exist', { day: '2026-02-30' }],
    ['a negative seq', { seq: -1 }],
    ['a missing key', { effect: undefined }],
  ])('is refused for %s', (_name, change) => {
    expect(headerSchema.safeParse({ ...claim, ...change }).success).toBe(false);
  });

  it('never names an off-topic source, and keeps record ids in one form', () => {
    const source = {
      v: 1,
      topic: 'semax',
      seq: 1,
      day: '2026-01-02',
      type: 'source',
      commitment: 'a'.repeat(64),
      number: 1,
      platform: 'pubmed',
      document_type: 'primary_study',
      tier: 'human',
      sentiment: 'neutral',
      study_design: 'rct',
      language: 'en',
      first_person: 0,
      commercial: 0,
      confidence_ppm: 1,
      flags: [],
      annotator: 'embedded-00000001',
      thread: 1,
      experience: 1,
      record: 'pmid:123',
    };
    expect(headerSchema.safeParse(source).success).toBe(true);
    for (const change of [{ document_type: 'off_topic' }, { record: 'PMID:123' }, { record: 'nct:NCT1' }, { first_person: true }, { number: 0 }]) {
      expect(headerSchema.safeParse({ ...source, ...change }).success, JSON.stringify(change)).toBe(false);
    }
  });
});
