/**
 * Who is said to have done what, read word by word: "I took it" is told, "I'd take it" supposed, "I'm going to take it" planned, "I never took it" denied,
 * "have you tried it" asked. A small grammar of how English tells of use: a subject, few words, a verb; or a verb that opens a clause and whose subject is
 * left out ("Tried it for a week"). Proved by test/unit/annotators/who-used.test.ts.
 */

type Subject = 'i' | 'you' | 'others' | 'open';
type Manner = 'told' | 'planned' | 'supposed' | 'denied' | 'asked';

export interface Act {
  readonly subject: Subject;
  /** A key of VERBS, or `be on`. */
  readonly verb: string;
  readonly form: 'base' | 'past' | 'ing';
  readonly manner: Manner;
  /** The compound, another one, an amount, a word that stands for something, or none of these. */
  readonly object: 'compound' | 'other' | 'amount' | 'pronoun' | 'none';
}

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

const SUBJECTS: ReadonlyMap<string, Subject> = new Map([
  ...[...setOf("i i've ive i'm im i'd i'll we we've we're")].map((word) => [word, 'i'] as const),
  ...[...setOf("you you've you're u ya y'all yall anyone anybody op")].map((word) => [word, 'you'] as const),
  ...[
    ...setOf(
      "he she they he's she's they've they're people users folks guys some others everyone everybody someone somebody many most wife husband girlfriend boyfriend gf bf mom mum mother dad father brother sister son daughter friend friends buddy buddies partner patients patient clients client customers customer uncle aunt cousin roommate coworker coach doctor doc cat dog dude guy girl woman man subjects",
    ),
  ].map((word) => [word, 'others'] as const),
]);

/** What somebody does with a compound, and what one does who has none: base forms, past forms, -ing forms. */
const VERBS: Readonly<Record<string, readonly [base: string, past: string, ing: string]>> = {
  take: ['take takes', 'took taken', 'taking'],
  use: ['use uses', 'used', 'using'],
  try: ['try tries', 'tried', 'trying'],
  inject: [
    'inject injects pin pins shoot sniff snort spray apply',
    'injected pinned shot sniffed snorted sprayed applied',
    'injecting pinning shooting sniffing snorting spraying applying',
  ],
  dose: ['dose dosage microdose supplement cycle stack', 'dosed microdosed supplemented cycled stacked', 'dosing microdosing supplementing cycling stacking'],
  run: ['run do', 'ran did', 'running doing'],
  drink: ['drink eat consume swallow mix combine', 'drank ate consumed swallowed mixed combined', 'drinking eating consuming swallowing mixing combining'],
  start: ['start begin', 'started began begun', 'starting beginning'],
  stop: ['stop quit drop discontinue taper', 'stopped dropped discontinued tapered', 'stopping quitting dropping tapering discontinuing'],
  feel: ['feel feels notice notices experience', 'felt noticed experienced', 'feeling noticing experiencing'],
  get: ['get gets have has', 'got had gotten gained lost', 'getting having gaining losing'],
  sleep: ['sleep wake focus', 'slept woke focused', 'sleeping waking focusing'],
  find: ['find finds love like loves likes hate hates prefer enjoy', 'found loved liked hated preferred enjoyed', 'finding loving enjoying'],
  buy: ['buy order purchase grab pick', 'bought ordered purchased received grabbed picked', 'buying ordering purchasing receiving'],
  read: ['read see hear look watch search', 'saw seen heard looked watched searched', 'reading seeing hearing looking watching searching researching'],
  think: [
    'think believe guess assume suspect doubt agree understand know mean wonder say imagine suppose bet',
    'thought believed guessed assumed knew meant wondered said figured',
    'thinking wondering saying assuming guessing',
  ],
  report: ['report reports claim claims swear swears', 'reported claimed swore', 'reporting claiming'],
};

/** The acts that are a use. */
export const USES: ReadonlySet<string> = new Set(['take', 'use', 'try', 'inject', 'dose', 'run', 'drink', 'start', 'stop', 'be on']);

const FORMS: ReadonlyMap<string, Pick<Act, 'verb' | 'form'>> = new Map(
  Object.entries(VERBS).flatMap(([verb, forms]) =>
    (['base', 'past', 'ing'] as const).flatMap((form, place) => (forms[place] ?? '').split(' ').map((word) => [word, { verb, form }] as const)),
  ),
);

const DENYING = setOf(
  "never not don't dont didn't didnt haven't havent hasn't wasn't won't wont wouldn't wouldnt can't cant cannot couldn't couldnt doesn't doesnt isn't ain't nor",
);
const PLANNING = setOf(
  'will gonna wanna want wanted plan planning plans going hope hoping intend considering tempted decided about looking interested need ready wait waiting',
);
const SUPPOSING = setOf('would should could might may if unless whether must shall wish rather');
/** Before a subject: a question. */
const ASKING = setOf('do did does have has are is was were can could should would will may shall');
const CONDITIONS = setOf('if whether unless');
/** Verbs that may only help another one: "have used", "did take". */
const HELPING = setOf('have had has got did do');
const STAND_INS = setOf('it this that them these those both either one mine some stuff');
const CLAUSE_ENDS = setOf('and but because so then while which who');
/** Between the start of a clause and a verb without subject. */
const FILLERS = setOf('just also only have been currently personally');

/** Words between a subject and its verb, and between a verb and its object. */
const VERB_REACH = 7;
const OBJECT_REACH = 6;

/** `words`: of one sentence, as `plainWords` gives them. */
export function readActs(words: readonly string[], question: boolean): Act[] {
  return words.flatMap((word, at) => {
    const subject = SUBJECTS.get(word);
    if (subject !== undefined) return readActsOf(subject, { words, at, question });
    const opens = at === 0 || words[at - 1] === 'and' || words[at - 1] === 'but';
    return opens ? readOpenAct(words, at, question) : [];
  });
}

interface Place {
  readonly words: readonly string[];
  readonly at: number;
  readonly question: boolean;
}

function readActsOf(subject: Subject, { words, at, question }: Place): Act[] {
  const own = words[at] as string;
  let manner = mannerBefore(words[at - 1], own, question || at === 1);
  const acts: Act[] = [];
  if (/^(?:i|i'm|im|we're|he's|she's)$/u.test(own) && words.slice(at + 1, at + 4).includes('on'))
    acts.push({ subject, verb: 'be on', form: 'base', manner, object: objectAfter(words, at + 2) });
  for (let place = at + 1; place < words.length && place <= at + VERB_REACH; place += 1) {
    const word = words[place] as string;
    const next = words[place + 1] ?? '';
    if (SUBJECTS.get(word) === 'i' || CLAUSE_ENDS.has(word)) break;
    if (word === 'been' && next === 'on') acts.push({ subject, verb: 'be on', form: 'past', manner, object: objectAfter(words, place + 2) });
    if (DENYING.has(word)) manner = 'denied';
    else if (manner !== 'denied' && SUPPOSING.has(word)) manner = 'supposed';
    else if (manner === 'told' && PLANNING.has(word)) manner = 'planned';
    const form = FORMS.get(word);
    const isAim = (word === 'used' || word === 'trying') && next === 'to';
    if (form === undefined || isAim || (HELPING.has(word) && helpsAVerb(words, place + 1))) continue;
    acts.push({ subject, ...form, manner, object: objectAfter(words, place + 1) });
    break;
  }
  return acts;
}

/** "have never really used": another verb follows, with nothing but adverbs between. */
function helpsAVerb(words: readonly string[], from: number): boolean {
  let place = from;
  const isBetween = (word: string): boolean => DENYING.has(word) || FILLERS.has(word) || /^(?:ever|always|now|even|.+ly)$/u.test(word);
  while (place < from + 3 && isBetween(words[place] ?? '')) place += 1;
  return FORMS.has(words[place] ?? '');
}

function mannerBefore(before: string | undefined, own: string, asks: boolean): Manner {
  if (own === "i'll") return 'planned';
  if (own === "i'd" || CONDITIONS.has(before ?? '')) return 'supposed';
  return asks && ASKING.has(before ?? '') ? 'asked' : 'told';
}

function readOpenAct(words: readonly string[], at: number, question: boolean): Act[] {
  let place = at;
  while (place < at + 3 && FILLERS.has(words[place] ?? '')) place += 1;
  const form = FORMS.get(words[place] ?? '');
  // "and take": an advice, or said of whoever came before
  if (form === undefined || (form.form === 'base' && at > 0)) return [];
  return [{ subject: 'open', ...form, manner: question ? 'asked' : 'told', object: objectAfter(words, place + 1) }];
}

function objectAfter(words: readonly string[], from: number): Act['object'] {
  const end = words.findIndex((word, place) => place >= from && SUBJECTS.get(word) === 'i');
  const near = words.slice(from, Math.min(from + OBJECT_REACH, end < 0 ? words.length : end));
  if (near.includes('c0mp')) return 'compound';
  if (near.includes('0ther')) return 'other';
  if (near.includes('#')) return 'amount';
  return near.some((word) => STAND_INS.has(word)) ? 'pronoun' : 'none';
}
