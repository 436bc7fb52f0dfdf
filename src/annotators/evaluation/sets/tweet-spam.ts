/** UtkML spam posts. Spam there is repetition and agitation as well as selling, so `commercial` can find a part only; its false alarms are what this shows. Measured only. */
import { parse } from 'csv-parse/sync';
import type { EvaluationSet, Item } from '../item.ts';
import { asReply } from './reply.ts';

const FILE = 'experience/tweet_spam/train.csv';

export const tweetSpam: EvaluationSet = {
  name: 'tweet-spam',
  about: 'flag `commercial` against spam; most of that spam sells nothing, so precision is what to read',
  files: [FILE],
  async judge({ read, annotate }) {
    const rows = parse(read(FILE), { columns: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true }) as Record<string, string>[];
    const items: Item[] = [];
    for (const [index, row] of rows.entries()) {
      const id = `row ${index + 1}`;
      const { flags } = await annotate({ ...asReply(id, row['Tweet'] ?? ''), platform: 'x' });
      items.push({ id, gold: String(row['Type'] === 'Spam'), said: String(flags.includes('commercial')), cluster: id });
    }
    return { measures: [{ name: 'commercial', positive: 'true', items }] };
  },
};
