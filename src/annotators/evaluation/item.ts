/**
 * What `hearsay evaluate` measures: sets of labelled texts, each judged into items. A set is one file in sets/ and one line in list.ts.
 * Items carry ids and labels; texts only as long as the baselines need them, never into a file. Definitions: docs/accuracy.md.
 */
import type { Annotation } from '../../model/annotation.ts';

/** One text under one label. */
export interface Item {
  readonly id: string;
  readonly gold: string;
  readonly said: string;
  /** What is drawn together when intervals are made: a thread, else the text itself. */
  readonly cluster: string;
  /** Calibrated confidence of `said`, where the annotator states one. */
  readonly confidence?: number;
  /** Of sets judged in folds. */
  readonly fold?: number;
}

/** One label over a set. */
export interface Measure {
  readonly name: string;
  /** The class whose F1 is the figure, for yes/no labels; else macro-F1 is. */
  readonly positive?: string;
  /** Classes with fewer texts are left out of macro-F1: they move by tenths by chance. Default 10. */
  readonly leastTexts?: number;
  readonly items: readonly Item[];
}

/** The effect claims of one text, counted. */
export interface ClaimTally {
  readonly id: string;
  readonly cluster: string;
  readonly fold?: number;
  readonly said: number;
  /** Right one to one. */
  readonly right: number;
  /** Effects a person marked. */
  readonly gold: number;
  /** Of the right ones, those with the effect's id. */
  readonly sameEffect: number;
  readonly unflagged: number;
  readonly unflaggedRight: number;
  readonly unflaggedStated: number;
}

/** What is known of a judged text besides its labels. */
export interface TextFacts {
  readonly id: string;
  readonly compound: string;
  readonly platform: string;
}

export interface JudgedSet {
  readonly measures: readonly Measure[];
  readonly claims?: readonly ClaimTally[];
  /** Makes the tables by compound and by platform. */
  readonly facts?: readonly TextFacts[];
  /** Texts by id, for baselines on the same rows of the measure named. */
  readonly baselines?: { readonly measure: string; readonly texts: ReadonlyMap<string, string>; readonly said: BaselineLabels };
}

/** What a tone below, around and above zero is called in this set. */
export interface BaselineLabels {
  readonly low: string;
  readonly middle: string;
  readonly high: string;
}

/** Annotates lines with the shipped annotator and counts whether quotes stand where claims say. */
export type Annotate = (line: Readonly<Record<string, unknown>>) => Promise<Annotation>;

export interface SetContext {
  /** The text of one of the set's files. */
  readonly read: (file: string) => string;
  readonly annotate: Annotate;
  readonly progress: (line: string) => void;
  /** Of sets judged in folds: the first so many only. */
  readonly folds?: number | undefined;
}

export interface EvaluationSet {
  readonly name: string;
  /** One line: what is compared, and how a label of the set becomes one of ours. */
  readonly about: string;
  /** Relative to the data folder; without one of them the set is skipped. */
  readonly files: readonly string[];
  judge(context: SetContext): Promise<JudgedSet>;
}
