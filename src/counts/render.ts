/** Counts as a plain-text table for the terminal: every number by name, sums as sums, the confidence with all its terms. */
import type { Counts, PublishedCounts } from '../model/counts.ts';
import { SOURCE_KIND_NAMES, TIER_NAMES } from './wording.ts';

const TIERS = ['human', 'preclinical', 'anecdotal', 'mechanistic', 'speculative'] as const;
const KINDS = ['scientific', 'commercial', 'reddit', 'x', 'other_anecdote', 'web'] as const;
const LABEL_WIDTH = 46;

export function renderCounts(counts: Counts | PublishedCounts): string {
  const sections = [
    ...('head' in counts ? [`Counts of ${printable(counts.topic)}, ledger of ${counts.head.size} entries, root ${counts.head.root}`] : []),
    renderSources(counts),
    renderClaims(counts),
    renderEffects(counts),
    renderPending(counts),
    renderSetAside(counts),
    renderConfidence(counts),
    `Evidence grade: ${counts.grade.value}\n  ${counts.grade.rule}`,
    'Anecdote = a real report, not proof. Nothing here is dosing, protocol or treatment advice.',
  ];
  return `${sections.join('\n\n')}\n`;
}

/** All sources ever appended: live, pending and set aside. */
export function sumSources({ sources, set_aside }: Counts): number {
  const { withheld, erased, rejected_sources, superseded, noticed, not_adopted } = set_aside;
  return sources.total + sources.pending + withheld + erased + rejected_sources + superseded + noticed + not_adopted;
}

function renderSources(counts: Counts): string {
  return table('Sources, by kind (the first that fits)', [
    ...KINDS.map((kind) => [SOURCE_KIND_NAMES[kind], counts.sources[kind]] as const),
    ['= sources', counts.sources.total],
    ['pending: wait for a person, in no other line', counts.sources.pending],
    ['posts (sources + pending)', counts.posts],
    ['threads they are in', counts.threads],
    ['distinct experiences among them', counts.experiences],
    ['questions from readers', counts.questions],
  ]);
}

function renderClaims({ claims }: Counts): string {
  return table('Claims, by tier (accepted main claims)', [
    ...TIERS.map((tier) => [TIER_NAMES[tier], claims[tier]] as const),
    ['= claims', claims.total],
    ['apart: commercial sources', claims.apart.commercial],
    ['apart: duplicates', claims.apart.duplicate],
    ['apart: sources that tell doses', claims.apart.dosing],
  ]);
}

function renderEffects({ effects }: Counts): string {
  const rows = effects.map(
    ({ compound, effect, direction, tier, count }) => [`${printable(compound)}: ${printable(effect)} ${direction} (${tier})`, count] as const,
  );
  return rows.length === 0 ? 'Effects: none' : table('Effects (accepted effect claims)', rows);
}

function renderPending({ low_confidence }: Counts): string {
  return table('Low-confidence claims (wait for a person, in no other count)', [
    ['claims', low_confidence.claims],
    ...Object.entries(low_confidence.reasons).map(([flag, count]) => [`  because ${flag} (one claim may have several)`, count] as const),
  ]);
}

function renderSetAside(counts: Counts): string {
  const { set_aside } = counts;
  return table('Set aside (in no other count)', [
    ['withheld', set_aside.withheld],
    ['erased', set_aside.erased],
    ...Object.entries(set_aside.reasons).map(([reason, count]) => [`  of these because of ${printable(reason)}`, count] as const),
    ['rejected sources', set_aside.rejected_sources],
    ['superseded by a newer revision or annotator', set_aside.superseded],
    ['retracted or of concern', set_aside.noticed],
    ['annotator not adopted yet', set_aside.not_adopted],
    ['= all source entries, with sources and pending', sumSources(counts)],
    ['rejected claims', set_aside.rejected_claims],
  ]);
}

function renderConfidence({ confidence }: Counts): string {
  const terms = confidence.terms.map(
    ({ name, count, weight, value }) => `  ${name.padEnd(12)}${String(count).padStart(8)} x ${String(weight).padEnd(6)}= ${formatConfidence(value)}`,
  );
  const verdict = confidence.saturated
    ? `saturated: the sum reaches the cap of ${confidence.cap}, more evidence no longer moves it`
    : `below the cap of ${confidence.cap}`;
  return [
    `Catalogue confidence: ${formatConfidence(confidence.value)} "${confidence.label}" (how much is catalogued, not clinical certainty)`,
    ...terms,
    `  ${'sum'.padEnd(12)}${''.padStart(8)}           ${formatConfidence(confidence.uncapped)}, ${verdict}`,
  ].join('\n');
}

/** Two decimals at least, three where there are three. */
export function formatConfidence(value: number): string {
  return /\.\d{3}/.test(String(value)) ? value.toFixed(3) : value.toFixed(2);
}

function table(title: string, rows: readonly (readonly [label: string, value: number])[]): string {
  return [title, ...rows.map(([label, value]) => `  ${label.padEnd(LABEL_WIDTH)} ${String(value).padStart(8)}`)].join('\n');
}

/** Names come from headers somebody else may have written: nothing that moves a terminal's cursor gets through. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
