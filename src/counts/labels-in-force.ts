/** Labels as they stand: the annotator's, overlaid by the amendments in force. */
import type { ClaimRecord } from './claim-record.ts';
import type { ClaimLabels, SourceLabels } from './labels.ts';
import type { Decision } from './records.ts';
import type { SourceRecord } from './source-record.ts';

/** Labels of a source after the amendments in force, oldest first. An accept confirms the labels as they stand. */
export function sourceLabels(source: SourceRecord): SourceLabels {
  return overlay(source.labels, source.decisions);
}

/**
 * Labels of a claim after amendments. The tier of a main claim is its source's tier, so an amended
 * source tier reaches it, unless the claim itself was amended.
 */
export function claimLabels(claim: ClaimRecord): ClaimLabels {
  const inherited = claim.kind === 'main' ? overlay<{ tier?: ClaimLabels['tier'] }>({}, claim.source.decisions).tier : undefined;
  return overlay(inherited === undefined ? claim.labels : { ...claim.labels, tier: inherited }, claim.decisions);
}

function overlay<T extends object>(labels: T, decisions: readonly Decision[]): T {
  return decisions.length === 0 ? labels : Object.assign({}, labels, ...decisions.map((decision) => decision.labels));
}
