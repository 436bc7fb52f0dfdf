/**
 * Where a text may state an effect: every outcome of the lexicon that is named, and every clause that judges the whole ("it works",
 * "did nothing"). Deciding which of them are claims, and in which direction, is effect-model.ts's job.
 */
import type { Direction } from '../../model/labels.ts';
import type { Effect, Lexicon, Wording } from './lexicon.ts';
import type { Reading, SentenceReading } from './reading.ts';
import type { Span } from './sentences.ts';

export type EffectDirection = Exclude<Direction, 'none'>;

export interface EffectCandidate {
  /** Undefined = the whole (`overall`). */
  readonly effect: Effect | undefined;
  readonly wording: Wording | 'overall';
  readonly sentence: SentenceReading;
  readonly clause: Span;
  /** The words that name the outcome or the judgement. */
  readonly hit: Span;
  /** Tokens of the hit: first and one past the last. */
  readonly from: number;
  readonly to: number;
  /** Which judgement patterns fire, by number. */
  readonly patterns: readonly number[];
  readonly patternDirections: readonly EffectDirection[];
}

/** More would be a catalogue, not a post. */
const MAX_CANDIDATES = 400;

export function findEffectCandidates(reading: Reading, lexicon: Lexicon): EffectCandidate[] {
  const candidates: EffectCandidate[] = [];
  let next = 0;
  const named = new Set(reading.names.flatMap((mention) => Array.from({ length: mention.to - mention.from }, (_, index) => mention.from + index)));
  for (const sentence of reading.sentences) {
    while (next < reading.effects.length && (reading.effects[next]?.from ?? 0) < sentence.from) next += 1;
    for (; next < reading.effects.length; next += 1) {
      const match = reading.effects[next];
      if (!match || match.from >= sentence.to) break;
      if (named.has(match.from)) continue;
      const hit = { start: reading.tokens[match.from]?.start ?? 0, end: reading.tokens[match.to - 1]?.end ?? 0 };
      candidates.push({
        effect: match.value.effect,
        wording: match.value.wording,
        sentence,
        clause: clauseAround(sentence, hit),
        hit,
        from: match.from,
        to: match.to,
        patterns: [],
        patternDirections: [],
      });
    }
    candidates.push(...findJudgements(reading, sentence, lexicon));
    if (candidates.length >= MAX_CANDIDATES) break;
  }
  return candidates.slice(0, MAX_CANDIDATES);
}

function clauseAround(sentence: SentenceReading, hit: Span): Span {
  return sentence.clauses.find((clause) => clause.start <= hit.start && hit.start < clause.end) ?? { start: sentence.start, end: sentence.end };
}

function findJudgements(reading: Reading, sentence: SentenceReading, lexicon: Lexicon): EffectCandidate[] {
  return sentence.clauses.flatMap((clause) => {
    const plain = plainClause(reading, clause);
    let first: Span | undefined;
    const patterns: number[] = [];
    const patternDirections: EffectDirection[] = [];
    lexicon.overall.forEach(({ pattern, direction }, index) => {
      const match = pattern.exec(plain);
      if (!match) return;
      patterns.push(index);
      patternDirections.push(direction);
      first ??= { start: clause.start + match.index, end: clause.start + match.index + match[0].length };
    });
    if (!first) return [];
    const hit = first;
    let from = sentence.from;
    while (from < sentence.to && (reading.tokens[from]?.end ?? 0) <= hit.start) from += 1;
    let to = from;
    while (to < sentence.to && (reading.tokens[to]?.start ?? 0) < hit.end) to += 1;
    return [{ effect: undefined, wording: 'overall', sentence, clause, hit, from, to, patterns, patternDirections }];
  });
}

/** Same length as the clause, so that a match's place is the text's place. */
function plainClause(reading: Reading, clause: Span): string {
  const raw = reading.text.slice(clause.start, clause.end);
  const lower = raw.toLowerCase();
  return (lower.length === raw.length ? lower : raw).replaceAll('’', "'").replace(/\s/gu, ' ');
}
