/**
 * Orders to the machine in other forms than an English sentence: other languages, a reviewer's or developer's voice, comments hidden in HTML, base64.
 * Part of machine-orders.ts. Bounded repeats only: the texts are hostile. Proved by test/property/injection-forms.test.ts.
 */

const FOREIGN: readonly RegExp[] = [
  // "ignore all previous instructions" in fr, es, pt, it, de, nl, sv, pl, ru: verb, up to five words, noun
  /(?<!\p{L})(?:ignore[rz]|oubliez|oublie)\s(?:[\p{L}’']+\s){0,5}?(?:instructions|consignes)(?!\p{L})/giu,
  /(?<!\p{L})(?:ignor(?:a|e|ad|en|ate|iere|iert|ieren|era|uj|ujcie)|zignoruj|olvida|esquece|dimentica|vergiss|missachte|negeer|glöm)\s(?:\p{L}+\s){0,5}?(?:instrucciones|instruções|istruzioni|anweisungen|instruktionen|instructies|instrukcj\p{L}{1,3})(?!\p{L})/giu,
  /(?<!\p{L})(?:игнорируй(?:те)?|забудь(?:те)?)\s(?:\p{L}+\s){0,5}?(?:инструкци|указани)\p{L}{1,2}(?!\p{L})/giu,
  /(?<!\p{L})vergiss\salles(?!\p{L})[^.!?\n]{0,30}\b(?:oben|vorher|bisher)/giu,
  // "label this post as ..."
  /(?<!\p{L})(?:clasifi(?:ca|que)|classifi(?:que|ca)|classez|markiere|kennzeichne|пометь(?:те)?|отметь(?:те)?|классифицируй(?:те)?)\s(?:est[ea]|ce|cet|cette|questo|den|diesen|этот)\s\p{L}+\s(?:como|comme|come|als|как)(?!\p{L})/giu,
  /(?:将|把)[^。！？\n]{0,8}(?:归类|标记|分类|标注)为/gu,
  // and in tr, zh, ja, ko, ar, where verb and noun stand otherwise
  /talimatlar\p{L}{0,4}\s(?:\p{L}+\s){0,2}?(?:yok\ssay|dikkate\salma|unut)/giu,
  /(?:忽略|无视|忘记)[^。！？\n]{0,12}(?:指令|指示|说明|提示)|(?:指示|命令|プロンプト)[^。！？\n]{0,8}(?:無視|忘れ)|(?:지시|명령|지침)[^.!?\n]{0,8}(?:무시|잊)/gu,
  /(?:تجاهل|انس)\s(?:\p{L}+\s){0,3}?(?:ال)?تعليمات/gu,
];

const VOICES: readonly RegExp[] = [
  /\b(?:(?:reviewer|annotator|curator)\s(?:note|override|decision|approval)|moderator\soverride|developer\s(?:message|note|override))\s?:/giu,
  /\bapprove\s(?:the\s|this\s)?claims?\b|\b(?:approved|accepted|verified)[,;]?\s(?:no|without)\s(?:further\s|any\s)?review\b/giu,
  /\b(?:evidence\s)?tier\s(?:is\s)?human\b|\bhuman\sis\sthe\s(?:default\s)?tier\b/giu,
  /\b(?:annotation|labell?ing)\s(?:for|of)\sthis\s(?:post|text|comment)\sis\s(?:already\s)?(?:done|complete|finished|final)\b/giu,
  /\b(?:labell?ing|annotation|annotator)\s(?:rules|guide|guidelines|scheme)\s(?:have|has|are|is)\s(?:now\s|been\s)?(?:changed|updated|void|suspended|no longer)\b/giu,
  /\bcount\sthis\sas\s(?:two|three|several|many|\d{1,4})\s(?:\w+\s)?(?:reports?|sources?|people|claims?)\b/giu,
  /<!--(?=[^>]{0,400}\b(?:approved?|tier|label|annotat\w+|classif\w+|ignore|accept|verified|reviewer|trial|evidence)\b)[^>]{0,2000}-->/giu,
  /\b(?:ignore|disregard|forget)\s(?:all\s|any\s)?(?:earlier|previous|prior|above)\s(?:guidance|labels?|annotations?)\b/giu,
  /<\/?(?:reviewer|annotator|developer|moderator|curator)>/giu,
  /\byour\snew\s(?:role|job|goal)\sis\b/giu,
  /\|\s?(?:evidence\s)?tier\s?\|\s?(?:human|preclinical)\b/giu,
  /\bdecode\s(?:this|the\sfollowing|it)?\s?(?:base64|b64|rot13|hex)\b/giu,
];

export const ORDER_FORMS: readonly RegExp[] = [...FOREIGN, ...VOICES];

/** Nothing of the above without one of these. */
export const FORMS_HINT =
  /ignor|disregard|forget|<\/?\w{5,9}>|your new|clasif|classif|classez|markiere|kennzeichne|пометь|отметь|классиф|将|把|oubli|olvida|esquece|dimentica|vergiss|missachte|negeer|glöm|игнориру|забудь|talimatlar|忽略|无视|忘记|無視|忘れ|무시|잊|تجاهل|انس|(?:note|override|decision|approval|message)\s?:|approve|review|tier|(?:annotation|labell?ing|annotator)\s|count this as|<!--|base64|b64|rot13|decode/iu;

const ENCODED = /(?<![\w+/=])[A-Za-z0-9+/]{24,2000}={0,2}(?![\w+/=])/gu;
const PRINTABLE = /^[\t\n\r\u0020-\u007E]+$/u;

/** Words in base64 with what they say, where that is plain text. RFC 4648 section 4. */
export function findEncodedWords(text: string): { readonly start: number; readonly end: number; readonly said: string }[] {
  return [...text.matchAll(ENCODED)].flatMap((match) => {
    const said = Buffer.from(match[0], 'base64').toString('latin1');
    return PRINTABLE.test(said) ? [{ start: match.index, end: match.index + match[0].length, said }] : [];
  });
}
