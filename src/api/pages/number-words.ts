/**
 * Every printed number in words: what it is called and what it counts. Tables, lists and the page behind a number all say
 * the same, from here; docs/counts.md has the exact rules. test/unit/api/number-words.test.ts: no number is without words.
 */
import { parseEffectName, parseReasonName } from '../../counts/numbers.ts';
import { SOURCE_KIND_DEFINITIONS, SOURCE_KIND_NAMES, TIER_DEFINITIONS, TIER_NAMES } from '../../counts/wording.ts';
import { DIRECTION_NAMES, FLAG_WORDS, spell } from './words.ts';

export interface NumberWords {
  readonly label: string;
  /** One or two sentences. */
  readonly definition: string;
}

const FIXED: Readonly<Record<string, NumberWords>> = {
  'sources.total': { label: 'Sources', definition: 'All sources that count: the sum of the kinds.' },
  'sources.pending': { label: 'Pending sources', definition: 'Sources that wait for a person; in no kind.' },
  posts: { label: 'Posts', definition: 'Sources and pending sources together: one per post.' },
  threads: { label: 'Threads', definition: 'Distinct threads and pages these posts are in; the first post of each is listed.' },
  experiences: {
    label: 'Distinct experiences',
    definition: 'Equal and nearly equal texts are one, and so are several by one author, except on X; the first of each is listed.',
  },
  'claims.total': { label: 'Claims', definition: 'All accepted main claims: the sum of the tiers.' },
  'claims.apart.commercial': { label: 'Apart: commercial', definition: 'Main claims of commercial sources; in no tier.' },
  'claims.apart.duplicate': { label: 'Apart: duplicates', definition: 'Main claims of near-copies and repeats by one author; in no tier.' },
  'claims.apart.dosing': { label: 'Apart: dosing', definition: 'Main claims of texts that tell how much to take; in no tier.' },
  'low_confidence.claims': { label: 'Pending claims', definition: 'Claims that wait for a person, main and effect claims together; in no other count.' },
  'set_aside.withheld': { label: 'Withheld', definition: 'Sources hidden for now, for example because a moderator removed the post.' },
  'set_aside.erased': { label: 'Erased', definition: 'Sources whose text was destroyed, for example because its author deleted it. Final.' },
  'set_aside.rejected_sources': { label: 'Rejected', definition: 'Sources a person decided do not belong here.' },
  'set_aside.rejected_claims': { label: 'Rejected claims', definition: 'Claims a person rejected, by themselves or with their source.' },
  'set_aside.superseded': { label: 'Superseded', definition: "Sources replaced by a newer text or a newer annotator's reading of the same post." },
  'set_aside.noticed': { label: 'Retracted or of concern', definition: 'Papers of which a retraction or an expression of concern was published.' },
  'set_aside.not_adopted': { label: 'Not adopted', definition: 'Sources read by an annotator that is not in use yet.' },
  'confidence.studies': { label: 'Studies', definition: 'Scientific sources, without registry records that have no results.' },
  'grade.human_studies': { label: 'Studies in people', definition: 'Studies with an accepted main claim of tier human, each record once.' },
  'grade.strong_studies': {
    label: 'Studies in people, stronger designs',
    definition: 'Those studies in people that are a randomized trial, another human trial or a systematic review.',
  },
  'grade.preclinical_studies': {
    label: 'Studies in animals or cells',
    definition: 'Studies with an accepted main claim of tier preclinical, each record once.',
  },
  questions: { label: 'Questions', definition: 'Questions from readers that are neither withheld nor erased.' },
  ...Object.fromEntries(
    Object.entries(SOURCE_KIND_NAMES).map(([kind, label]) => [
      `sources.${kind}`,
      { label: capitalize(label), definition: SOURCE_KIND_DEFINITIONS[kind as keyof typeof SOURCE_KIND_DEFINITIONS] },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(TIER_NAMES).map(([tier, label]) => [
      `claims.${tier}`,
      { label: capitalize(label), definition: TIER_DEFINITIONS[tier as keyof typeof TIER_DEFINITIONS] },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(FLAG_WORDS).map(([flag, definition]) => [`low_confidence.reasons.${flag}`, { label: capitalize(spell(flag)), definition }]),
  ),
};

/** Of a name that `listCounted` knows; another one is its own label. */
export function describeNumber(name: string): NumberWords {
  const fixed = Object.hasOwn(FIXED, name) ? FIXED[name] : undefined;
  if (fixed !== undefined) return fixed;
  const reason = parseReasonName(name);
  if (reason !== undefined) return { label: capitalize(spell(reason)), definition: 'Sources withheld or erased for this reason.' };
  const [compound, effect, direction, tier] = parseEffectName(name) ?? [];
  if (compound === undefined || effect === undefined || direction === undefined || tier === undefined) return { label: name, definition: '' };
  const said = Object.hasOwn(DIRECTION_NAMES, direction) ? DIRECTION_NAMES[direction as keyof typeof DIRECTION_NAMES] : direction;
  return {
    label: `${capitalize(spell(effect))}: ${said}`,
    definition: `Accepted effect claims about ${compound} that say so, tier ${tier}; none from sources that sell, repeat or tell doses.`,
  };
}

export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
