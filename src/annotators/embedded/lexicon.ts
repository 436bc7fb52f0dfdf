/** Reads the three lexicons into the indexes the steps use. The YAML files are the documentation of their own format. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { indexPhrases, type PhraseIndex } from './phrases.ts';

const effectSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  good: z.boolean(),
  event: z.boolean().default(false),
  names: z.array(z.string()).min(1),
  more: z.array(z.string()).default([]),
  less: z.array(z.string()).default([]),
});
export type Effect = z.infer<typeof effectSchema>;
const effectsFile = z.strictObject({
  effects: z.array(effectSchema),
  overall: z.strictObject({ improves: z.array(z.string()), worsens: z.array(z.string()), no_effect: z.array(z.string()) }),
});

const compoundsFile = z.strictObject({
  compounds: z.array(z.strictObject({ id: z.string(), name: z.string(), aliases: z.array(z.coerce.string()), short: z.array(z.string()).default([]) })),
  lookalikes: z.array(z.strictObject({ name: z.string(), of: z.string(), note: z.string() })),
  class_words: z.array(z.string()),
});
type LexiconCompound = z.infer<typeof compoundsFile>['compounds'][number];

export const CUE_NAMES = [
  'up',
  'down',
  'gone',
  'helps',
  'causes',
  'negation',
  'hedge',
  'plan',
  'hearsay',
  'study',
  'mechanism',
  'first_use',
  'second_use',
  'sells',
  'thanks',
  'instruct',
  'news',
  'guide_words',
  'own_outcome',
  'praise',
  'blame',
] as const;
export type CueName = (typeof CUE_NAMES)[number];

/** `more` = there is much of it, `less` = there is little, `name` = it is only named. */
export type Wording = 'name' | 'more' | 'less';
export interface EffectWording {
  readonly effect: Effect;
  readonly wording: Wording;
}

export interface Lexicon {
  readonly effects: ReadonlyMap<string, Effect>;
  readonly effectIndex: PhraseIndex<EffectWording>;
  readonly overall: readonly { readonly direction: 'improves' | 'worsens' | 'no_effect'; readonly pattern: RegExp }[];
  readonly cues: Readonly<Record<CueName, RegExp>>;
  readonly compounds: readonly LexiconCompound[];
  readonly lookalikes: readonly { readonly name: string; readonly of: string; readonly note: string }[];
  readonly classWords: PhraseIndex<string>;
}

export interface LexiconTexts {
  readonly effects: string;
  readonly cues: string;
  readonly compounds: string;
}

export async function readLexiconTexts(): Promise<LexiconTexts> {
  const read = (name: string): Promise<string> => readFile(new URL(`../lexicons/${name}.yaml`, import.meta.url), 'utf8');
  const [effects, cues, compounds] = await Promise.all([read('effects'), read('cues'), read('compounds')]);
  return { effects, cues, compounds };
}

export function parseLexicon(texts: LexiconTexts): Lexicon {
  const effectsData = effectsFile.parse(parse(texts.effects));
  const cuesData = z.record(z.enum(CUE_NAMES), z.string()).parse(parse(texts.cues));
  const compoundsData = compoundsFile.parse(parse(texts.compounds));
  const wordings = effectsData.effects.flatMap((effect) => [
    // `more` and `less` first: where a wording is listed twice, the one that carries a direction wins
    ...effect.more.map((phrase) => [phrase, { effect, wording: 'more' }] as const),
    ...effect.less.map((phrase) => [phrase, { effect, wording: 'less' }] as const),
    ...effect.names.map((phrase) => [phrase, { effect, wording: 'name' }] as const),
  ]);
  const directions = ['improves', 'worsens', 'no_effect'] as const;
  return {
    effects: new Map(effectsData.effects.map((effect) => [effect.id, effect])),
    effectIndex: indexPhrases<EffectWording>(wordings),
    overall: directions.flatMap((direction) => effectsData.overall[direction].map((source) => ({ direction, pattern: new RegExp(source, 'u') }))),
    cues: Object.fromEntries(CUE_NAMES.map((name) => [name, new RegExp(`\\b(?:${cuesData[name].split(/,\s+/u).join('|')})(?!\\w)`, 'gu')])) as Record<
      CueName,
      RegExp
    >,
    compounds: compoundsData.compounds,
    lookalikes: compoundsData.lookalikes,
    classWords: indexPhrases(compoundsData.class_words.map((word) => [word, word] as const)),
  };
}
