/** Made-up posts of this repository, with every label and flag: what can be measured where the labelled texts of people are absent. */
import { z } from 'zod';
import { FLAG_NAMES } from '../../../model/labels.ts';
import { effectIdsOf, goldSchema } from '../../embedded/gold.ts';
import { bundledLexicon } from '../../mentions-of.ts';
import type { SaidEffect } from '../../evaluate.ts';
import { tallyClaims } from '../claim-figures.ts';
import type { ClaimTally, EvaluationSet, Item, Measure } from '../item.ts';

const FILE = 'posts.ndjson';
const postSchema = goldSchema.extend({ flags: z.array(z.enum(FLAG_NAMES)) });
/** Flags that a text has by itself, whatever the annotator is sure of. */
const MEASURED_FLAGS = ['commercial', 'dosing', 'injection', 'language', 'unreadable'] as const;
const LABELS = ['document_type', 'evidence_tier', 'sentiment'] as const;
const YES_NO = ['first_person_use', 'commercial_interest'] as const;

export const own: EvaluationSet = {
  name: 'own',
  about: 'made-up posts of this repository, judged by the shipped annotator; few and plain, so they show that nothing broke and not how good it is',
  files: [FILE],
  async judge({ read, annotate }) {
    const posts = read(FILE)
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => postSchema.parse(JSON.parse(line)));
    const items = new Map<string, Item[]>();
    const add = (measure: string, item: Item): void => void items.set(measure, [...(items.get(measure) ?? []), item]);
    const claims: ClaimTally[] = [];
    for (const post of posts) {
      const { document_type: _type, evidence_tier: _tier, sentiment: _tone, effects: _effects, flags: _flags, ...line } = post;
      const said = await annotate(line);
      const base = { id: post.id, cluster: post.id };
      for (const name of LABELS) add(name, { ...base, gold: post[name], said: said[name], confidence: said.confidence[name] });
      for (const name of YES_NO) add(name, { ...base, gold: String(post[name]), said: String(said[name]) });
      for (const flag of MEASURED_FLAGS) add(`flag ${flag}`, { ...base, gold: String(post.flags.includes(flag)), said: String(said.flags.includes(flag)) });
      const effects = said.claims
        .filter(({ kind }) => kind === 'effect')
        .map(({ effect, direction, start, end, flags }): SaidEffect => ({ effect, direction, start, end, flagged: flags.length > 0 }));
      claims.push(tallyClaims(post, effects, { meant: (phrase) => effectIdsOf(phrase, bundledLexicon()), cluster: post.id }));
    }
    const measures = [...items].map(([name, list]): Measure => ({ name, items: list, leastTexts: 1, ...(isYesNo(name) ? { positive: 'true' } : {}) }));
    return { measures, claims };
  },
};

function isYesNo(name: string): boolean {
  return !(LABELS as readonly string[]).includes(name);
}
