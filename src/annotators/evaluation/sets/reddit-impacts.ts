/** Reddit-Impacts (SMM4H-HeaRD 2026, task 7): sentences of which some tell what drug use did to the author. Measured only. */
import { parse } from 'csv-parse/sync';
import type { EvaluationSet, Item } from '../item.ts';
import { asReply } from './reply.ts';

const FILE = 'experience/reddit_impacts/train.csv';

export const redditImpacts: EvaluationSet = {
  name: 'reddit-impacts',
  about: 'sentences with an impact on the author, against `document_type` first_person_report; impacts are of other drugs, often without the use in view',
  files: [FILE],
  async judge({ read, annotate }) {
    const rows = parse(read(FILE), { columns: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true }) as Record<string, string>[];
    const items: Item[] = [];
    for (const row of rows) {
      const id = row['ID'] ?? '';
      const { document_type: type } = await annotate(asReply(id, readTokens(row['tokens'] ?? '').join(' ')));
      const gold = String(/Impacts/u.test(row['labels'] ?? ''));
      items.push({ id, gold, said: String(type === 'first_person_report'), cluster: id });
    }
    return { measures: [{ name: 'impact on the author', positive: 'true', items }] };
  },
};

/** A Python list of strings in either kind of quotes. */
function readTokens(list: string): string[] {
  return [...list.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/gu)].map((match) => (match[1] ?? match[2] ?? '').replace(/\\(.)/gu, '$1')).filter(Boolean);
}
