/**
 * How doses, concentrations, frequencies and schedules are written: the expressions of mask-doses.ts, for texts folded by folded-view.ts.
 * Every repeat is bounded, so the cost is linear in the text. Proved by test/unit/normalize/dose-guard.test.ts over test/fixtures/dosing.
 */

const TENS = '(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)';
const NUMBER_WORD = `(?:zero|point|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|${TENS}|hundred|thousand|half|quarters?|couple|few|several|dozen|zwei|drei|deux|trois|två)`;
const DIGITS = "(?:\\d{1,3}(?:[ ']\\d{3}){1,2}(?!\\d)|\\d{1,9}(?:[.,]\\d{1,6}){0,3}|[.,]\\d{1,6}|[½¼¾⅓⅔])";
const AMOUNT = `(?:${DIGITS}(?:k(?!g))?|(?:an?\\s)?${NUMBER_WORD}(?:[\\s-]{1,2}(?:and\\s)?(?:an?\\s)?${NUMBER_WORD}){0,4}(?:\\sof)?(?:\\san?)?)`;
/** A small number, or two, where nothing longer is ever said; the long form takes much longer to compile. */
const NUMBER = `(?:\\d{1,4}(?:[.,]\\d{1,3})?|[½¼¾]|${NUMBER_WORD}|an?(?:\\s${NUMBER_WORD})?)`;
const FEW = `${NUMBER}(?:\\s{0,2}(?:-|–|to|or)\\s{0,2}${NUMBER})?`;
const RANGE = `(?:between\\s${DIGITS}\\sand\\s)?${AMOUNT}(?:\\s{0,2}(?:-|–|—|to|or|and|/|x|×|\\*|\\+|then)\\s{0,2}${AMOUNT}){0,6}`;
const BEFORE = '(?<![\\w$€£]|\\d\\.)';
const AFTER = '(?![\\w\\p{L}])';

const MASS =
  '(?:m[cс]gs?|[µμ]gs?|ugs?|mgs?|mgr|ngs?|gms?|g(?!\\sof\\s(?:protein|carbs?|sugar|fat|fib(?:er|re)))|grams?|mill?igram(?:me?)?s?|mi[ck]rogram(?:me?)?s?|mics|mikes|megs|мкг|мг)';
const VOLUME = '(?:mill?ilit(?:er|re)s?|mls?|mils|ccs?|μl|µl|tsps?|tbsps?|teaspoons?|tablespoons?|мл)';
const ACTIVITY = '(?:iu’s|ius?|i\\.u\\.|units?(?!\\stests?)|u(?=\\s(?:on|of|in|per|a|each)\\b)|ui|ед|ticks?|clicks?)';
const FORM =
  '(?:drops?|sprays?|squirts?|puffs?|pumps?|capsules?|caps?|tablets?|tabs?|pills?|vials?|ampoules?|ampules?|amps|lozenges?|scoops?|patch(?:es)?|dropper(?:ful)?s?|syringes?|tropfen|tabletten|kapseln|gotas?|gocce|goccia|gouttes?|droppar|krop(?:le|li)|comprim[ée]s|comprimidos|капл[ия]|капель|таблет[а-я]{1,3})';
const UNIT = `(?:${MASS}|${VOLUME}|${ACTIVITY}|${FORM})`;
const PERIOD = '(?:hours?|hrs?|h|days?|nights?|mornings?|evenings?|afternoons?|weeks?|wks?|months?|mos?)';
const WEEKDAY = '(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?';
const PER = `(?:\\s{0,2}(?:/\\s{0,2}|(?:per|an?|each|in each|every)\\s{1,2})(?:\\d{1,4}\\s{0,2})?(?:kg|kilo|kilogram|ml|cc|lb|pound|dose|injection|nostril|capsule|cap|tablet|spray|drop|day|week|month|night|morning|evening|hour|hr|h|d|wk)s?\\b|[\\s·.*]{0,2}(?:kg|day|d|h|ml)\\s?[-−]\\s?1(?!\\d)|\\s(?:of\\s)?body\\s?weight\\b|\\sin\\sthe\\s(?:left|right)\\snostril\\b)`;
const CLOCK = '(?:\\d{1,2}(?::\\d{2})?\\s?[ap]\\.?m\\b\\.?|\\d{1,2}:\\d{2})';
/** Verbs that a bare number after them makes a dose. */
const TAKES = '(?:tak(?:e|es|en|ing)|dos(?:e|ed|es|ing)|inject(?:ed|ing|s)?|pin(?:ned|ning|s)?|spray(?:ed|ing)?)';
const WHEN =
  '(?:(?:at\\s|in\\sthe\\s|before\\s|upon\\s|on\\s|per\\s|an?\\s|each\\s|every\\s|pre-?|post-?)(?:am|pm|mornings?|evenings?|nights?|bedtime|bed|breakfast|lunch|dinner|waking|workouts?|day|week|an\\sempty\\sstomach)|daily|nightly|weekly|once\\sdaily|twice\\sdaily)\\b';
/** A count of something else: an age, a time, people, a weight, a share. */
const OTHER_COUNT =
  '(?![\\w%:]|\\.\\d|\\s?(?:years?|yrs?|people|patients|users|times|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|lbs?|pounds|kgs?|kilos|miles|percent|points|am|pm)\\b)';

export interface DosePattern {
  readonly pattern: RegExp;
  /** One of these is in every match, in lower case: a look that costs little. */
  readonly needs?: readonly string[];
  /** Shown where something else is said to be done, and nothing to be taken: people also go to the gym every day. */
  readonly weak?: true;
}

export const DOSE_PATTERNS: readonly DosePattern[] = [
  // 250mcg, 250 - 500 µg/kg/day, half a milligram, two sprays per nostril; mg/dl and ng/ml of blood are results
  {
    pattern: new RegExp(
      `${BEFORE}${RANGE}(?:-?ish)?[\\s-]{0,2}(?:of\\sa\\s|(?:whole|full|small|big|large|tiny|extra|more)\\s)?${UNIT}${AFTER}(?!\\s?/\\s?d?l\\b)(?<!ngs?(?=\\s?/\\s?ml))${PER}{0,3}`,
      'giu',
    ),
  },
  // molar concentrations
  { pattern: new RegExp(`${BEFORE}${DIGITS}\\s{0,2}(?:[nµμm]M|mmol|µmol|μmol|nmol)${AFTER}(?!\\s?/\\s?l\\b)(?:\\s?/\\s?kg\\b)?`, 'gu') },
  // a percentage is a concentration when a preparation follows
  {
    pattern: new RegExp(
      `${BEFORE}${DIGITS}\\s?%(?=\\s(?:w/v\\s|nasal\\s|oral\\s|topical\\s)?(?:solution|spray|drops?|cream|gel|serum|tincture|ointment)\\b)`,
      'giu',
    ),
  },
  // dose of 250, dosed at 300, dosage: 0.5, starting dose was 10
  {
    needs: ['dos', 'inject', 'pinn'],
    pattern: new RegExp(
      `(?<=\\b(?:dos(?:e|es|ed|age|ages|ing)|inject(?:ed|ing)?|pinn(?:ed|ing))\\s{0,2}(?:of|at|is|was|:|=|to|about|around|only|up to|~)?\\s{0,2})~?${DIGITS}(?:\\s{0,2}(?:-|–|to|/)\\s{0,2}${DIGITS}){0,2}${OTHER_COUNT}`,
      'giu',
    ),
  },
  // take 2 at night, two before bed, 500 in the morning, 500 a day
  {
    needs: ['tak', 'dos', 'inject', 'pin', 'spray'],
    pattern: new RegExp(`(?<=\\b${TAKES}\\s(?:about\\s|around\\s|only\\s|just\\s)?)${FEW}\\s${WHEN}`, 'giu'),
  },
  {
    pattern: new RegExp(
      `${BEFORE}(?:\\d{1,4}\\s?[-–]\\s?)?\\d{2,4}\\s(?:(?:an?|per|each|every)\\s(?:day|night|week)|in\\sthe\\s(?:mornings?|evenings?|am|pm)|daily|nightly)\\b`,
      'giu',
    ),
  },
  // ran 250/500
  { needs: ['/'], pattern: new RegExp(`(?<=\\b(?:${TAKES}|took|r[au]n|running|split(?:ting)?)\\s)\\d{2,4}\\s?/\\s?\\d{2,4}${OTHER_COUNT}`, 'giu') },
  // started at 100 and worked up to 300, titrated up to 500, start with 100, bumped it to 400
  {
    needs: ['start'],
    pattern: new RegExp(
      `(?<=\\bstart(?:ed|ing)?\\s(?:at|with|on|from)\\s)${DIGITS}\\s(?:and|then)\\s(?:\\w{1,12}\\s){0,3}?to\\s${DIGITS}${OTHER_COUNT}`,
      'giu',
    ),
  },
  {
    needs: ['start', 'begin', 'titrat', 'taper', 'bump', 'ramp', 'work'],
    pattern: new RegExp(
      `(?<=\\b(?:start|starting|begin|titrat(?:e|ed|ing)|taper(?:ed|ing)?|bump(?:ed|ing)?|ramp(?:ed|ing)?|work(?:ed|ing)?)\\s(?:it\\s|slowly\\s|my\\sdose\\s)?(?:(?:up|down)\\s)?(?:at|with|by|to|from)\\s)${DIGITS}${OTHER_COUNT}`,
      'giu',
    ),
  },
  // draw to 10, fill it to the 20 mark, 10 on an insulin syringe
  {
    needs: ['draw', 'pull', 'fill'],
    pattern: new RegExp(
      `(?<=\\b(?:draw|pull|fill)(?:n|ed|ing)?\\s(?:it\\s)?(?:up\\s|back\\s)?(?:to\\s)?(?:the\\s)?(?:line\\s|mark\\s)?)${DIGITS}${OTHER_COUNT}`,
      'giu',
    ),
  },
  { needs: ['syringe', 'pin', 'pen'], pattern: new RegExp(`${BEFORE}${DIGITS}\\son\\s(?:an?|the|my)\\s(?:\\w{1,8}\\s)?(?:syringe|pin|pen)\\b`, 'giu') },
  // once daily, twice a week, 2x/day, 3 x week, x2 daily
  {
    needs: ['once', 'twice', 'thrice', 'times', 'x', '×'],
    pattern: new RegExp(
      `(?<!\\w)(?:once|twice|thrice|${FEW}\\s{0,2}(?:times|x|×)|[x×]\\s?\\d{1,2})(?:[\\s-]{0,2}(?:an?|per|each|every|/|in a|in the|at)?[\\s-]{0,2}(?:day|week|month|night|morning|evening|hour|d|wk|daily|weekly|nightly|monthly|bedtime|year|yearly)\\b)`,
      'giu',
    ),
    weak: true,
  },
  { pattern: new RegExp(`(?<!\\w)${DIGITS}(?:\\s{0,2}[-–]\\s{0,2}${DIGITS})?\\s{0,2}/\\s{0,2}(?:day|week|wk|d|night|month)\\b`, 'giu') },
  // 5 days a week, into two doses, drew 25
  {
    needs: ['day'],
    pattern: new RegExp(`(?<!\\w)${FEW}\\s(?:days?|nights?|mornings?)\\s(?:an?|per|each|every|/)\\s?(?:week|month)\\b`, 'giu'),
    weak: true,
  },
  { needs: ['dos', 'shots', 'injections'], pattern: new RegExp(`\\binto\\s${FEW}\\s(?:equal\\s|daily\\s)?(?:dos(?:es|ings)|shots|injections)\\b`, 'giu') },
  {
    needs: ['used', 'drew', 'pulled', 'took'],
    pattern: /(?<=\b(?:i|he|she|we|they)\s(?:used|drew|pulled|took)\s(?:about\s|only\s|just\s)?)\d{1,4}(?:\.\d{1,2})?(?=[.,;!](?:\s|$)|$)/giu,
  },
  // two doses a day, dos veces al día
  {
    needs: ['doses', 'shots', 'injections', 'pins'],
    pattern: new RegExp(`(?<!\\w)${FEW}\\s(?:doses|shots|injections|pins)\\s(?:an?|per|each|every)\\s(?:day|week|month|night)\\b`, 'giu'),
  },
  {
    needs: ['vez', 'veces', 'mal ', 'fois'],
    pattern: /(?<!\w)(?:una|dos|tres|\d)\s(?:vez|veces)\s(?:al|por)\s(?:día|dia|semana)|(?<!\w)\d\s?(?:mal|fois)\s(?:am tag|pro tag|täglich|par jour)/giu,
  },
  // every other day, every 8 hours, every three days, every morning, every Monday
  { needs: ['every'], pattern: new RegExp(`\\bevery\\s{1,2}(?:other|second|third|\\d(?:nd|rd|th)|${FEW})?\\s{0,2}${PERIOD}\\b`, 'giu'), weak: true },
  { needs: ['each'], pattern: /\beach\s(?:morning|night|evening|day)\b/giu, weak: true },
  {
    needs: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'week'],
    pattern: new RegExp(
      `\\b(?:(?:every|each)\\s${WEEKDAY}|on\\sweek(?:days|ends)(?:\\sonly)?|${WEEKDAY}(?=\\s?(?:,|/|&|and)\\s?${WEEKDAY}(?:\\s?(?:,|/|&)|\\sand\\s))|on\\s${WEEKDAY}s\\b|on\\s${WEEKDAY}(?=\\s?(?:[,/&]|and\\s)\\s?${WEEKDAY}))(?:(?:\\s?[,/&]\\s?|\\sand\\s)${WEEKDAY}s?){0,6}\\b`,
      'giu',
    ),
    weak: true,
  },
  {
    pattern:
      /\b(?:eod|eow|e\dd|m\/?w\/?f|mon\/wed\/fri|mon\s?[-–]\s?fri|b\.i\.d\.?|t\.?i\.?d\.?|q\.?i\.?d\.?|q\.?[do]\.?d?\.?|qhs|q\s?\d{1,2}\s?[hdw]|qam|qpm|prn|am\/pm)(?!\w)/giu,
  },
  {
    needs: ['bid'],
    pattern: /(?<!\b(?:an?|the|his|her|my|their|high|low|won)\s)\bbid(?!\w)(?!\s(?:for|on|to|up|farewell)\b)|\bbid(?=\s(?:for\snow|dosing))/giu,
  },
  { needs: ['alternat', 'consecutive'], pattern: /\b(?:on\s)?(?:alternate|alternating|consecutive)\sdays\b/giu },
  // taken daily, inject weekly
  {
    needs: ['daily', 'nightly', 'weekly', 'monthly'],
    pattern:
      /(?<=\b(?:tak(?:e|en|es|ing)|took|dos(?:e|ed|es|ing)|inject(?:ed|ing|s)?|us(?:e|ed|es|ing)|spray(?:ed|ing|s)?|pin(?:ned|ning|s)?|administered|appl(?:y|ied|ying))\s(?:it\s|this\s|them\s|mine\s)?)(?:daily|nightly|weekly|biweekly|bi-weekly|monthly)\b/giu,
  },
  {
    needs: ['daily', 'nightly', 'weekly', 'monthly'],
    pattern: /\b(?:daily|nightly|weekly|biweekly|bi-weekly|monthly)(?=\s(?:dos(?:e|es|age|ing)|injections?|sprays?|protocol|schedule)\b)/giu,
  },
  // at 8am, said of something taken
  {
    needs: ['am', 'pm', 'a.m', 'p.m', ':'],
    pattern: new RegExp(
      `(?<=\\b(?:${TAKES}|us(?:e|ed|ing)|took)\\s(?:it\\s|this\\s|mine\\s|them\\s)?)(?:at|around)\\s${CLOCK}(?:\\s?(?:and|,|&|/|then)\\s?(?:at\\s)?${CLOCK}){0,4}`,
      'giu',
    ),
  },
  // 10 days on 20 days off, 5 on / 2 off, 4 weeks on, 4 off, on for 4 weeks, off for 2, a 5/2 split
  {
    needs: ['off'],
    pattern: new RegExp(`(?<!\\w)${FEW}\\s{0,2}${PERIOD}?\\s{0,2}on\\s{0,2}(?:,|/|and|then|&)?\\s{0,2}${FEW}\\s{0,2}${PERIOD}?\\s{0,2}off\\b`, 'giu'),
  },
  { needs: ['on for'], pattern: new RegExp(`\\bon\\sfor\\s${FEW}\\s${PERIOD}?,?\\s?(?:and\\s|then\\s){0,2}off\\sfor\\s${FEW}(?:\\s${PERIOD})?\\b`, 'giu') },
  { needs: ['split'], pattern: /(?<!\w)\d\/\d\ssplit\b/giu },
  // an 8-week cycle, cycles of 4-6 weeks, a two week loading phase
  {
    needs: ['cycle', 'course', 'protocol', 'loading', 'taper', 'titration', ' run', '-run', 'blast'],
    pattern: new RegExp(
      `(?<!\\w)(?:${FEW}[\\s-]{1,2}${PERIOD}[\\s-](?:cycles?|course|run|blast|protocol|loading(?:\\sphase)?|taper|titration)|cycles?\\sof\\s${FEW}\\s${PERIOD})\\b`,
      'giu',
    ),
  },
  // weeks 1-4: 0.25
  {
    needs: [':', '='],
    pattern: new RegExp(`\\b(?:weeks?|days?|months?)\\s{0,2}${DIGITS}(?:\\s{0,2}(?:-|–|to)\\s{0,2}${DIGITS})?\\s{0,2}[:=]\\s{0,2}${DIGITS}(?!\\w)`, 'giu'),
  },
];

/** What may stand between two masked parts that then become one mask. */
export const JOINED = /^[\s,;/x×@~+()-]{0,4}(?:(?:and|then|or|to|per|at|for|of|in|a|the|with|done)[\s,]{1,3}){0,2}$/iu;

/** What belongs to a dose directly before it: a duration, a repeat, how it recurs. */
export const GOES_ON: readonly RegExp[] = [
  new RegExp(`^[\\s,(]{0,3}(?:for|over|x|×|during)\\s{0,2}(?:the\\s)?(?:about\\s|around\\s)?${FEW}\\s{0,2}${PERIOD}\\b`, 'iu'),
  /^\s{0,2}[x×]\s?\d{1,2}(?![\w.])/iu,
  /^[\s,]{0,3}(?:once\s|twice\s)?(?:daily|nightly|weekly|monthly|biweekly|bi-weekly|ed|(?:in the |before |at |per |an? |each )?(?:am(?: and pm)?|pm|morning|evening|bedtime|bed|day|week|night)s?|(?:pre|post)-?\s?workout|(?:up)?on (?:waking|an empty stomach)|with (?:food|breakfast|lunch|dinner))\b/iu,
];

/** No pattern matches without one of these. */
export const HINT =
  /[\d½¼¾⅓⅔]|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|quarter|couple|few|several|dozen|point|once|twice|thrice|every|each|eod|eow|mw|m\/w|mon|tue|wed|thu|fri|sat|sun|bid|b\.?i\.?d|t\.?i\.?d|q\.?[io]?\.?d|qhs|qam|qpm|prn|am\/|alternat|consecutive|daily|nightly|weekly|bi-?weekly|monthly|a (?:day|week|month)|cycle|weekday|weekend|zwei|drei|deux|trois|två|una|dos|tres)/iu;
