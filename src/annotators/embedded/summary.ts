/**
 * One sentence about a text, at most 240 characters, put together from labels and lexicon words only: nothing of the text's own wording, so
 * no dose, schedule, advice or name of a person can get into it.
 */
import type { DocumentType, EvidenceTier, Sentiment } from '../../model/labels.ts';
import { maskDoses } from '../../normalize/mask-doses.ts';
import type { EffectClaim } from './claims.ts';

export interface SummaryParts {
  readonly type: DocumentType;
  readonly tier: EvidenceTier;
  readonly sentiment: Sentiment;
  readonly compound: string;
  /** What may be named. */
  readonly claims: readonly EffectClaim[];
  /** There are further claims, of which nobody can be sure yet: said instead of "no effect", and never named. */
  readonly uncertain?: boolean;
}

const MAX_CHARS = 240;
const MAX_LISTED = 4;

const WHO: Readonly<Record<DocumentType, string>> = {
  first_person_report: 'A person reports',
  second_hand_report: 'A person passes on other people’s experience',
  primary_study: 'A study reports',
  registry_record: 'A trial registry lists',
  review_article: 'A review or reference article says',
  promotion: 'A seller claims',
  study_relay: 'A text passing on research says',
  news: 'A news item says',
  guide: 'A guide says',
  question: 'A person asks, and mentions',
  opinion: 'A person holds',
  other: 'A text mentions',
  off_topic: 'A text that is not about the compound',
};

const NOTHING_STATED: Readonly<Record<DocumentType, string>> = {
  first_person_report: 'A person reports using {it} without stating an effect.',
  second_hand_report: 'A person passes on other people’s use of {it} without stating an effect.',
  primary_study: 'A study of {it}; no effect on an outcome is stated in the text read.',
  registry_record: 'A trial registry entry on {it}.',
  review_article: 'A review or reference article on {it}.',
  promotion: 'A text that sells or leads to a sale of {it}.',
  study_relay: 'A text passing on research about {it}.',
  news: 'A news item about {it}.',
  guide: 'A guide to {it}.',
  question: 'A question about {it}.',
  opinion: 'An opinion on {it}.',
  other: 'A remark in a thread or on a page about {it}.',
  off_topic: 'A text that is not about the compound.',
};

/** Where effects are told that may have been read wrong. */
const UNCERTAIN: Readonly<Partial<Record<DocumentType, string>>> = {
  first_person_report: 'A person reports using {it}; the effects told could not be read with certainty.',
  second_hand_report: 'A person passes on other people’s use of {it}; the effects told could not be read with certainty.',
  primary_study: 'A study of {it}; its outcomes could not be read with certainty.',
};

const BASIS: Readonly<Partial<Record<EvidenceTier, string>>> = {
  human: ' (measured in people)',
  preclinical: ' (in animals or cells)',
  mechanistic: ' (argued from mechanism)',
  speculative: ' (stated without support)',
};

export function summarize(parts: SummaryParts): string {
  const compound = maskDoses(parts.compound.replace(/\s+/gu, ' ').trim()).slice(0, 60) || 'the compound';
  const inside = parts.claims.filter((claim) => !claim.outside);
  const nothing = (parts.uncertain ? UNCERTAIN[parts.type] : undefined) ?? NOTHING_STATED[parts.type];
  const plain = (nothing + basisOf(parts)).replace('{it}', compound);
  if (parts.type === 'off_topic' || inside.length === 0) return plain.slice(0, MAX_CHARS);
  const said = (['improves', 'worsens', 'no_effect'] as const).flatMap((direction) => {
    const effects = [...new Set(inside.filter((claim) => claim.direction === direction).map((claim) => claim.effect.replaceAll('-', ' ')))];
    return effects.length > 0 ? [phrase(direction, effects)] : [];
  });
  for (let count = said.length; count > 0; count -= 1) {
    const sentence = `${WHO[parts.type]} that with ${compound} ${joinList(said.slice(0, count))}${BASIS[parts.tier] ?? ''}.`;
    if (sentence.length <= MAX_CHARS) return sentence;
  }
  return plain.slice(0, MAX_CHARS);
}

function basisOf(parts: SummaryParts): string {
  return parts.tier === 'none' || parts.type === 'off_topic' || parts.tier === 'anecdotal' ? '' : ` Basis: ${parts.tier}.`;
}

function phrase(direction: 'improves' | 'worsens' | 'no_effect', effects: readonly string[]): string {
  const whole = effects.includes('overall');
  const named = effects.filter((effect) => effect !== 'overall').slice(0, MAX_LISTED);
  if (named.length === 0)
    return direction === 'improves' ? 'it worked overall' : direction === 'worsens' ? 'things got worse overall' : 'nothing changed overall';
  const list = joinList(named);
  if (direction === 'improves') return `${list} improved${whole ? ' and it worked overall' : ''}`;
  if (direction === 'worsens') return `${list} got worse or appeared`;
  return `there was no effect on ${list}`;
}

function joinList(items: readonly string[]): string {
  return items.length <= 1 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
