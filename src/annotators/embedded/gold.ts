/** Labelled texts as training and evaluation read them: the annotate input line with a person's labels beside it. */
import { z } from 'zod';
import { annotateInputSchema } from '../../model/post.ts';
import { DOCUMENT_TYPES, EVIDENCE_TIERS, SENTIMENTS } from '../../model/labels.ts';
import type { EffectCandidate, EffectDirection } from './effect-candidates.ts';
import { findPhrases } from './phrases.ts';
import type { Lexicon } from './lexicon.ts';
import { tokenize } from './tokens.ts';

export const goldSchema = annotateInputSchema.extend({
  document_type: z.enum(DOCUMENT_TYPES),
  evidence_tier: z.enum(EVIDENCE_TIERS),
  sentiment: z.enum(SENTIMENTS),
  first_person_use: z.boolean(),
  commercial_interest: z.boolean(),
  effects: z.array(
    z.object({ effect: z.string(), direction: z.enum(['improves', 'worsens', 'no_effect']), quote: z.string(), compound: z.string().optional() }),
  ),
});
export type GoldText = z.infer<typeof goldSchema>;

export function parseGold(ndjson: string): GoldText[] {
  return ndjson
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => goldSchema.parse(JSON.parse(line)));
}

/** Overlap of two stretches as a share of the shorter. */
export function overlapShare(left: { readonly start: number; readonly end: number }, right: { readonly start: number; readonly end: number }): number {
  const shared = Math.min(left.end, right.end) - Math.max(left.start, right.start);
  const shorter = Math.min(left.end - left.start, right.end - right.start);
  return shorter <= 0 ? 0 : Math.max(0, shared) / shorter;
}

/** Ids of the lexicon a hand-written effect phrase may mean; `overall` for judgements. */
export function effectIdsOf(phrase: string, lexicon: Lexicon): Set<string> {
  if (phrase === 'overall') return new Set(['overall']);
  const ids = new Set(findPhrases(lexicon.effectIndex, tokenize(phrase)).map((match) => match.value.effect.id));
  ids.add(phrase.replaceAll(' ', '-'));
  return ids;
}

/**
 * For each candidate the direction a person's claim gives it, or none: by effect and place first, then by place alone. Undefined inside a quote that
 * another candidate stands for: the person may have meant it too.
 */
export function labelCandidates(gold: GoldText, candidates: readonly EffectCandidate[], lexicon: Lexicon): (EffectDirection | 'none' | undefined)[] {
  const labels: (EffectDirection | 'none')[] = candidates.map(() => 'none');
  const open = gold.effects.map((effect) => {
    const start = gold.text.indexOf(effect.quote);
    return { effect, ids: effectIdsOf(effect.effect, lexicon), span: { start, end: start + effect.quote.length }, matched: start < 0 };
  });
  for (const byName of [true, false]) {
    for (const target of open) {
      if (target.matched) continue;
      candidates.forEach((candidate, index) => {
        if (labels[index] !== 'none') return;
        const id = candidate.effect?.id ?? 'overall';
        const near = byName ? overlapShare(candidate.clause, target.span) >= 0.5 : overlapShare(candidate.hit, target.span) >= 0.5;
        if (!near || (byName && !target.ids.has(id))) return;
        if (!byName && target.matched) return;
        labels[index] = target.effect.direction;
        target.matched = true;
      });
    }
  }
  return labels.map((label, index) => {
    const hit = candidates[index]?.hit;
    return label === 'none' && hit && open.some(({ span }) => span.start >= 0 && overlapShare(hit, span) >= 0.5) ? undefined : label;
  });
}
