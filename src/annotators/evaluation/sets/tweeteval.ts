/** TweetEval sentiment (Barbieri et al. 2020), validation part; measured only. */
import type { EvaluationSet, Item } from '../item.ts';

const TEXTS = 'sentiment/tweeteval/val_text.txt';
const LABELS = 'sentiment/tweeteval/val_labels.txt';
const NAMES: Readonly<Record<string, string>> = { '0': 'negative', '1': 'neutral', '2': 'positive' };

export const tweeteval: EvaluationSet = {
  name: 'tweeteval',
  about: '`sentiment` against the tone of posts on X, given as texts about no compound',
  files: [TEXTS, LABELS],
  async judge({ read, annotate }) {
    const labels = read(LABELS).split('\n');
    const items: Item[] = [];
    const texts = new Map<string, string>();
    for (const [index, text] of read(TEXTS).split('\n').entries()) {
      const gold = NAMES[labels[index]?.trim() ?? ''];
      if (gold === undefined) continue;
      const id = `line ${index + 1}`;
      items.push({ id, gold, said: (await annotate({ id, platform: 'x', text })).sentiment, cluster: id });
      texts.set(id, text);
    }
    return {
      measures: [{ name: 'sentiment', items }],
      baselines: { measure: 'sentiment', texts, said: { low: 'negative', middle: 'neutral', high: 'positive' } },
    };
  },
};
