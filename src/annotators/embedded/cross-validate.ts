/**
 * What the annotator says of texts its models have not seen: every fold of threads is judged by models trained on the others.
 * The figures in docs/accuracy.md and the calibration tables come from here, never from texts seen in training.
 */
import { isStated, type EvaluatedText, type SaidEffect } from '../evaluate.ts';
import { judge, overallScore, type Judgement } from './annotate.ts';
import { bundledNames } from './bundled.ts';
import { fitCalibration, type CalibrationSample } from './fit-calibration.ts';
import { effectIdsOf, type GoldText } from './gold.ts';
import type { Lexicon } from './lexicon.ts';
import { readModel, storeModel } from './linear-model.ts';
import { calibrate, MODEL_NAMES, type Calibration, type Models } from './models.ts';
import { threadFold, trainModels, type FoldOf, type Lessons, type TrainingExample } from './train.ts';

const OUTER_FOLDS = 5;

export interface JudgedText {
  readonly gold: GoldText;
  readonly fold: number;
  readonly judgement: Judgement;
}

/** As the annotator will have them: with weights rounded to the stored form. */
export function trainRounded(examples: readonly TrainingExample[], lessons: Lessons): Models {
  const models = trainModels(examples, lessons);
  return Object.fromEntries(MODEL_NAMES.map((name) => [name, readModel(storeModel(models[name]))])) as unknown as Models;
}

/** Judges the texts of one fold by models trained on all others; practice texts are learned from and never judged. */
export function judgeFold(
  examples: readonly TrainingExample[],
  lessons: Lessons,
  { fold, isHeld }: { readonly fold: number; readonly isHeld: (gold: GoldText) => boolean },
): JudgedText[] {
  const { lexicon } = lessons;
  const models = trainRounded(
    examples.filter(({ gold, practice }) => practice || !isHeld(gold)),
    lessons,
  );
  return examples
    .filter(({ gold, practice }) => !practice && isHeld(gold))
    .map(({ gold, prepared }) => ({ gold, fold, judgement: judge(prepared, { lexicon, names: bundledNames(lexicon, gold.compounds), models }) }));
}

export function judgeUnseen(examples: readonly TrainingExample[], lessons: Lessons, foldOf: FoldOf = threadFold): JudgedText[] {
  return Array.from({ length: OUTER_FOLDS }, (_, fold) => judgeFold(examples, lessons, { fold, isHeld: (gold) => foldOf(gold, OUTER_FOLDS) === fold })).flat();
}

export function collectSamples(judged: readonly JudgedText[], lexicon: Lexicon): CalibrationSample[] {
  return judged.flatMap(({ gold, judgement }) => {
    const { type, tier, sentiment, claims } = judgement;
    const stated = isStated(gold, claims.map(toSaid), (phrase) => effectIdsOf(phrase, lexicon));
    const samples: CalibrationSample[] = [
      { of: 'document_type', score: type.score, right: type.label === gold.document_type },
      { of: 'evidence_tier', score: tier.score, right: tier.label === gold.evidence_tier },
      { of: 'sentiment', score: sentiment.score, right: sentiment.label === gold.sentiment },
      ...claims.map((claim, index): CalibrationSample => ({ of: 'effect', score: claim.score, right: stated[index] ?? false })),
    ];
    if (tier.label !== 'none') samples.push({ of: 'main', score: overallScore(judgement), right: tier.label === gold.evidence_tier });
    return samples;
  });
}

function toSaid({ effect, direction, quote }: Judgement['claims'][number]): SaidEffect {
  return { effect, direction, start: quote.start, end: quote.end, flagged: false };
}

/** Per fold the tables and thresholds that the other folds give. */
export function calibrationsByFold(judged: readonly JudgedText[], lexicon: Lexicon): Calibration[] {
  const folds = 1 + judged.reduce((highest, { fold }) => Math.max(highest, fold), -1);
  return Array.from({ length: folds }, (_, fold) =>
    fitCalibration(
      collectSamples(
        judged.filter((text) => text.fold !== fold),
        lexicon,
      ),
    ),
  );
}

export function evaluatedOf(judgement: Judgement, calibration: Calibration): EvaluatedText {
  const { type, tier, sentiment, claims } = judgement;
  const { effect, main } = calibration.thresholds;
  return {
    document_type: type.label,
    evidence_tier: tier.label,
    sentiment: sentiment.label,
    first_person_use: judgement.firstPerson,
    commercial_interest: judgement.commercial,
    effects: claims.map((claim) => ({ ...toSaid(claim), flagged: calibrate(calibration.effect, claim.score) < effect })),
    main: tier.label === 'none' ? undefined : { flagged: calibrate(calibration.main, overallScore(judgement)) < main },
  };
}
