/**
 * Hides doses, concentrations, frequencies and schedules wherever a quote or title is shown: Hearsay reports what people say happened,
 * never how much to take (design section 1). The ledger's bytes stay. Better one mask too many than one dose shown; but years, ages,
 * counts of people, percentages and laboratory values stay readable.
 * Every expression has bounded repeats, so the cost is linear in the text.
 * Proved by test/unit/normalize/mask-doses.test.ts (its own list of masked and kept phrases).
 */

export const DOSE_MASK = '[dose hidden]';

const NUMBER_WORD =
  '(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|quarter)';
const DIGITS = '(?:\\d{1,9}(?:[.,]\\d{1,6}){0,3}|[.,]\\d{1,6}|[½¼¾⅓⅔])';
const AMOUNT = `(?:${DIGITS}(?:k(?!g))?|(?:a\\s|an\\s)?${NUMBER_WORD}(?:[\\s-]{1,2}(?:and\\s)?(?:a\\s|an\\s)?${NUMBER_WORD}){0,4}(?:\\sa|\\san|\\sof\\sa)?|an?)`;
const RANGE = `(?:between\\s${DIGITS}\\sand\\s)?${AMOUNT}(?:\\s{0,2}(?:-|–|—|to|or|/|x|×|\\*|\\+|then)\\s{0,2}${AMOUNT}){0,6}`;
/** Laboratory values (mg/dl, ng/ml of blood) are results, not doses: excluded by the look-ahead. */
const MASS =
  '(?:mcgs?|µgs?|μgs?|ugs?|mgs?|mgr|ngs?|gms?|g|grams?|milligrams?|micrograms?|millilit(?:er|re)s?|mls?|cc|ccs|iu|iu’s|ius|i\\.u\\.|units?|drops?|sprays?|squirts?|puffs?|pumps?|capsules?|caps|tablets?|tabs?|pills?|vials?|ampoules?|ampules?|clicks?|ticks?|lozenges?|scoops?)';
const PER =
  '(?:\\s{0,2}(?:/|per|a|an|each|in each|every)\\s{0,2}(?:\\d{1,4}\\s{0,2})?(?:kg|kilo|kilogram|ml|cc|lb|pound|dose|injection|nostril|capsule|cap|tablet|spray|drop|day|week|month|night|morning|evening|hour|hr|h|d|wk)s?\\b)';
const PERIOD = '(?:hours?|hrs?|days?|nights?|mornings?|evenings?|afternoons?|weeks?|wks?|months?|mos?)';

const PATTERNS: readonly RegExp[] = [
  // 250mcg, 250 - 500 µg/kg/day, half a milligram, two sprays per nostril
  new RegExp(`(?<![\\w$€£.])${RANGE}[\\s-]{0,2}(?:of\\sa\\s)?${MASS}(?![\\w])(?!\\s?/\\s?d?l\\b)${PER}{0,3}`, 'giu'),
  //molar concentrations
  new RegExp(`(?<![\\w$€£.])${DIGITS}\\s{0,2}(?:[nµμm]M|mmol|µmol|μmol|nmol)(?!\\w)`, 'gu'),
  // a percentage is a concentration when a preparation follows
  new RegExp(`(?<![\\w$€£.])${DIGITS}\\s?%(?=\\s(?:w/v\\s|nasal\\s|oral\\s|topical\\s)?(?:solution|spray|drops?|cream|gel|serum|tincture|ointment)\\b)`, 'giu'),
  // dose of 250, dosed at 300, dosage: 0.5, starting dose was 10
  new RegExp(
    `(?<=\\b(?:dos(?:e|es|ed|age|ages|ing)|inject(?:ed|ing)?|pinn(?:ed|ing))\\s{0,2}(?:of|at|is|was|:|=|to|about|around|only|up to|~)?\\s{0,2})~?${DIGITS}(?:\\s{0,2}(?:-|–|to|/)\\s{0,2}${DIGITS}){0,2}(?![\\w%]|\\s(?:years?|people|patients|times|hours?|days?|weeks?|months?|minutes?|mins?)\\b)`,
    'giu',
  ),
  // once daily, twice a week, three times per day, 2x/day, 3 x week
  new RegExp(
    `(?<!\\w)(?:once|twice|thrice|${RANGE}\\s{0,2}(?:times|x|×))(?:[\\s-]{0,2}(?:a|an|per|each|every|/|in a|in the|at)?[\\s-]{0,2}(?:day|week|month|night|morning|evening|hour|d|wk|daily|weekly|nightly|monthly|bedtime|year|yearly)\\b)`,
    'giu',
  ),
  new RegExp(`(?<!\\w)${DIGITS}(?:\\s{0,2}[-–]\\s{0,2}${DIGITS})?\\s{0,2}/\\s{0,2}(?:day|week|wk|d|night|month)\\b`, 'giu'),
  // every other day, every 8 hours, every three days, every morning
  new RegExp(`\\bevery\\s{1,2}(?:other|second|third|few|${RANGE})?\\s{0,2}${PERIOD}\\b`, 'giu'),
  /\beach\s(?:morning|night|evening|day)\b/giu,
  /\b(?:eod|e\dd|m\/?w\/?f|mon\/wed\/fri|b\.?i\.?d\.?|t\.?i\.?d\.?|q\.?i\.?d\.?|q\.?d\.?|q\d{1,2}h|qam|qpm|prn|am\/pm)(?!\w)/giu,
  /\b(?:alternate|alternating|consecutive)\sdays\b/giu,
  // taken daily, inject weekly
  /(?<=\b(?:tak(?:e|en|es|ing)|dos(?:e|ed|es|ing)|inject(?:ed|ing|s)?|us(?:e|ed|es|ing)|spray(?:ed|ing|s)?|pin(?:ned|ning|s)?|administered|appl(?:y|ied))\s(?:it\s|this\s|them\s|mine\s)?)(?:daily|nightly|weekly|biweekly|bi-weekly|monthly)\b/giu,
  /\b(?:daily|nightly|weekly|biweekly|bi-weekly|monthly)(?=\s(?:dos(?:e|es|age|ing)|injections?|sprays?|protocol|schedule)\b)/giu,
  // 10 days on 20 days off, 5 on / 2 off, 4 weeks on, 4 off
  new RegExp(`(?<!\\w)${AMOUNT}\\s{0,2}${PERIOD}?\\s{0,2}on\\s{0,2}(?:,|/|and|then|&)?\\s{0,2}${AMOUNT}\\s{0,2}${PERIOD}?\\s{0,2}off\\b`, 'giu'),
  // weeks 1-4: 0.25
  new RegExp(`\\b(?:weeks?|days?|months?)\\s{0,2}${DIGITS}(?:\\s{0,2}(?:-|–|to)\\s{0,2}${DIGITS})?\\s{0,2}[:=]\\s{0,2}${DIGITS}(?!\\w)`, 'giu'),
];

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What may stand between two masked parts that then become one mask. */
const JOINED = /^[\s,;/x×@~+()-]{0,4}(?:(?:and|then|or|to|per|at|for|of|in|a|the|with|done)[\s,]{1,3}){0,2}$/iu;
/** A duration that belongs to the dose before it. */
const DURATION = new RegExp(`^[\\s,(]{0,3}(?:for|over|x|×|during)\\s{0,2}(?:the\\s)?(?:about\\s|around\\s)?${RANGE}\\s{0,2}${PERIOD}\\b`, 'iu');
/** How it recurs, directly after a dose. */
const RECURRENCE =
  /^[\s,]{0,3}(?:once\s|twice\s)?(?:daily|nightly|weekly|monthly|biweekly|bi-weekly|(?:in the |before |at |per |a |each )?(?:am|pm|morning|evening|bedtime|bed|day|week|night)s?)\b/iu;

export function maskDoses(text: string): string {
  const spans = mergeSpans(
    text,
    [...findDoses(text), ...findTableCells(text)].sort((left, right) => left.start - right.start || right.end - left.end),
  );
  let shown = '';
  let from = 0;
  for (const span of spans) {
    shown += text.slice(from, span.start) + DOSE_MASK;
    from = span.end;
  }
  return shown + text.slice(from);
}

/** No pattern matches without one of these. */
const HINT =
  /[\d½¼¾⅓⅔]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|quarter|once|twice|thrice|every|each|eod|mw|m\/w|mon\/|b\.?i\.?d|t\.?i\.?d|q\.?i?\.?d|qam|qpm|prn|am\/|alternat|consecutive|daily|nightly|weekly|bi-?weekly|monthly)/iu;

function findDoses(text: string): Span[] {
  if (!HINT.test(text)) return [];
  const spans: Span[] = [];
  for (const pattern of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      // "a cap", "an unit" and "5G" are words, "take a tablet" is not worth hiding: an article alone is no amount.
      if (/^an?[\s-]/iu.test(match[0]) && !new RegExp(NUMBER_WORD, 'iu').test(match[0])) continue;
      if (/^\d{1,2}G$/u.test(match[0])) continue;
      let end = start + match[0].length;
      for (let extended = true; extended; ) {
        const rest = text.slice(end, end + 80);
        const more = DURATION.exec(rest) ?? RECURRENCE.exec(rest);
        extended = more !== null && more[0].length > 0;
        if (more) end += more[0].length;
      }
      spans.push({ start, end });
    }
  }
  return spans;
}

const TABLE_ROW = /^[^\n|]{0,400}\|[^\n|]{0,400}\|.*$/gmu;
const DOSE_TABLE = /\b(?:dose|dosage|mcg|mg|µg|iu|units?|frequency|week|schedule|protocol)\b/iu;
const NUMERIC_CELL = /^[\s*~]{0,6}(?:(?:weeks?|days?|months?)\s)?\d[\d.,\s–x×/-]{0,20}\w{0,5}[\s*]{0,6}$/iu;

/** In a table that speaks of doses anywhere, every cell that is a bare number is one. */
function findTableCells(text: string): Span[] {
  if (!text.includes('|')) return [];
  const rows = [...text.matchAll(TABLE_ROW)];
  if (!rows.some((row) => DOSE_TABLE.test(row[0]))) return [];
  const spans: Span[] = [];
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

function mergeSpans(text: string, spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && (span.start <= last.end || (span.start - last.end <= 16 && JOINED.test(text.slice(last.end, span.start))))) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else merged.push(span);
  }
  return merged;
}
