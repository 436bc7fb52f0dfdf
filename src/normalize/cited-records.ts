/**
 * Which studies a text or the addresses in it point to, by the names the ledger knows them by: `pmid:N`, `nct:NCT...`, `doi:10...`.
 * PubMed's addresses: https://pubmed.ncbi.nlm.nih.gov/help/#url-tips; DOIs: https://www.doi.org/the-identifier/resources/handbook section 2.
 * A PMC number is not a PMID, and only its service knows which it belongs to: left out. Proved by test/unit/normalize/cited-records.test.ts.
 */

/** Of one post; a longer list is a directory rather than an article. */
export const MAX_CITED = 200;

/** Of a shortened address ("…/pubmed/123…") the number is a part of another one. */
const WHOLE = String.raw`(?!\d|…|\.\.)`;
const PMID_ADDRESS = new RegExp(
  String.raw`(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed|europepmc\.org/(?:abstract|article)/med)/(\d{1,9})${WHOLE}`,
  'gi',
);
/** Three digits and fewer after the word are rather a footnote's. */
const PMID_WORDS = new RegExp(String.raw`\bPMID\s{0,2}[:#]?\s{0,2}(\d{4,9})${WHOLE}`, 'gi');
const NCT = /\bNCT\d{8}(?!\d)/gi;
/** Most texts hold none of these, and are looked through once instead of four times. */
const ANY = /pubmed|pmid|europepmc|nct\d|doi\.org/i;
const DOI_ADDRESS = /\bdoi\.org\/(10\.\d{4,9}(?:\/|%2f)[^\s"'<>?#&]{1,200})/gi;

/** Texts as written, with or without markup. Sorted, each name once; what can be looked up goes before DOIs. */
export function findCitedRecords(...all: readonly string[]): readonly string[] {
  const texts = all.filter((text) => ANY.test(text));
  if (texts.length === 0) return [];
  const pmids = texts.flatMap((text) => [...capturesOf(text, PMID_ADDRESS), ...capturesOf(text, PMID_WORDS)]).map(Number);
  const trials = texts.flatMap((text) => Array.from(text.matchAll(NCT), ([id]) => id.toUpperCase()));
  const dois = texts.flatMap((text) => capturesOf(text, DOI_ADDRESS)).flatMap(readDoi);
  return mergeCited(
    pmids.filter((pmid) => pmid > 0).map((pmid) => `pmid:${pmid}`),
    trials.map((id) => `nct:${id}`),
    dois.map((doi) => `doi:${doi}`),
  );
}

/** One list of several: the first of them are kept, sorted, each once. */
export function mergeCited(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].slice(0, MAX_CITED).sort();
}

function capturesOf(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), (match) => match[1] as string);
}

/** DOIs are told apart without regard to case (handbook section 2.4). Signs of the sentence around an address are not part of it. */
function readDoi(found: string): string[] {
  if (/…|\.\.\.$/.test(found)) return [];
  const doi = trimSentence(decode(found)).toLowerCase();
  return /^10\.\d{4,9}\/[^\s\p{Cc}]{1,200}$/u.test(doi) && doi.isWellFormed() ? [doi] : [];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `10.1/a(b)c` keeps its bracket; in `(https://doi.org/10.1/abc)` the last one belongs to the sentence. */
function trimSentence(text: string): string {
  let end = text.length;
  for (; end > 0; end -= 1) {
    const last = text.charAt(end - 1);
    const stray = last === ')' ? !text.slice(0, end).includes('(') : '.,;:!*]}|_`'.includes(last);
    if (!stray) break;
  }
  return text.slice(0, end);
}
