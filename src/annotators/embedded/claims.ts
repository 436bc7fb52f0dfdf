/**
 * Effect claims and the main claim, each with a quote that is a stretch of the text itself. A claim belongs to the compound named
 * nearest before the outcome in its sentence, else to the one the text is about; claims on compounds outside the scope keep their own name.
 */
import type { Claim } from '../../model/annotation.ts';
import type { EvidenceTier } from '../../model/labels.ts';
import type { EffectCandidate } from './effect-candidates.ts';
import { SIDE_EFFECTS } from './effect-model.ts';
import type { TokenMention } from './mentions.ts';
import type { Reading, SentenceReading } from './reading.ts';
import type { Span } from './sentences.ts';
import type { ScoredCandidate } from './stages.ts';

/** A candidate is a claim from this score on: the point of best F1 on the labelled texts (docs/accuracy.md). */
const ACCEPT_SCORE = 0.44;
/** More claims than this from one text are a list, not statements. */
const MAX_EFFECT_CLAIMS = 40;
const MAX_QUOTE_CHARS = 300;

export interface EffectClaim {
  readonly compound: string;
  /** Named, but not one of the scope's. */
  readonly outside: boolean;
  readonly effect: string;
  readonly effectText: string;
  readonly direction: Claim['direction'];
  readonly score: number;
  readonly quote: Span;
}

export function collectEffectClaims(reading: Reading, scored: readonly ScoredCandidate[], subject: string): EffectClaim[] {
  const best = new Map<string, EffectClaim>();
  for (const { candidate, direction, score } of scored) {
    if (score < ACCEPT_SCORE || isRepeated({ candidate, direction, score, claim: 0 }, scored)) continue;
    const named = findSubject(reading, candidate);
    const claim: EffectClaim = {
      compound: named?.compound ?? subject,
      outside: named !== undefined && named.kind !== 'scope',
      effect: candidate.effect?.id ?? 'overall',
      effectText: reading.text.slice(candidate.hit.start, candidate.hit.end).replace(/\s+/gu, ' ').trim().slice(0, 120),
      direction,
      score,
      quote: quoteOf(reading, candidate),
    };
    const key = `${claim.compound}\n${claim.effect}\n${claim.direction}`;
    const known = best.get(key);
    if (!known || claim.score > known.score) best.set(key, claim);
  }
  return [...best.values()].sort((left, right) => left.quote.start - right.quote.start || left.quote.end - right.quote.end).slice(0, MAX_EFFECT_CLAIMS);
}

/**
 * "No side effects" is no second claim that nothing happened: a judgement of the whole gives way to a named outcome in its own clause. And "the side
 * effects were nausea and a headache" states two effects, not three: the heading gives way to what it announces in its sentence.
 */
function isRepeated(general: ScoredCandidate, scored: readonly ScoredCandidate[]): boolean {
  const { effect, clause, sentence } = general.candidate;
  const isHeading = effect?.id === SIDE_EFFECTS && general.direction === 'worsens';
  if (effect !== undefined && !isHeading) return false;
  return scored.some(({ candidate, direction, score }) => {
    if (candidate.effect === undefined || direction !== general.direction || score < ACCEPT_SCORE) return false;
    return isHeading ? candidate.effect.id !== SIDE_EFFECTS && candidate.sentence === sentence : candidate.clause.start === clause.start;
  });
}

/** The compound the clause speaks of: the last one named before the outcome in the sentence, else the first after it in the clause. */
function findSubject(reading: Reading, candidate: EffectCandidate): TokenMention | undefined {
  const { sentence, from, to, clause } = candidate;
  let before: TokenMention | undefined;
  for (const mention of reading.names) {
    if (mention.from < sentence.from) continue;
    if (mention.from >= sentence.to) break;
    if (mention.to <= from) before = mention;
    else if (mention.from >= to && before === undefined && (reading.tokens[mention.from]?.start ?? 0) < clause.end) return mention;
  }
  return before;
}

/** A sentence up to this length is quoted whole: a clause torn out of it may lose the "not" or the "if". */
const MAX_SENTENCE_QUOTE = 160;

/** The sentence, or of a long one the clause; a bare list item ("recovery") takes the list's beginning with it, so that the quote says what happened. */
function quoteOf(reading: Reading, candidate: EffectCandidate): Span {
  const { clause, sentence, hit } = candidate;
  if (sentence.end - sentence.start <= MAX_SENTENCE_QUOTE) return { start: sentence.start, end: sentence.end };
  let { start, end } = clause;
  if (end - start > MAX_QUOTE_CHARS) {
    start = Math.max(start, hit.start - MAX_QUOTE_CHARS / 2);
    end = Math.min(end, hit.end + MAX_QUOTE_CHARS / 2);
    return widenToWords(reading.text, { start, end });
  }
  const words = reading.text.slice(start, end).split(/\s+/u).length;
  if (words < 4 && end - sentence.start <= 200 && candidate.wording !== 'overall') {
    const previous = sentence.clauses.filter((other) => other.end <= start).at(-1);
    if (previous && end - previous.start <= 160) start = previous.start;
  }
  return { start, end };
}

/** Cuts at white space, never inside a word or a surrogate pair. */
function widenToWords(text: string, span: Span): Span {
  let { start, end } = span;
  while (start < end && start > 0 && /\S/u.test(text[start - 1] as string)) start += 1;
  while (end > start && end < text.length && /\S/u.test(text[end] as string)) end -= 1;
  while (start < end && /\s/u.test(text[start] as string)) start += 1;
  while (end > start && /\s/u.test(text[end - 1] as string)) end -= 1;
  return end > start ? { start, end } : trimToPairs(text, span);
}

function trimToPairs(text: string, span: Span): Span {
  const start = /[\uDC00-\uDFFF]/.test(text[span.start] ?? '') ? span.start + 1 : span.start;
  const end = /[\uD800-\uDBFF]/.test(text[span.end - 1] ?? '') ? span.end - 1 : span.end;
  return { start, end };
}

/** The sentence that carries the main statement: the strongest effect claim's, else the one that best fits the tier. */
export function findMainQuote(reading: Reading, claims: readonly EffectClaim[], tier: EvidenceTier): Span | undefined {
  const inside = claims.filter((claim) => !claim.outside);
  const strongest = [...(inside.length > 0 ? inside : claims)].sort((left, right) => weightOf(right) - weightOf(left))[0];
  const own = strongest && reading.sentences.find((sentence) => sentence.start <= strongest.quote.start && strongest.quote.start < sentence.end);
  const sentence = own ?? [...reading.sentences].sort((left, right) => rankSentence(right, tier) - rankSentence(left, tier) || left.start - right.start)[0];
  if (!sentence) return undefined;
  if (sentence.end - sentence.start <= MAX_QUOTE_CHARS) return { start: sentence.start, end: sentence.end };
  const clause = strongest?.quote ?? sentence.clauses.find((part) => part.end - part.start > 30) ?? sentence;
  return clause.end - clause.start <= MAX_QUOTE_CHARS ? clause : widenToWords(reading.text, { start: clause.start, end: clause.start + MAX_QUOTE_CHARS });
}

/** What changed says more than what did not. */
function weightOf(claim: EffectClaim): number {
  return claim.score - (claim.direction === 'no_effect' ? 0.2 : 0);
}

/** Greetings, thanks and apologies open and close a post, and state nothing of the compound. */
const INTRODUCES =
  /^\W{0,5}(?:(?:hi|hello|hey|greetings|good (?:morning|evening|day)|dear)\b|(?:long|first)[ -]?time (?:lurker|reader|listener|poster)|(?:i'm |i am )?new (?:here|to this|to the)|sorry (?:for|if|about)|apologies|thanks in advance|edit\b|background:?|not sure if this)|\b(?:long[ -]?time lurker|first[ -]?time (?:poster|posting)|my first post|bear with me)\b/u;

function rankSentence(sentence: SentenceReading, tier: EvidenceTier): number {
  const { cues } = sentence;
  let rank = Math.min(1, (sentence.end - sentence.start) / 60);
  if (sentence.question) rank -= 2;
  if (sentence.quoted) rank -= 1;
  if (INTRODUCES.test(sentence.plain) && cues.own_outcome + cues.helps + cues.up + cues.down === 0) rank -= 2;
  if (sentence.plain.includes('c0mp')) rank += 1;
  rank += Math.min(2, cues.helps + cues.up + cues.down) * 0.3 - cues.thanks * 0.5;
  if (tier === 'human' || tier === 'preclinical') rank += Math.min(4, cues.study) * 0.7;
  if (tier === 'mechanistic') rank += Math.min(4, cues.mechanism) * 0.7;
  if (tier === 'anecdotal') rank += Math.min(3, cues.first_use + cues.own_outcome + cues.second_use) * 0.7;
  if (tier === 'speculative') rank += Math.min(3, cues.praise + cues.blame + cues.own_outcome) * 0.5;
  return rank;
}
