/** The kind a source is counted under, and why its claims may be tallied apart (design section 7). */
import { LITERATURE_PLATFORMS, type Platform } from '../model/labels.ts';
import { sourceLabels } from './labels-in-force.ts';
import type { SourceRecord } from './source-record.ts';

export const SOURCE_KINDS = ['scientific', 'commercial', 'reddit', 'x', 'other_anecdote', 'web'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

export const APART_REASONS = ['commercial', 'duplicate', 'dosing'] as const;
export type ApartReason = (typeof APART_REASONS)[number];

const SCHOLARLY: ReadonlySet<string> = new Set(['primary_study', 'review_article', 'registry_record']);
const REPORTS: ReadonlySet<string> = new Set(['first_person_report', 'second_hand_report']);
/** Texts a reader sent in. They wait for a person (`submitted`), so one that is counted was accepted. */
const PASTED: readonly Platform[] = ['sms', 'whatsapp', 'paste'];

/** The first that fits. A study counts as one only where it was read from a literature platform. */
export function kindOfSource(source: SourceRecord): SourceKind {
  const { document_type } = sourceLabels(source);
  if (SCHOLARLY.has(document_type) && LITERATURE_PLATFORMS.includes(source.platform)) return 'scientific';
  if (isCommercial(source)) return 'commercial';
  if (source.platform === 'reddit' || source.platform === 'x') return source.platform;
  return REPORTS.has(document_type) || PASTED.includes(source.platform) ? 'other_anecdote' : 'web';
}

/** Why the claims of this source are tallied apart: the first that fits, or undefined when they are not. */
export function reasonApart(source: SourceRecord): ApartReason | undefined {
  if (isCommercial(source)) return 'commercial';
  if (source.flags.includes('duplicate')) return 'duplicate';
  return source.flags.includes('dosing') ? 'dosing' : undefined;
}

/** Studies whose results can be counted: a registry entry without results makes no statement (tier `none`). */
export function isStudy(source: SourceRecord): boolean {
  const { document_type, tier } = sourceLabels(source);
  return kindOfSource(source) === 'scientific' && !(document_type === 'registry_record' && tier === 'none');
}

/** The label or the flag; a person who amended the label has the last word over both. */
function isCommercial(source: SourceRecord): boolean {
  const amended = source.decisions.some((decision) => decision.labels.commercial !== undefined);
  return sourceLabels(source).commercial === 1 || (!amended && source.flags.includes('commercial'));
}
