/** Compares what two annotators say of the same text: labels, effect claims, flags. Pure. */
import type { Annotation, Claim } from '../model/annotation.ts';
import { type Flag, waitsForReview } from '../model/labels.ts';

/** Absent: dropped as off topic. */
export interface AnnotationPair {
  readonly before: Annotation | undefined;
  readonly after: Annotation | undefined;
}

export interface LabelFlip {
  readonly label: string;
  readonly from: string;
  readonly to: string;
}

const LABELS = ['document_type', 'evidence_tier', 'sentiment', 'study_design', 'language', 'first_person_use', 'commercial_interest'] as const;

/** A post that only one of the two keeps flips its document type alone. */
export function listFlips({ before, after }: AnnotationPair): LabelFlip[] {
  if (!before || !after) {
    const [from, to] = [before?.document_type ?? 'off_topic', after?.document_type ?? 'off_topic'];
    return from === to ? [] : [{ label: 'document_type', from, to }];
  }
  return LABELS.flatMap((label) => (before[label] === after[label] ? [] : [{ label, from: String(before[label]), to: String(after[label]) }]));
}

export interface ClaimChange {
  readonly change: 'gained' | 'lost' | 'changed_direction';
  /** As the candidate has it, or as it was where it is lost. */
  readonly claim: Claim;
  /** Direction before. */
  readonly from?: Claim['direction'];
}

/** Effect claims are the same one if compound and effect are and their quotes overlap; one to one, in the order of the text. */
export function listClaimChanges({ before, after }: AnnotationPair): ClaimChange[] {
  const old = effectClaims(before);
  const changes: ClaimChange[] = [];
  for (const claim of effectClaims(after)) {
    const candidates = old.filter((other) => other.compound === claim.compound && other.effect === claim.effect && overlaps(other, claim));
    const match = candidates.find((other) => other.direction === claim.direction) ?? candidates[0];
    if (match) old.splice(old.indexOf(match), 1);
    if (!match) changes.push({ change: 'gained', claim });
    else if (match.direction !== claim.direction) changes.push({ change: 'changed_direction', claim, from: match.direction });
  }
  return [...changes, ...old.map((claim): ClaimChange => ({ change: 'lost', claim }))];
}

function effectClaims(annotation: Annotation | undefined): Claim[] {
  return (annotation?.claims ?? []).filter((claim) => claim.kind === 'effect');
}

function overlaps(one: Claim, other: Claim): boolean {
  return Math.min(one.end, other.end) > Math.max(one.start, other.start) || (one.start === other.start && one.end === other.end);
}

/** Flags of the source and of its claims, each as often as it is set. */
export function countFlags(annotation: Annotation | undefined): Map<Flag, number> {
  const flags = new Map<Flag, number>();
  for (const flag of [...(annotation?.flags ?? []), ...(annotation?.claims ?? []).flatMap((claim) => claim.flags)]) flags.set(flag, (flags.get(flag) ?? 0) + 1);
  return flags;
}

/** Claims by what the machine alone would do with them: before anybody's decision, and before repeats of an experience are known. */
export function countStanding(annotation: Annotation | undefined): { readonly accepted: number; readonly pending: number } {
  const claims = annotation?.claims ?? [];
  const held = annotation?.flags.some(waitsForReview) ?? false;
  const pending = claims.filter((claim) => held || claim.flags.some(waitsForReview)).length;
  return { accepted: claims.length - pending, pending };
}
