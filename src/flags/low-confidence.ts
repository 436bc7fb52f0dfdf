/** `low_confidence`: kind of text and tier are not sure enough to count without a look. */
import type { FlagRule } from './flag.ts';

/** Used where an annotator brings no threshold of its own. */
export const DEFAULT_SOURCE_THRESHOLD = 0.5;

export function lowConfidenceRule(threshold: number): FlagRule {
  return {
    flag: 'low_confidence',
    why: 'The kind of text or its evidence tier is uncertain.',
    onSource: ({ annotation }) => annotation.document_type !== 'off_topic' && annotation.confidence.overall < threshold,
  };
}
