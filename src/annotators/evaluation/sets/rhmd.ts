/** RHMD (Naseem et al. 2022): posts that mention a personal health event (2) against figurative (0) and other mentions (1). Measured only. */
import { parse } from 'csv-parse/sync';
import type { DocumentType } from '../../../model/labels.ts';
import type { EvaluationSet, Item } from '../item.ts';
import { asReply } from './reply.ts';

const FILE = 'experience/rhmd/train.csv';
const REPORTS: readonly DocumentType[] = ['first_person_report', 'second_hand_report'];
/** What anybody would try first: somebody speaks of oneself or of relatives. */
const PRONOUN = /\b(?:i|i'm|i've|i’m|i’ve|my|me|mine|we|our|us|myself)\b/iu;

export const rhmd: EvaluationSet = {
  name: 'rhmd',
  about: 'personal mention: `document_type` is a report, own or second hand; beside it a rule that looks for I, my, we',
  files: [FILE],
  async judge({ read, annotate }) {
    const rows = parse(read(FILE), { columns: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true }) as Record<string, string>[];
    const said: Item[] = [];
    const byPronoun: Item[] = [];
    for (const [index, row] of rows.entries()) {
      const text = row['Text'] ?? '';
      const id = `row ${index + 1}`;
      const item = { id, gold: row['Label'] === '2' ? 'personal' : 'rest', cluster: id };
      const { document_type: type } = await annotate(asReply(id, text));
      said.push({ ...item, said: REPORTS.includes(type) ? 'personal' : 'rest' });
      byPronoun.push({ ...item, said: PRONOUN.test(text) ? 'personal' : 'rest' });
    }
    return {
      measures: [
        { name: 'personal mention', items: said },
        { name: 'personal mention by pronouns (baseline)', items: byPronoun },
      ],
    };
  },
};
