/** The annotator of an installation: answers of a model, their account and the turns at its endpoint are those of all processes together. */
import type { Pool } from 'pg';
import type { AnnotatorKind } from '../annotators/list.ts';
import type { Config } from '../config.ts';
import { createSharedPacer } from '../db/shared-pacer.ts';
import { createAnswerCache } from '../pipeline/llm-answers.ts';
import { createLlmAllowance } from '../pipeline/llm-usage.ts';
import { openAnnotator, type OpenedAnnotator } from './open-annotator.ts';

export function openStoredAnnotator(
  config: Config,
  kind: AnnotatorKind,
  { pool, now }: { readonly pool: Pool; readonly now: () => Date },
): Promise<OpenedAnnotator> {
  return openAnnotator(config, kind, {
    pacer: createSharedPacer(pool),
    openCache: async () => createAnswerCache(pool),
    openAllowance: ({ model, limits, price }) => createLlmAllowance(pool, { model, limits, price, now }),
  });
}
