/** Which compounds of the scope a post may be about, as the embedded annotator reads names: what the caller gives first, then what is named. */
import type { AnnotateInput } from '../../model/post.ts';
import { matchingForm } from '../../normalize/matching-form.ts';
import type { CompoundScope } from '../annotator.ts';
import { mentionsOf } from '../mentions-of.ts';

/** The scope's names, each once. Empty: the post is about none of them, and nobody needs to be asked. */
export function namesIn(input: AnnotateInput, scope: CompoundScope): readonly string[] {
  const given = (input.compounds ?? []).map((name) => findName(name, scope, undefined)).filter((name) => name !== undefined);
  return [...new Set([...given, ...mentionsOf(input, scope).map(({ compound }) => compound)])];
}

/** The scope's name for a spelling of it, in any case; `among` leaves out the others. */
export function findName(spelling: string, scope: CompoundScope, among: readonly string[] | undefined): string | undefined {
  const form = matchingForm(spelling);
  return scope.compounds.find(
    ({ name, aliases }) => (among === undefined || among.includes(name)) && [name, ...aliases].some((known) => matchingForm(known) === form),
  )?.name;
}
