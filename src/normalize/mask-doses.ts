/**
 * Hides doses, concentrations, frequencies and schedules wherever a quote or title is shown: Hearsay reports what people say happened,
 * never how much to take (design section 1). The ledger's bytes stay. Better one mask too many than one dose shown; but years, ages,
 * counts of people, percentages and laboratory values stay readable.
 * Proved by test/unit/normalize/mask-doses.test.ts and, sentence by sentence, by dose-guard.test.ts beside it.
 */
import { DOSE_PATTERNS, GOES_ON, HINT, JOINED } from './dose-patterns.ts';
import { foldText, type Stretch } from './folded-view.ts';

export const DOSE_MASK = '[dose hidden]';

/** Said of something taken; of another thing's rhythm it says nothing. */
const TAKING =
  /(?<=\d\s?)(?:m?c?g|[µμu]g|ml|iu)\b|\b(?:tak(?:e|es|en|ing)|took|us(?:e|ed|es|ing)(?!\sto\b)|inject\w*|dos(?:e|es|ed|ing|age)|spray\w*|pin(?:s|ned|ning)?|administ\w*|appl(?:y|ied|ying)|drops?|shots?|pills?|caps\w*|tablets?|units?|protocol|cycl\w*|sub-?q|nasal\w*|vial|did it|do it)\b/iu;
/** What else goes on day by day. */
const OTHER_DOINGS =
  /\b(?:gym|\d\s(?:miles|km|laps)|work(?:s|ed|ing)?\s?outs?|train(?:s|ed|ing)?|lift(?:s|ed|ing)?|exercis\w+|walk\w*|jog\w*|swim\w*|cardio|w[ao]ke|waking|pray\w*|therap(?:y|ist)|call(?:s|ed)?|met|meet\w*|visit\w*|hurts?|pain\w*|aches?|headaches?|migraines?|panic|attacks?|seizures?|sick|happen\w*|struggl\w+|cry|cried|vomit\w*|driv(?:e|es|ing)|shower\w*|post(?:s|ed|ing)?|work(?:s|ed|ing)?)\b/iu;
/** Packages bought are no dose. */
const BOUGHT = /\b(?:bought|buy|order(?:ed|ing)?|purchased?|received|shipped|sold)\s(?:me\s)?$/iu;

export function maskDoses(text: string): string {
  const view = foldText(text);
  const found = [...findDoses(view.plain), ...findTableCells(view.plain)].sort((left, right) => left.start - right.start || right.end - left.end);
  let shown = '';
  let from = 0;
  for (const span of mergeSpans(view.plain, found)) {
    const { start, end } = view.placeOf(span);
    shown += text.slice(from, start) + DOSE_MASK;
    from = end;
  }
  return shown + text.slice(from);
}

function findDoses(text: string): Stretch[] {
  if (!HINT.test(text)) return [];
  const lower = text.toLowerCase();
  const likely = DOSE_PATTERNS.filter(({ needs }) => needs === undefined || needs.some((word) => lower.includes(word)));
  return likely.flatMap(({ pattern, weak }) =>
    [...text.matchAll(pattern)]
      .filter((match) => !isOtherThing(text, match) && (!weak || isAboutTaking(text, match)))
      .map((match) => ({ start: match.index, end: endOfDose(text, match.index + match[0].length) })),
  );
}

/** "5G" is a word. */
function isOtherThing(text: string, match: RegExpExecArray): boolean {
  const [said] = match;
  if (/^\d{1,2}G$/u.test(said)) return true;
  return /vials?$/iu.test(said) && BOUGHT.test(text.slice(Math.max(0, match.index - 20), match.index));
}

function isAboutTaking(text: string, match: RegExpExecArray): boolean {
  const before = text.slice(Math.max(0, match.index - 160), match.index).split(/[.!?\n](?=\s|$)/u);
  const end = match.index + match[0].length;
  const after = text.slice(end, end + 160).split(/[.!?\n](?=\s|$)/u, 1);
  const around = `${before.at(-1)} ${after[0]}`;
  return TAKING.test(around) || !OTHER_DOINGS.test(around);
}

/** Past the durations and recurrences that follow directly. */
function endOfDose(text: string, from: number): number {
  let end = from;
  for (;;) {
    const rest = text.slice(end, end + 80);
    const more = GOES_ON.map((pattern) => pattern.exec(rest)?.[0].length ?? 0).find((length) => length > 0);
    if (more === undefined) return end;
    end += more;
  }
}

const TABLE_ROW = /^[^\n|]{0,400}\|[^\n|]{0,400}\|.*$/gmu;
const DOSE_TABLE = /\b(?:dose|dosage|mcg|mg|µg|iu|units?|frequency|week|schedule|protocol)\b/iu;
const NUMERIC_CELL = /^[\s*~]{0,6}(?:(?:weeks?|days?|months?)\s)?\d[\d.,\s–x×/-]{0,20}\w{0,5}[\s*]{0,6}$/iu;

/** In a table that speaks of doses anywhere, every cell that is a bare number is one. */
function findTableCells(text: string): Stretch[] {
  if (!text.includes('|')) return [];
  const rows = [...text.matchAll(TABLE_ROW)];
  if (!rows.some((row) => DOSE_TABLE.test(row[0]))) return [];
  const spans: Stretch[] = [];
  for (const row of rows) {
    let start = row.index;
    for (const cell of row[0].split('|')) {
      if (NUMERIC_CELL.test(cell)) {
        const lead = cell.length - cell.trimStart().length;
        spans.push({ start: start + lead, end: start + lead + cell.trim().length });
      }
      start += cell.length + 1;
    }
  }
  return spans;
}

function mergeSpans(text: string, spans: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && (span.start <= last.end || (span.start - last.end <= 16 && JOINED.test(text.slice(last.end, span.start))))) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}
