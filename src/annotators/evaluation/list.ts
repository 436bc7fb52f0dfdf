/** The sets of `hearsay evaluate`, in the order of its table. A new set is one file in sets/ and one line here. */
import type { EvaluationSet } from './item.ts';
import { druglib } from './sets/druglib.ts';
import { goemotions } from './sets/goemotions.ts';
import { goldByCompound, goldByThread } from './sets/gold.ts';
import { medline } from './sets/medline.ts';
import { own } from './sets/own.ts';
import { redditImpacts } from './sets/reddit-impacts.ts';
import { rhmd } from './sets/rhmd.ts';
import { studyType } from './sets/study-type.ts';
import { tweetSpam } from './sets/tweet-spam.ts';
import { tweeteval } from './sets/tweeteval.ts';

export const EVALUATION_SETS: readonly EvaluationSet[] = [
  own,
  goldByCompound,
  goldByThread,
  studyType,
  medline,
  rhmd,
  redditImpacts,
  goemotions,
  druglib,
  tweeteval,
  tweetSpam,
];
