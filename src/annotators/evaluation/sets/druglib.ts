/**
 * Druglib reviews (Gräßer et al. 2018) rated 4 and less (negative) or 7 and more (positive), in five folds, two ways. As texts about no compound, each
 * fold by a valence model that has not seen it. And the first fold as reviews of a drug the caller names, after everything was learned anew without them.
 */
import { readDruglib, trainValence, wholeReview, type DruglibReview } from '../../embedded/auxiliary-training.ts';
import { judge } from '../../embedded/annotate.ts';
import { bundledNames, namesOfScope, scopeOfLexicon } from '../../embedded/bundled.ts';
import { trainRounded } from '../../embedded/cross-validate.ts';
import { readModel, storeModel } from '../../embedded/linear-model.ts';
import type { Models } from '../../embedded/models.ts';
import { prepare } from '../../embedded/stages.ts';
import type { EvaluationSet, Item, SetContext } from '../item.ts';
import { DRUGLIB_FILE, GOEMOTIONS_FILE, readTrainingTexts, TRAINING_FILES } from '../training-texts.ts';

const FOLDS = 5;
const DRUG = 'the drug';

export const druglib: EvaluationSet = {
  name: 'druglib',
  about:
    '`sentiment` of reviews not learned from, rated 4 or less (negative) or 7 or more (positive), as texts about no compound; `drug named`: as reviews of a compound, whose side effects make many `mixed`',
  files: TRAINING_FILES,
  async judge({ read, progress }) {
    const all = readDruglib(read(DRUGLIB_FILE));
    const rated = all.map((review, index) => ({ id: `row ${index + 1}`, index, text: wholeReview(review), gold: valenceOf(review) }));
    const reviews = rated.filter((review): review is Review => review.gold !== undefined);
    progress('training without the held reviews');
    const { models, lexicon } = await learnWithout(0, all, { read });
    const names = { none: namesOfScope(lexicon, scopeOfLexicon(lexicon), undefined), drug: bundledNames(lexicon, [DRUG]) };
    const said = ({ id, text }: Review, by: Models, named: boolean): string => {
      const tools = { lexicon, models: by, names: named ? names.drug : names.none };
      const line = named ? { id, platform: 'web' as const, text, title: 'Review', compounds: [DRUG] } : { id, platform: 'web' as const, text };
      return judge(prepare(line, tools, by), tools).sentiment.label;
    };
    const alone = reviews.filter(({ index }) => index % FOLDS === 0).map((review) => itemOf(review, said(review, models, false)));
    for (let fold = 1; fold < FOLDS; fold += 1) {
      progress(`fold ${fold + 1} of ${FOLDS}`);
      const valence = trainValence({ goemotions: read(GOEMOTIONS_FILE), druglib: writeDruglib(all.filter((_, index) => index % FOLDS !== fold)) });
      const by = { ...models, valence: readModel(storeModel(valence)) };
      alone.push(...reviews.filter(({ index }) => index % FOLDS === fold).map((review) => itemOf(review, said(review, by, false))));
    }
    const held = reviews.filter(({ index }) => index % FOLDS === 0);
    return {
      measures: [
        { name: 'sentiment', items: alone },
        { name: 'sentiment, drug named', items: held.map((review) => itemOf(review, said(review, models, true))) },
      ],
      baselines: {
        measure: 'sentiment',
        texts: new Map(reviews.map(({ id, text }) => [id, text])),
        said: { low: 'negative', middle: 'neutral', high: 'positive' },
      },
    };
  },
};

interface Review {
  readonly id: string;
  readonly index: number;
  readonly text: string;
  readonly gold: 'negative' | 'positive';
}

function valenceOf({ rating }: DruglibReview): Review['gold'] | undefined {
  return rating <= 4 ? 'negative' : rating >= 7 ? 'positive' : undefined;
}

function itemOf({ id, gold }: Review, said: string): Item {
  return { id, gold, said, cluster: id };
}

async function learnWithout(fold: number, all: readonly DruglibReview[], { read }: Pick<SetContext, 'read'>) {
  const { examples, ...lessons } = await readTrainingTexts({ read }, writeDruglib(all.filter((_, index) => index % FOLDS !== fold)));
  return { models: trainRounded(examples, lessons), lexicon: lessons.lexicon };
}

/** The table that `readDruglib` reads, of some of its reviews. */
function writeDruglib(reviews: readonly DruglibReview[]): string {
  const rows = reviews.map(({ rating, benefits, sideEffects, comments, effectiveness, severity }) =>
    [String(rating), benefits, sideEffects, comments, effectiveness, severity].map((field) => `"${field.replaceAll('"', '""')}"`).join('\t'),
  );
  return `${['rating\tbenefitsReview\tsideEffectsReview\tcommentsReview\teffectiveness\tsideEffects', ...rows].join('\n')}\n`;
}
