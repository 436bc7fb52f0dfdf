/**
 * Accuracy figures from labelled texts and what an annotator said of them. Definitions in docs/accuracy.md.
 * Proved by test/unit/annotators/evaluate.test.ts on made-up labels with known answers.
 */
import { overlapShare, type GoldText } from './embedded/gold.ts';

/** An effect claim: id in effects.yaml or `overall`, direction, place of its quote. */
export interface SaidEffect {
  readonly effect: string;
  readonly direction: string;
  readonly start: number;
  readonly end: number;
  readonly flagged: boolean;
}

/** What is compared; any annotator's output fits. */
export interface EvaluatedText {
  readonly document_type: string;
  readonly evidence_tier: string;
  readonly sentiment: string;
  readonly first_person_use: boolean;
  readonly commercial_interest: boolean;
  readonly effects: readonly SaidEffect[];
  /** Main claim present, and whether it is flagged. */
  readonly main?: { readonly flagged: boolean } | undefined;
}

interface ClassFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly count: number;
}

export interface LabelFigures {
  readonly accuracy: number;
  /** Mean F1 over the labels that occur in the labelled texts. */
  readonly macro_f1: number;
  readonly classes: Readonly<Record<string, ClassFigures>>;
}

export interface EvaluationFigures {
  readonly texts: number;
  readonly document_type: LabelFigures;
  readonly evidence_tier: LabelFigures;
  readonly sentiment: LabelFigures;
  readonly first_person_use: ClassFigures;
  readonly commercial_interest: ClassFigures;
  /** All effect claims, flagged or not. */
  readonly effects: ClassFigures;
  /** Of those without a flag: share that is right one to one, share that is stated at all, number, share of all, share of the marked effects found. */
  readonly effects_unflagged: {
    readonly precision: number;
    readonly stated: number;
    readonly claims: number;
    readonly share: number;
    readonly recall: number;
  };
  /** A main claim is right when the text has a tier and it is the same. */
  readonly main: { readonly precision: number; readonly claims: number };
  readonly main_unflagged: { readonly precision: number; readonly claims: number; readonly share: number };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function classFigures(truth: readonly string[], said: readonly string[], label: string): ClassFigures {
  let both = 0;
  let inTruth = 0;
  let inSaid = 0;
  truth.forEach((value, index) => {
    if (value === label) inTruth += 1;
    if (said[index] === label) inSaid += 1;
    if (value === label && said[index] === label) both += 1;
  });
  const precision = ratio(both, inSaid);
  const recall = ratio(both, inTruth);
  return { precision, recall, f1: ratio(2 * precision * recall, precision + recall), count: inTruth };
}

export function labelFigures(truth: readonly string[], said: readonly string[]): LabelFigures {
  const labels = [...new Set(truth)].sort();
  const classes = Object.fromEntries(labels.map((label) => [label, classFigures(truth, said, label)]));
  const accuracy = ratio(truth.filter((value, index) => value === said[index]).length, truth.length);
  return {
    accuracy,
    macro_f1: ratio(
      Object.values(classes).reduce((sum, figures) => sum + figures.f1, 0),
      labels.length,
    ),
    classes,
  };
}

/** The mark each claim meets: one to one, same direction, quotes overlapping by half of the shorter; the largest overlaps first. */
export function pairEffects(gold: GoldText, effects: readonly SaidEffect[]): (GoldText['effects'][number] | undefined)[] {
  const targets = gold.effects.map((effect) => {
    const start = gold.text.indexOf(effect.quote);
    return { direction: effect.direction as string, start, end: start + effect.quote.length };
  });
  const pairs = effects.flatMap((effect, index) =>
    targets.flatMap((target, place) => {
      const share = target.start >= 0 && target.direction === effect.direction ? overlapShare(effect, target) : 0;
      return share >= 0.5 ? [{ index, place, share }] : [];
    }),
  );
  pairs.sort((left, right) => right.share - left.share || left.index - right.index || left.place - right.place);
  const matched: (GoldText['effects'][number] | undefined)[] = effects.map(() => undefined);
  const used = new Set<number>();
  for (const { index, place } of pairs) {
    if (matched[index] || used.has(place)) continue;
    matched[index] = gold.effects[place];
    used.add(place);
  }
  return matched;
}

/** Whether each claim meets a mark. */
export function matchEffects(gold: GoldText, effects: readonly SaidEffect[]): boolean[] {
  return pairEffects(gold, effects).map((target) => target !== undefined);
}

/** Ids in effects.yaml that a hand-written effect phrase may mean. */
export type MeantIds = (phrase: string) => ReadonlySet<string>;

/**
 * Whether the text states what each claim says: a person marked an effect of that direction in the claim's quote, or the same effect in that direction
 * elsewhere in the text. Looser than one to one: of two claims on one marked quote, or of a thing said twice, both are right.
 */
export function isStated(gold: GoldText, effects: readonly SaidEffect[], meant: MeantIds): boolean[] {
  const marked = gold.effects.map((effect) => {
    const start = gold.text.indexOf(effect.quote);
    return { direction: effect.direction as string, ids: meant(effect.effect), start, end: start + effect.quote.length };
  });
  return effects.map((effect) =>
    marked.some((mark) => mark.direction === effect.direction && ((mark.start >= 0 && overlapShare(effect, mark) >= 0.5) || mark.ids.has(effect.effect))),
  );
}

export function evaluateTexts(gold: readonly GoldText[], said: readonly EvaluatedText[], meant: MeantIds): EvaluationFigures {
  const labels = (key: 'document_type' | 'evidence_tier' | 'sentiment'): LabelFigures =>
    labelFigures(
      gold.map((text) => text[key]),
      said.map((text) => text[key]),
    );
  const yes = (key: 'first_person_use' | 'commercial_interest'): ClassFigures =>
    classFigures(
      gold.map((text) => String(text[key])),
      said.map((text) => String(text[key])),
      'true',
    );
  const matched = gold.flatMap((text, index) => {
    const effects = said[index]?.effects ?? [];
    return matchEffects(text, effects).map((right, place) => ({ right, flagged: effects[place]?.flagged ?? false }));
  });
  const right = matched.filter((claim) => claim.right).length;
  const wanted = gold.reduce((sum, text) => sum + text.effects.length, 0);
  const precision = ratio(right, matched.length);
  const recall = ratio(right, wanted);
  const open = gold.flatMap((text, index) => {
    const effects = (said[index]?.effects ?? []).filter((effect) => !effect.flagged);
    const stated = isStated(text, effects, meant);
    return matchEffects(text, effects).map((one, place) => ({ right: one, stated: stated[place] ?? false }));
  });
  const mains = gold.flatMap((text, index) => {
    const main = said[index]?.main;
    return main ? [{ right: text.evidence_tier !== 'none' && text.evidence_tier === said[index]?.evidence_tier, flagged: main.flagged }] : [];
  });
  const openMains = mains.filter((main) => !main.flagged);
  const rate = (list: readonly { readonly right: boolean }[]): number => ratio(list.filter((item) => item.right).length, list.length);
  return {
    texts: gold.length,
    document_type: labels('document_type'),
    evidence_tier: labels('evidence_tier'),
    sentiment: labels('sentiment'),
    first_person_use: yes('first_person_use'),
    commercial_interest: yes('commercial_interest'),
    effects: { precision, recall, f1: ratio(2 * precision * recall, precision + recall), count: wanted },
    effects_unflagged: {
      precision: rate(open),
      stated: ratio(open.filter((claim) => claim.stated).length, open.length),
      claims: open.length,
      share: ratio(open.length, matched.length),
      recall: ratio(open.filter((claim) => claim.right).length, wanted),
    },
    main: { precision: rate(mains), claims: mains.length },
    main_unflagged: { precision: rate(openMains), claims: openMains.length, share: ratio(openMains.length, mains.length) },
  };
}
