/** GoEmotions (Demszky et al. 2020), dev part: comments with exactly one of negative, neutral and positive. The train part taught the models
 * of tone and valence. Given as they are: about no compound, so that the sentiment is the valence of the whole. */
import type { EvaluationSet, Item } from '../item.ts';

const LABELS: Readonly<Record<string, string>> = { '1': 'negative', '2': 'neutral', '3': 'positive' };
const FILE = 'sentiment/goemotions/dev.tsv';

export const goemotions: EvaluationSet = {
  name: 'goemotions',
  about: '`sentiment` against the tone of Reddit comments with one group, given as texts about no compound',
  files: [FILE],
  async judge({ read, annotate }) {
    const items: Item[] = [];
    const texts = new Map<string, string>();
    for (const line of read(FILE).split('\n')) {
      const [text = '', groups = '', id = ''] = line.trimEnd().split('\t');
      const gold = LABELS[groups];
      if (gold === undefined) continue;
      items.push({ id, gold, said: (await annotate({ id, platform: 'reddit', text })).sentiment, cluster: id });
      texts.set(id, text);
    }
    const measure = { name: 'sentiment', items };
    return { measures: [measure], baselines: { measure: measure.name, texts, said: { low: 'negative', middle: 'neutral', high: 'positive' } } };
  },
};
