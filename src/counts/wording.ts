/** What the numbers are called where people read them, and one sentence each on what they count (docs/counts.md). */
import type { CountedTier } from '../model/counts.ts';
import type { SourceKind } from './source-kind.ts';

export const SOURCE_KIND_NAMES: Readonly<Record<SourceKind, string>> = {
  scientific: 'scientific',
  commercial: 'commercial',
  reddit: 'Reddit',
  x: 'X',
  other_anecdote: 'other anecdote',
  web: 'web',
};

export const SOURCE_KIND_DEFINITIONS: Readonly<Record<SourceKind, string>> = {
  scientific: 'Studies, scholarly reviews and trial-registry entries, read from a literature database.',
  commercial: 'Texts that sell, carry a coupon or affiliate link, or speak for a vendor or clinic, wherever they are.',
  reddit: 'Submissions and comments on Reddit, reports or not.',
  x: 'Posts on X, reports or not.',
  other_anecdote: 'First- or second-hand reports elsewhere, and accepted texts readers sent in.',
  web: 'Everything else: news, guides, opinions and pages, relays of studies included.',
};

export const TIER_NAMES: Readonly<Record<CountedTier, string>> = {
  human: 'human',
  preclinical: 'preclinical',
  anecdotal: 'anecdotal',
  mechanistic: 'mechanistic',
  speculative: 'speculative',
};

export const TIER_DEFINITIONS: Readonly<Record<CountedTier, string>> = {
  human: 'Measured in people: a study, or a text that passes on the result of one it points at.',
  preclinical: 'Measured in animals or cells: a study, or a text that passes on the result of one it points at.',
  anecdotal: "Somebody's experience outside a study, own or passed on.",
  mechanistic: 'An argument from mechanism, without outcome data.',
  speculative: 'A bare assertion, marketing claim, opinion or guess.',
};
