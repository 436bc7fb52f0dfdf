/**
 * The labelled texts, each judged by models that have seen no text on its compound (ten folds), or none of its thread (five folds).
 * Thresholds and confidence tables come from the other folds too.
 */
import { calibrationsByFold, evaluatedOf, judgeFold, type JudgedText } from '../../embedded/cross-validate.ts';
import { overallScore } from '../../embedded/annotate.ts';
import { effectIdsOf, type GoldText } from '../../embedded/gold.ts';
import { calibrate, type Calibration } from '../../embedded/models.ts';
import { threadFold, type TrainingExample } from '../../embedded/train.ts';
import type { Lexicon } from '../../embedded/lexicon.ts';
import { tallyClaims } from '../claim-figures.ts';
import { COMPOUND_FOLDS, compoundFolds, singleCompounds } from '../compound-folds.ts';
import type { EvaluationSet, Item, JudgedSet, Measure, SetContext } from '../item.ts';
import { readTrainingTexts, TRAINING_FILES } from '../training-texts.ts';

const THREAD_FOLDS = 5;

export const goldByCompound: EvaluationSet = {
  name: 'gold',
  about: 'texts labelled by hand, no compound in two of ten folds; macro-F1 over values with at least 10 texts',
  files: TRAINING_FILES,
  judge: (context) => judgeGold(context, COMPOUND_FOLDS),
};

export const goldByThread: EvaluationSet = {
  name: 'gold-threads',
  about: 'the same texts, no thread in two of five folds',
  files: TRAINING_FILES,
  judge: (context) => judgeGold(context, THREAD_FOLDS),
};

async function judgeGold(context: SetContext, count: number): Promise<JudgedSet> {
  const { examples, ...lessons } = await readTrainingTexts(context);
  const texts = examples.filter(({ practice }) => !practice).map(({ gold }) => gold);
  const byCompound = compoundFolds(texts, count);
  const foldOf = (gold: GoldText): number => (count === COMPOUND_FOLDS ? (byCompound.get(gold.id) ?? 0) : threadFold(gold, count));
  const judged: JudgedText[] = [];
  for (let fold = 0; fold < Math.min(count, context.folds ?? count); fold += 1) {
    context.progress(`fold ${fold + 1} of ${count}`);
    const isHeld = (gold: GoldText): boolean => foldOf(gold) === fold;
    const learned = count === COMPOUND_FOLDS ? withoutPracticeOn(texts.filter(isHeld), examples) : examples;
    judged.push(...judgeFold(learned, lessons, { fold, isHeld }));
    // a stop signal gets its turn
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  // labels come from the folds; whether quotes stand in the text is seen on what is shipped
  for (const { gold } of judged) await context.annotate(gold);
  return describeJudged(judged, lessons.lexicon);
}

/** What was made up about a compound that is judged is not learned from either. */
function withoutPracticeOn(held: readonly GoldText[], examples: readonly TrainingExample[]): TrainingExample[] {
  const compounds = new Set(held.flatMap(singleCompounds));
  return examples.filter(({ gold, practice }) => !practice || !singleCompounds(gold).some((name) => compounds.has(name)));
}

function describeJudged(judged: readonly JudgedText[], lexicon: Lexicon): JudgedSet {
  const calibrations = calibrationsByFold(judged, lexicon);
  const calibrationOf = ({ fold }: JudgedText): Calibration => calibrations[fold] as Calibration;
  const clusterOf = ({ gold }: JudgedText): string => gold.title ?? gold.id;
  const scored = (name: 'document_type' | 'evidence_tier' | 'sentiment', key: 'type' | 'tier' | 'sentiment'): Measure => ({
    name,
    items: judged.map((text): Item => {
      const { label, score } = text.judgement[key];
      return {
        id: text.gold.id,
        gold: text.gold[name],
        said: label,
        cluster: clusterOf(text),
        fold: text.fold,
        confidence: calibrate(calibrationOf(text)[name], score),
      };
    }),
  });
  const yesNo = (name: 'first_person_use' | 'commercial_interest', key: 'firstPerson' | 'commercial'): Measure => ({
    name,
    positive: 'true',
    items: judged.map((text) => ({
      id: text.gold.id,
      gold: String(text.gold[name]),
      said: String(text.judgement[key]),
      cluster: clusterOf(text),
      fold: text.fold,
    })),
  });
  // a main claim is made where the tier is not `none`, and right when the text's tier is the same: accuracy is its precision
  const main: Measure = {
    name: 'tier of main claims',
    items: judged
      .filter(({ judgement }) => judgement.tier.label !== 'none')
      .map((text) => ({
        id: text.gold.id,
        gold: text.gold.evidence_tier,
        said: text.judgement.tier.label,
        cluster: clusterOf(text),
        confidence: calibrate(calibrationOf(text).main, overallScore(text.judgement)),
      })),
  };
  return {
    measures: [
      scored('document_type', 'type'),
      scored('evidence_tier', 'tier'),
      scored('sentiment', 'sentiment'),
      yesNo('first_person_use', 'firstPerson'),
      yesNo('commercial_interest', 'commercial'),
      main,
    ],
    claims: judged.map((text) => ({
      ...tallyClaims(text.gold, evaluatedOf(text.judgement, calibrationOf(text)).effects, {
        meant: (phrase) => effectIdsOf(phrase, lexicon),
        cluster: clusterOf(text),
      }),
      fold: text.fold,
    })),
    facts: judged.map(({ gold }) => ({ id: gold.id, compound: gold.compounds?.[0] ?? 'unknown', platform: gold.platform })),
    baselines: {
      measure: 'sentiment',
      texts: new Map(judged.map(({ gold }) => [gold.id, gold.text])),
      said: { low: 'negative', middle: 'neutral', high: 'positive' },
    },
  };
}
