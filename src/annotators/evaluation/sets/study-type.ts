/** StudyTypeTeller, validation part: what an abstract's study was made in, by `study_design`. */
import { parse } from 'csv-parse/sync';
import type { StudyDesign } from '../../../model/labels.ts';
import type { EvaluationSet, Item } from '../item.ts';

const FILE = 'evidence/studytypeteller/val.csv';

const CLASS_OF: Readonly<Record<StudyDesign, string>> = {
  rct: 'human',
  human_trial: 'human',
  observational: 'human',
  case_report: 'human',
  systematic_review: 'human',
  animal: 'preclinical',
  in_vitro: 'preclinical',
  review: 'other',
  protocol: 'other',
  registry: 'other',
  none: 'other',
};

function classOfLabel(label: string): string {
  if (label.startsWith('Human-')) return 'human';
  return label.startsWith('Animal-') || label.startsWith('In-vitro') ? 'preclinical' : 'other';
}

export const studyType: EvaluationSet = {
  name: 'study-type',
  about: '`study_design` of abstracts without metadata, in three classes: human (systematic reviews of people too), preclinical, other',
  files: [FILE],
  async judge({ read, annotate }) {
    const rows = parse(read(FILE), { columns: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true }) as Record<string, string>[];
    const items: Item[] = [];
    for (const row of rows) {
      const id = row['pmid'] ?? '';
      const title = row['title'] ?? '';
      const { study_design: design } = await annotate({ id, platform: 'pubmed', title, text: row['abstract'] ?? '', compounds: ['the drug'] });
      items.push({ id, gold: classOfLabel(row['accepted_label'] ?? ''), said: CLASS_OF[design], cluster: id });
    }
    return { measures: [{ name: 'study_design', items }] };
  },
};
