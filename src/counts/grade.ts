/**
 * Evidence grade (design section 7): from accepted main claims of scientific sources only, so that no number
 * of anecdotes, posts or adverts raises it (test/property/counts.test.ts).
 */
import type { Counts } from '../model/counts.ts';

const STUDIES_NEEDED = 3;

export interface GradeInput {
  /** Studies with an accepted human-tier main claim, each record once. */
  readonly human: number;
  /** Those of them that are a randomized trial, another human trial or a systematic review. */
  readonly strong: number;
  /** Studies with an accepted preclinical main claim. */
  readonly preclinical: number;
}

export function gradeEvidence(input: GradeInput): Counts['grade'] {
  return { value: pickGrade(input), rule: describeRule(input) };
}

function pickGrade({ human, strong, preclinical }: GradeInput): Counts['grade']['value'] {
  if (human >= STUDIES_NEEDED && strong >= 1) return 'human';
  if (human > 0) return 'limited human';
  return preclinical > 0 ? 'preclinical only' : 'none';
}

function describeRule({ human, strong, preclinical }: GradeInput): string {
  return (
    `Only accepted main claims of studies read from literature databases count; each record once. human: at least ${STUDIES_NEEDED} studies in people, ` +
    'one or more of them a randomized trial, another human trial or a systematic review. limited human: fewer, or none of these designs. ' +
    'preclinical only: studies in animals or cells and none in people. none: neither. ' +
    `Here: ${human} in people (${strong} of these designs), ${preclinical} in animals or cells.`
  );
}
