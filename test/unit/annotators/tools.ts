/** The embedded annotator, loaded once per test file, and a shorthand for lines. */
import type { Annotation } from '../../../src/model/annotation.ts';
import { annotateLine, loadAnnotator } from '../../../src/annotators/list.ts';

const annotator = await loadAnnotator();

export async function annotate(text: string, line: Readonly<Record<string, unknown>> = {}): Promise<Annotation> {
  const result = await annotateLine({ id: 'test', platform: 'reddit', text, ...line }, annotator);
  if ('error' in result) throw new Error(result.error.message);
  return result;
}

/** `focus improves`, `overall no_effect` ... of the effect claims, sorted. */
export function effectsOf(annotation: Annotation): string[] {
  return annotation.claims
    .filter((claim) => claim.kind === 'effect')
    .map((claim) => `${claim.effect} ${claim.direction}`)
    .sort();
}
