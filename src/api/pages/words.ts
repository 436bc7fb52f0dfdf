/** What labels, flags and places are called on the pages. */
import type { Direction, DocumentType, Flag, Platform } from '../../model/labels.ts';

export const TYPE_NAMES: Readonly<Record<DocumentType, string>> = {
  first_person_report: 'first-hand report',
  second_hand_report: 'second-hand report',
  primary_study: 'study',
  registry_record: 'trial registry',
  review_article: 'review article',
  promotion: 'promotion',
  study_relay: 'relays a study',
  news: 'news',
  guide: 'guide',
  question: 'question',
  opinion: 'opinion',
  other: 'other text',
  off_topic: 'off topic',
};

export const PLATFORM_NAMES: Readonly<Record<Platform, string>> = {
  reddit: 'Reddit',
  x: 'X',
  web: 'the web',
  pubmed: 'PubMed',
  europepmc: 'Europe PMC',
  clinicaltrials: 'ClinicalTrials.gov',
  youtube: 'YouTube',
  bluesky: 'Bluesky',
  discourse: 'a forum',
  instagram: 'Instagram',
  sms: 'sent in by SMS',
  whatsapp: 'sent in by WhatsApp',
  paste: 'sent in',
};

export const DIRECTION_NAMES: Readonly<Record<Exclude<Direction, 'none'>, string>> = { improves: 'helped', worsens: 'worse', no_effect: 'no effect' };

export const FLAG_WORDS: Readonly<Record<Flag, string>> = {
  low_confidence: 'The annotator is not sure enough.',
  ungrounded: 'The quote was not found in the text.',
  auto_generated: 'The label or summary comes from a generative model, or the summary has no grounded quote.',
  changed: 'It was reviewed, then the post or the annotator changed.',
  injection: 'The text addresses the machine that reads it.',
  submitted: 'A reader sent the text in.',
  language: 'The language is not supported.',
  unreadable: 'The text could not be read whole.',
  duplicate: 'A near-copy, or a repeat by the same author.',
  commercial: 'The source has something to sell.',
  dosing: 'The text tells how much to take.',
};

/** Ids of labels, effects, flags and codes as words. */
export function spell(id: string): string {
  return id.replaceAll(/[_-]/g, ' ');
}
