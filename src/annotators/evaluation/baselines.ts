/**
 * What general word lists say of the same rows: the most frequent label, VADER (Hutto & Gilbert 2014, its own limits of +-0.05) and wink-sentiment
 * (AFINN-165 and emoji). The two packages are for development only; where one is not installed, its row is left out.
 */
import type { BaselineLabels, Item, JudgedSet, Measure } from './item.ts';

/** Below zero bad, above zero good. */
type Score = (text: string) => number;

const VADER_LIMIT = 0.05;

interface Vader {
  readonly SentimentIntensityAnalyzer: { polarity_scores(text: string): { readonly compound: number } };
}
type Wink = (text: string) => { readonly score: number };

const SCORERS: readonly { readonly name: string; readonly module: string; readonly use: (loaded: unknown) => Score }[] = [
  {
    name: 'VADER',
    module: 'vader-sentiment',
    use: (loaded) => (text) => {
      const { compound } = (loaded as Vader).SentimentIntensityAnalyzer.polarity_scores(text);
      return Math.abs(compound) < VADER_LIMIT ? 0 : compound;
    },
  },
  { name: 'wink', module: 'wink-sentiment', use: (loaded) => (text) => (loaded as Wink)(text).score },
];

/** Measures named after the one they stand beside. `missing`: packages that are not installed. */
export async function judgeBaselines(judged: JudgedSet): Promise<{ readonly measures: readonly Measure[]; readonly missing: readonly string[] }> {
  const { baselines } = judged;
  const measure = judged.measures.find(({ name }) => name === baselines?.measure);
  if (!baselines || !measure) return { measures: [], missing: [] };
  const name = (scorer: string): string => `${measure.name} (${scorer})`;
  const measures: Measure[] = [{ name: name('majority'), items: measure.items.map((item) => withSaid(item, mostFrequent(measure.items))) }];
  const missing: string[] = [];
  for (const scorer of SCORERS) {
    const loaded = await loadPackage(scorer.module);
    if (loaded === undefined) {
      missing.push(scorer.module);
      continue;
    }
    const score = scorer.use(loaded);
    measures.push({
      name: name(scorer.name),
      items: measure.items.map((item) => withSaid(item, labelOf(score(baselines.texts.get(item.id) ?? ''), baselines.said))),
    });
  }
  return { measures, missing };
}

function withSaid({ id, gold, cluster }: Item, said: string): Item {
  return { id, gold, said, cluster };
}

function labelOf(score: number, said: BaselineLabels): string {
  if (score === 0) return said.middle;
  return score < 0 ? said.low : said.high;
}

function mostFrequent(items: readonly Item[]): string {
  const counts = new Map<string, number>();
  for (const { gold } of items) counts.set(gold, (counts.get(gold) ?? 0) + 1);
  return [...counts].sort(([leftName, left], [rightName, right]) => right - left || (leftName < rightName ? -1 : 1))[0]?.[0] ?? '';
}

async function loadPackage(name: string): Promise<unknown> {
  try {
    const loaded = (await import(name)) as { readonly default?: unknown };
    return loaded.default ?? loaded;
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
