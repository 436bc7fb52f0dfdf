/** Made-up appends for the bench: reports in the lengths of real posts, each a source with a main and an effect claim. */
import { createHash } from 'node:crypto';
import type { AppendRequest, SourceRequest } from '../../src/ledger/request.ts';

export const ANNOTATOR: AppendRequest = { type: 'annotator', annotator: 'embedded-bench001', kind: 'embedded', digest: 'b'.repeat(64) };

/** Entries that one report makes. */
export const ENTRIES_PER_REPORT = 3;

const SENTENCES = [
  'I have been taking it for three weeks now and my focus improved a lot.',
  'Before that I slept badly and could hardly read a page without drifting off.',
  'The headaches on the first two days went away by themselves.',
  'My doctor knows about it, the blood work in between was unremarkable.',
  'It did nothing at all for my mood, which is what I had hoped for.',
  'Your mileage may vary, I have been at this for a long time.',
];

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The `index`-th report, always the same one, of 180 to 430 characters. With `bands` it is compared with the texts before it, as texts of that length are. */
export function makeReport(index: number, { bands }: { readonly bands: boolean }): SourceRequest {
  const text = `${Array.from({ length: 3 + (index % 4) }, (_, place) => SENTENCES[(index + place * 5) % SENTENCES.length]).join(' ')} (${index})`;
  const hash = digest(`report:${index}`);
  const claim = { statement: 'A person reports better focus.', quote: text.slice(0, 70), start: 0, end: 70 };
  return {
    type: 'source',
    key: digest(`source:${index}`),
    postKey: digest(`post:${index}`),
    revisionId: index,
    labels: {
      platform: 'reddit',
      document_type: 'first_person_report',
      tier: 'anecdotal',
      sentiment: 'positive',
      study_design: 'none',
      language: 'en',
      first_person: 1,
      commercial: 0,
      confidence_ppm: 900_000 + (index % 1000),
      flags: [],
      annotator: 'embedded-bench001',
    },
    threadKey: digest(`thread:${Math.floor(index / 40)}`),
    authorKey: digest(`author:${index}`),
    textDigest: digest(text),
    ...(bands ? { signature: Buffer.concat(Array.from({ length: 8 }, (_, place) => digest(`${index}:${place}`))) } : {}),
    bands: bands ? Array.from({ length: 16 }, (_, place) => (hash.readBigInt64LE(place) >> 1n) ^ BigInt(place)) : [],
    content: {
      native_id: `t1_${index.toString(36)}`,
      text,
      summary: 'A person reports better focus; headaches at first.',
      url: `https://www.reddit.com/r/Nootropics/comments/${index.toString(36)}/`,
      created_at: '2026-02-27T18:04:00Z',
      capture_sha256: hash.toString('hex'),
    },
    claims: [
      {
        kind: 'main',
        compound: 'semax',
        effect: 'none',
        direction: 'none',
        tier: 'anecdotal',
        confidencePpm: 900_000,
        flags: [],
        content: { ...claim, effect_text: '' },
      },
      {
        kind: 'effect',
        compound: 'semax',
        effect: 'focus',
        direction: 'improves',
        tier: 'anecdotal',
        confidencePpm: 900_000,
        flags: [],
        content: { ...claim, effect_text: 'focus' },
      },
    ],
  };
}
