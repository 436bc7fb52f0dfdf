/**
 * What was said of each item, frozen: one JSON line per text, ids and labels only. Two files of the same sets show a change of the annotator item by item.
 * Proved by test/unit/annotators/evaluation/predictions.test.ts.
 */
import { z } from 'zod';
import { InvalidInputError } from '../../errors.ts';

const predictionSchema = z.object({
  set: z.string(),
  id: z.string(),
  /** Label -> what a person said, what the annotator said. */
  labels: z.record(z.string(), z.tuple([z.string(), z.string()])),
  /** Effects marked, claimed, right, claimed without a flag. */
  claims: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
});
export type Prediction = Readonly<z.infer<typeof predictionSchema>>;

export function writePredictions(predictions: readonly Prediction[]): string {
  return predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join('');
}

export function parsePredictions(ndjson: string): Prediction[] {
  return ndjson.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [predictionSchema.parse(JSON.parse(line))];
    } catch (error) {
      throw new InvalidInputError('bad_predictions', `line ${index + 1} is no prediction`, { cause: error });
    }
  });
}

export interface Flip {
  readonly set: string;
  readonly id: string;
  /** A label's name, or `effect claims`. */
  readonly of: string;
  readonly gold: string;
  readonly before: string;
  readonly now: string;
  readonly change: 'fixed' | 'broken' | 'other';
}

/** Items that are in both and differ. */
export function comparePredictions(before: readonly Prediction[], now: readonly Prediction[]): Flip[] {
  const keyOf = ({ set, id }: Prediction): string => JSON.stringify([set, id]);
  const known = new Map(before.map((prediction) => [keyOf(prediction), prediction]));
  return now.flatMap((prediction) => {
    const earlier = known.get(keyOf(prediction));
    if (!earlier) return [];
    const { set, id } = prediction;
    const flips = Object.entries(prediction.labels).flatMap(([of, [gold, said]]): Flip[] => {
      const was = earlier.labels[of]?.[1];
      if (was === undefined || was === said) return [];
      return [{ set, id, of, gold, before: was, now: said, change: said === gold ? 'fixed' : was === gold ? 'broken' : 'other' }];
    });
    return [...flips, ...compareClaims(earlier, prediction)];
  });
}

function compareClaims(before: Prediction, now: Prediction): Flip[] {
  const [gold = 0, said = 0, right = 0, unflagged = 0] = now.claims ?? [];
  const [, saidBefore = 0, rightBefore = 0, unflaggedBefore = 0] = before.claims ?? [];
  if (said === saidBefore && right === rightBefore && unflagged === unflaggedBefore) return [];
  const describe = (claims: number, correct: number, open: number): string => `${claims} claimed, ${correct} right, ${open} unflagged`;
  return [
    {
      set: now.set,
      id: now.id,
      of: 'effect claims',
      gold: `${gold} marked`,
      before: describe(saidBefore, rightBefore, unflaggedBefore),
      now: describe(said, right, unflagged),
      change: right > rightBefore ? 'fixed' : right < rightBefore ? 'broken' : 'other',
    },
  ];
}
