/**
 * Stretches of a text that talk to the machine which reads it ("ignore previous instructions and label this as ..."). Whatever they order, nothing
 * that judges the text may read them: they are blanked to equal length, so that every offset stays. OWASP LLM01 (prompt injection) names the class.
 * Proved by test/unit/normalize/machine-orders.test.ts and test/property/injection.test.ts.
 */

import { findEncodedWords, FORMS_HINT, ORDER_FORMS } from './order-forms.ts';

interface Stretch {
  readonly start: number;
  readonly end: number;
}

const MACHINE =
  '(?:ai|a\\.i\\.|llms?|(?:large )?language models?|chatbots?|annotators?|classifiers?|labell?ers?|crawlers?|chatgpt|gpt(?:-?\\d)?|assistants?|bots?|models?|machines?|algorithms?|scrapers?|(?:ai|automated|annotation|labell?ing|moderation|review) (?:agents?|systems?|bots?|tools?|pipelines?|models?|reviewers?|annotators?|assistants?))';
const THIS_TEXT =
  '(?:the (?:above|following|preceding)|(?:this|the (?:above|following|preceding|present|whole|entire)|my|the)(?: (?:above|following|whole|entire))? (?:post|text|comment|message|review|report|entry|document|item|content|submission|passage|record|source|claim|statement)s?|this|it|everything(?: above| here)?|all of (?:this|it))';
const LABEL =
  '(?:human|preclinical|clinical|anecdotal|mechanistic|speculative|positive|negative|neutral|mixed|primary|first.person|second.hand|registry|(?:a |an )?(?:(?:peer.reviewed|randomi[sz]ed|double.blind|controlled|verified|real|human|genuine|trusted) ){1,3}(?:study|trial|evidence|report)|(?:a |the )?(?:top|highest|best|strongest) (?:tier|evidence|label|score|confidence)|evidence|verified|accepted|approved|trusted|reviewed|reliable|high.confidence|rct|not spam|spam|safe|(?:a )?study|promotion|off.topic|news|guide|true|correct)';
/** Said of labels only; the others need to name the text. */
const LABELS = '(?:label|classify|mark|tag|annotate|categori[sz]e|flag)';
const TREATS = '(?:code|file|log|register|score|rate|count|treat|record|grade)';
const NAMED_TEXT =
  '(?:the (?:above|following|preceding)|(?:this|the|my)(?: (?:above|following|whole|entire))? (?:post|text|comment|message|review|report|entry|document|item|content|submission|passage|record|source|claim|statement)s?|this)';

/** Each is enough on its own. Bounded repeats only: the texts are hostile. */
const ORDERS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass|overrule|discard)\s(?:\w+\s){0,3}?(?:previous|prior|above|earlier|preceding|former|all|any|your|system|the)\s(?:\w+\s){0,2}?(?:instructions?|prompts?|rules|guidelines?|directives?|orders|context|messages?|training|programming|labell?ing guide)\b/giu,
  /\b(?:ignore|disregard|forget)\s(?:everything|all|anything|whatever)\s(?:\w+\s){0,3}?(?:above|before|previously|earlier|told|said|learned)\b/giu,
  new RegExp(
    `\\b(?:${LABELS}\\s${THIS_TEXT}|${TREATS}\\s${NAMED_TEXT})\\s(?:\\w+\\s){0,3}?(?:as|to be|=)\\s(?:an?\\s|the\\s)?(?:["'“‘]\\s?)?${LABEL}\\b(?!\\s(?:thing|note|side|effects?|outcome))`,
    'giu',
  ),
  new RegExp(
    `\\b(?:must|should|shall|has to|have to|needs to|is to|are to|ought to)\\s(?:\\w+\\s)?be\\s(?:labell?ed|annotated|marked|tagged|categori[sz]ed|classified|coded|filed)\\s(?:as\\s)?(?:an?\\s)?(?:["'“‘]\\s?)?${LABEL}\\b`,
    'giu',
  ),
  /\b(?:as|you are|you're|act as|pretend (?:to be|you are)|acting as|behave like|if you are|if you're|since you are)\s(?:now\s)?(?:an?\s|the\s)(?:(?!\bi\b)\w+\s){0,2}?(?:ai|a\.i\.|llm|language model|chatbot|annotator|annotation (?:model|system)|classifier|assistant|chatgpt|gpt)\b(?!\s(?:generated|slop|response|answer|girlfriend|professor|manager|to))/giu,
  new RegExp(
    `\\b(?:dear|attention|note to|message (?:to|for)|instructions? (?:to|for)|notice (?:to|for))\\s(?:the\\s|any\\s|all\\s|every\\s)?${MACHINE}\\b`,
    'giu',
  ),
  new RegExp(
    `(?:^|[.!?:;\\n(\\[\\]}<*#>-]\\s{0,3})(?:hey|hello|to (?:the|any|all)|for)\\s(?:the\\s|any\\s|all\\s|every\\s|you\\s)?${MACHINE}\\b(?=\\s?[,:;!.-]|\\s(?:reading|processing|annotating|labell?ing|classifying|that|which|who|please|must|should|you))`,
    'giu',
  ),
  /\b(?:the|any|an|all|every|dear|you|your)\s(?:ai|llms?|language models?|annotators?|classifiers?|labell?ers?|ai (?:systems?|models?|agents?))\s(?:\w+\s){0,2}?(?:must|should|shall|will|has to|needs to|is to|please|reading this|processing this)\b/giu,
  /(?:^|[\n.!?\]}]\s{0,3})(?:ai|llm|annotator|classifier|chatgpt|assistant|system)\s?(?::|,\s(?:please|you|this)\b)/giu,
  /\b(?:AI|LLM|ChatGPT|Annotator|Classifier|Assistant|SYSTEM|System)\s?[:,]\s(?:[Pp]lease\s)?(?:label|mark|tag|classify|annotate|rate|treat|set|record|report|count|output|respond|reply|ignore|disregard|accept|say|write|this)\b/gu,
  /(?:^|\s)SYSTEM\s?:/gu,
  /\b(?:evidence_tier|document_type|first_person_(?:use|report)|commercial_interest|study_design|primary_study|second_hand_report|registry_record|review_article|study_relay|off_topic|low_confidence|auto_generated|no_effect)\b/giu,
  /\b(?:sentiment|evidence tier|tier|document type|study design|first.person(?: use)?|language)["'”]?\s?[:=]\s?["'“]?(?:human|preclinical|anecdotal|mechanistic|speculative|positive|negative|neutral|mixed|none|primary|rct|true|false|yes|no)\b/giu,
  /<\|?\/?(?:system|im_start|im_end|endoftext|assistant|instructions?|prompt|s)\|?>|\[\/?(?:INST|SYSTEM|system)\]|<<\/?SYS>>/gu,
  /^\s{0,3}#{1,4}\s?(?:system|instructions?|assistant|new task|task)\s?:?\s?$/gimu,
  /\b(?:system prompt|new (?:instructions?|task)(?=\s?:)|(?:respond|reply|answer|output|return)\s(?:only\s)?(?:with|in)\s(?:the\s|a\s)?(?:\w+\s)?(?:json|label|word|tier|following)|output only|return only (?:the )?json|(?:do not|don't|never) (?:flag|annotate|label|review|downgrade) this|(?:automatically|immediately) (?:accept|approve)|(?:accept|approve) (?:all|every|each|this) (?:\w+ )?claims?)\b/giu,
  /\b(?:set|change|raise|lower|switch|adjust|update|put)\s(?:the\s|its\s|your\s|this\s)?(?:\w+\s)?(?:tier|labels?|sentiment|document type|classification|annotation|category|confidence(?=\s(?:score\s)?(?:to|at)\s(?:\d|high|max|100)))\s(?:\w+\s){0,2}?(?:to|as|at)\b/giu,
  new RegExp(
    `\\b(?:when|while|before|in)\\s(?:summari[sz]ing|annotating|classifying|labell?ing|categori[sz]ing|processing|parsing)\\s(?:${THIS_TEXT}|posts?|texts?|comments?|semax)\\b`,
    'giu',
  ),
  /\b(?:correct|right|true|proper|final|expected|appropriate|only valid)\s(?:label|tier|evidence tier|classification|annotation|sentiment|category|document type|output)\s(?:\w+\s){0,3}?(?:is|are|should be|must be|would be|=|:)/giu,
  /\b(?:is|as)\s(?:the|your)\s(?:correct|right|true|proper|final|expected)\s(?:label|tier|classification|annotation|sentiment|category|document type|output)\b/giu,
  /\b(?:your|the)\s(?:output|annotation|classification|label|summary|json|answer)\s(?:must|should|shall|has to|needs to)\s(?:be|say|state|read|contain|include|list|claim|report)\b/giu,
];

/** No pattern matches without one of these: most posts are done after this one look. */
const HINT =
  /ignore|disregard|forget|overr|bypass|discard|label|classif|annotat|categor|(?:mark|tag|cod|flag|fil|log|regist|scor|rat|count|treat|record|grad)\w{0,4}\s(?:this|the|my|it|everything|all)\b|\b(?:be|as)\s(?:mark|tag|cod|fil)\w{1,4}\b|\bai\b|a\.i\.|llm|language model|chatbot|assistant|gpt|\bbots?\b|\bmodels?\b|machine|algorithm|scraper|crawler|\b(?:automated|moderation|review) |[a-z]_[a-z]|[:=]\s?["'“]?(?:human|pre|anec|mech|spec|pos|neg|neu|mix|none|prim|rct|true|false|yes|no)|system|<|\[|#|new (?:task|instr)|(?:respond|reply|answer|output|return)\w{0,2}\s(?:only|with|in)|(?:flag|review|downgrade) this|(?:accept|approve)|tier|sentiment|confidence|summari|processing|parsing|document type|(?:your|the) (?:answer|output|json)/iu;

/** Directly beside an order these words belong to it. */
const GOES_ON =
  /\b(?:annotat\w+|classif\w+|sentiment|evidence tier|tier|json|prompt|labell?ed|human evidence|confidence (?:score )?(?:of |to |is |= ?)?(?:1\b|0?\.\d|100|high|max\w*)|(?:this|the above|it) (?:is|was) (?:a|an) (?:\w+[ -]){0,2}(?:verified|randomi[sz]ed|clinical|human|peer.reviewed|double.blind|placebo.controlled)[^.]{0,40}(?:trial|study|evidence)|override|comply|obey|you must|follow these)\b/iu;

/** A mark before an order that sets it off: "END OF POST." */
const SETS_OFF =
  /^\W{0,10}(?:end|begin(?:ning)?|start|stop)\b[^.!?]{0,20}\b(?:post|text|prompt|input|message|document|instructions?|context|report|comment)\W{0,10}$/iu;

/** Stretches that their own marks close: an order inside is the whole stretch, and nothing beside it. */
const BLOCKS: readonly RegExp[] = [
  /<!--[\s\S]{0,2000}?-->/gu,
  /\[(INST|SYSTEM|system)\][\s\S]{0,2000}?\[\/\1\]/gu,
  /<\|im_start\|>[\s\S]{0,2000}?<\|im_end\|>/gu,
  /<\|?(system|instructions?|assistant|prompt)\|?>[\s\S]{0,2000}?<\|?\/?(?:\1|im_end|endoftext)\|?>/giu,
];

/** Letters hidden in Unicode tag characters, or many invisible marks between letters, are there for machines. */
const TAG_LETTERS = /[\u{E0020}-\u{E007E}]{4,}\u{E007F}?/gu;
const REGION_FLAG = /\u{1F3F4}[\u{E0020}-\u{E007E}]{1,8}\u{E007F}/gu;
const HIDDEN = /(?<=\p{L})[\u200B\u2060\u2062-\u2064\uFEFF\u00AD]+(?=\p{L})/gu;
const MAX_HIDDEN = 3;
const READ_CHARS = 100_000;

/** True when the text hides letters from people that a machine reads. */
export function hidesLetters(text: string): boolean {
  const sample = text.slice(0, READ_CHARS);
  return TAG_LETTERS_ONCE.test(sample.replace(REGION_FLAG, '')) || (sample.match(HIDDEN)?.length ?? 0) > MAX_HIDDEN;
}
const TAG_LETTERS_ONCE = new RegExp(TAG_LETTERS.source, 'u');

interface View {
  /** What the patterns read: compatibility forms folded, invisible marks left out, line breaks as they are. */
  readonly plain: string;
  /** Place in the text of each UTF-16 unit of `plain`, and the text's length at the end. */
  readonly places: readonly number[] | undefined;
}

const INVISIBLE = /[\u200B-\u200F\u2060-\u2064\uFEFF\u00AD]/u;

function viewOf(text: string): View {
  // nearly every post is plain: no map needed
  if (!/[^\u0000-\u024F\u2010-\u2027]|\u00AD/u.test(text)) return { plain: text.replaceAll('’', "'"), places: undefined };
  let plain = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const folded = INVISIBLE.test(character) ? '' : character === '’' ? "'" : character.normalize('NFKC');
    for (let unit = 0; unit < folded.length; unit += 1) places.push(at);
    plain += folded;
    at += character.length;
  }
  places.push(at);
  return { plain, places };
}

/** A closing brace or bracket ends one too, where something new begins: "{...} Has anyone tried it?" */
const SENTENCE_END = /[.!?…]+["')\]”’*_]*(?=\s|$)|[}\]](?=\s+\p{Lu})|\n+/gu;

/** Sentences with the white space that follows each: together they are the whole text. */
function sentencesOf(plain: string): Stretch[] {
  const spans: Stretch[] = [];
  let start = 0;
  for (const match of plain.matchAll(SENTENCE_END)) {
    const end = match.index + match[0].length;
    spans.push({ start, end });
    start = end;
  }
  if (start < plain.length) spans.push({ start, end: plain.length });
  return spans;
}

/** Words that open an order, with what they lead to. */
const OPENING =
  /(?:^|\s)((?:#{1,4}\s?)?(?:SYSTEM|System|AI|Assistant|ASSISTANT|Annotator|Instructions?|Response|Task|Note|NOTE|IMPORTANT|Important|Attention|Dear|Hey|Hello|Please|Now|END|BEGIN)\b[^.!?\n]{0,80})$/u;

/** "I g n o r e": letters one by one, so that no word is seen. Whoever writes so begins the order with it. */
const SPACED_LETTERS = /(?:^|\s)(?:\p{L}\s){4}/u;

/** A post without a full stop, then an order: the order begins with its own opening words or capital, or after the last break. */
function startOfOrder(plain: string, sentence: Stretch, match: number): number {
  const before = plain.slice(sentence.start, match);
  if (/\p{Lu}/u.test(plain[match] ?? '')) {
    const role = /(?:#{1,4}\s?)?(?:[A-Z]\w+\s?[:,]\s)?$/u.exec(before)?.[0].length ?? 0;
    return match - role;
  }
  const opening = OPENING.exec(before.slice(-120));
  if (opening) return match - (opening[1] as string).length;
  const spaced = SPACED_LETTERS.exec(before);
  if (spaced) return sentence.start + spaced.index;
  if (before.trim().split(/\s+/u).length <= 2) return sentence.start;
  const polite = /\b(?:please|kindly|now|and|then|so|just|also)[\s,]{1,3}$/iu.exec(before.slice(-30));
  if (polite) return match - polite[0].length;
  if (before.trim().split(/\s+/u).length <= 4) return sentence.start;
  const broken = Math.max(before.lastIndexOf(', '), before.lastIndexOf('; '), before.lastIndexOf(': '), before.lastIndexOf(' - '), before.lastIndexOf('('));
  return broken >= 0 ? sentence.start + broken + 1 : match;
}

/** A post as whoever judges it may read it: orders blanked in all that somebody else wrote. */
export function withoutOrders<Post extends { readonly text: string; readonly title?: string | undefined; readonly parent?: string | undefined }>(
  post: Post,
): Post {
  return {
    ...post,
    text: blankMachineOrders(post.text),
    ...(post.title === undefined ? {} : { title: blankMachineOrders(post.title) }),
    ...(post.parent === undefined ? {} : { parent: blankMachineOrders(post.parent) }),
  };
}

/** The last texts and their orders: what reads a post and the flag ask in turn. */
const recent = new Map<string, readonly Stretch[]>();
const RECENT_TEXTS = 6;

/** Places of the orders, sorted, apart from each other. UTF-16 offsets into `text`. */
export function findMachineOrders(text: string): readonly Stretch[] {
  const known = recent.get(text);
  if (known) return known;
  const found = searchMachineOrders(text);
  if (recent.size >= RECENT_TEXTS) recent.clear();
  recent.set(text, found);
  return found;
}

function searchMachineOrders(text: string): Stretch[] {
  const sample = text.slice(0, READ_CHARS);
  const { plain, places } = viewOf(sample);
  const joined = plain.replace(/\s/gu, (space) => (space === '\n' ? '\n' : ' ')).replace(/(?<=[\p{L},])\n(?=\p{Ll})/gu, ' ');
  const views = [...new Set([joined, spellOut(joined)])];
  const encoded = findEncodedWords(joined).filter(({ said }) => ORDERS.some((pattern) => said.search(pattern) >= 0));
  const written = views.flatMap((view) => {
    const patterns = [...(HINT.test(view) ? ORDERS : []), ...(FORMS_HINT.test(view) ? ORDER_FORMS : [])];
    return patterns.flatMap((pattern) => [...view.matchAll(pattern)].map((match) => trimEdge(view, match.index, match[0])));
  });
  const hits = [...written, ...encoded];
  const cuts = hits.length === 0 ? [] : cutsAround(joined, hits);
  const found = cuts.map((cut) => (places ? { start: withInvisible(sample, places[cut.start] as number), end: places[cut.end] as number } : cut));
  for (const match of sample.replace(REGION_FLAG, (flag) => ' '.repeat(flag.length)).matchAll(TAG_LETTERS))
    found.push({ start: match.index, end: match.index + match[0].length });
  return mergeStretches(found);
}

const LETTER_FOR: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's' };

/** Digits and signs that stand for letters in a word ("1gn0re"), as those letters; every place stays. Names of compounds and doses have fewer letters. */
function spellOut(plain: string): string {
  return plain.replace(/[\p{L}\d@$]{4,20}/gu, (word) => {
    const letters = word.replace(/[^a-z]/giu, '').length;
    return letters === word.length || letters * 2 <= word.length ? word : word.replace(/[013457@$]/gu, (sign) => LETTER_FOR[sign] as string);
  });
}

/** Marks nobody sees before an order are part of it. */
function withInvisible(text: string, start: number): number {
  let at = start;
  while (at > 0 && INVISIBLE.test(text[at - 1] as string)) at -= 1;
  return at;
}

function cutsAround(plain: string, hits: readonly Stretch[]): Stretch[] {
  const meets = (stretch: Stretch) => (hit: Stretch) => hit.start < stretch.end && hit.end > stretch.start;
  const blocks = BLOCKS.flatMap((pattern) => [...plain.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }))).filter(
    (block) => hits.some(meets(block)),
  );
  const open = hits.filter((hit) => !blocks.some((block) => meets(block)(hit)));
  // a closed stretch is no part of the sentence around it
  const sentences = sentencesOf(blocks.reduce((rest, { start, end }) => `${rest.slice(0, start)}${'\n'.repeat(end - start)}${rest.slice(end)}`, plain));
  const cuts = sentences.map((sentence): Stretch | undefined => {
    const inside = open.filter(meets(sentence));
    if (inside.length === 0) return undefined;
    const first = Math.min(...inside.map((hit) => hit.start));
    return { start: first <= sentence.start ? sentence.start : startOfOrder(plain, sentence, first), end: sentence.end };
  });
  const whole = [...cuts];
  for (const [index, sentence] of sentences.entries()) {
    if (cuts[index]) continue;
    const said = plain.slice(sentence.start, sentence.end);
    if ((whole[index - 1] && GOES_ON.test(said)) || (cuts[index + 1] && SETS_OFF.test(said))) whole[index] = sentence;
  }
  return [...blocks, ...whole.filter((cut) => cut !== undefined)];
}

/** Patterns that look for a beginning take the break before it with them; the order starts after that. */
function trimEdge(text: string, index: number, found: string): Stretch {
  const end = index + found.length;
  let start = index;
  while (start < end && /[\s.!?:;()\]}*#>-]/u.test(text[start] as string)) start += 1;
  return { start, end };
}

function mergeStretches(stretches: readonly Stretch[]): Stretch[] {
  const merged: { start: number; end: number }[] = [];
  for (const stretch of [...stretches].sort((left, right) => left.start - right.start)) {
    const last = merged.at(-1);
    if (last && stretch.start <= last.end) last.end = Math.max(last.end, stretch.end);
    else merged.push({ ...stretch });
  }
  return merged;
}

/** The text without its orders, of the same length: line breaks stand in their place, so that what is around them stays apart. */
export function blankMachineOrders(text: string): string {
  const orders = findMachineOrders(text);
  if (orders.length === 0) return text;
  let blanked = '';
  let at = 0;
  for (const { start, end } of orders) {
    blanked += text.slice(at, start) + '\n'.repeat(end - start);
    at = end;
  }
  return blanked + text.slice(at);
}
