/**
 * MEDLINE records: whether `study_design` is `rct` where the publication types say so. Fields: https://www.nlm.nih.gov/bsd/mms/medlineelements.html.
 * This export has no MeSH headings, so the rule for people and animals cannot be measured on it.
 */
import type { EvaluationSet, Item } from '../item.ts';

const FILE = 'evidence/ovid_records.txt';

export const medline: EvaluationSet = {
  name: 'medline',
  about: '`study_design` rct against the publication type Randomized Controlled Trial, records with their publication types',
  files: [FILE],
  async judge({ read, annotate }) {
    const items: Item[] = [];
    for (const [index, record] of read(FILE)
      .split(/^VN {2}- /mu)
      .slice(1)
      .entries()) {
      const id = `record ${index + 1}`;
      const types = readField(record, 'PT');
      const { study_design: design } = await annotate({
        id,
        platform: 'pubmed',
        title: readField(record, 'TI').join(' '),
        text: readField(record, 'AB').join('\n'),
        compounds: ['the drug'],
        record: { publication_types: types },
      });
      items.push({ id, gold: String(types.includes('Randomized Controlled Trial')), said: String(design === 'rct'), cluster: id });
    }
    return { measures: [{ name: 'rct', positive: 'true', items }] };
  },
};

function readField(record: string, tag: string): string[] {
  return [...record.matchAll(new RegExp(`^${tag} *- (.*)$`, 'gmu'))].map((match) => (match[1] as string).trim());
}
