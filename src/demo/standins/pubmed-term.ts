/**
 * The part of PubMed's search language the stand-in understands: words, "phrases", AND OR NOT (left to right, words side
 * by side are AND), parentheses, [uid], date ranges `"2020/01/01"[edat] : "3000"[edat]`; any other [tag] searches the text.
 * https://pubmed.ncbi.nlm.nih.gov/help/#how-do-i-search-pubmed
 */

/** What a term is matched against. `text` in lower case; days as `YYYY/MM/DD`. */
export interface Searchable {
  readonly pmid: string;
  readonly text: string;
  readonly edat: string;
  readonly mdat: string;
}

type Match = (article: Searchable) => boolean;
type Token = { readonly kind: 'sign' | 'word'; readonly value: string; readonly tag: string };

/** Undefined for a term that cannot be read, such as one with an open parenthesis. */
export function compileTerm(term: string): Match | undefined {
  const tokens = readTokens(term);
  let at = 0;

  function readAll(): Match | undefined {
    let left = readOne();
    while (left !== undefined && at < tokens.length && tokens[at]?.value !== ')') {
      const sign = tokens[at]?.kind === 'sign' ? tokens[at]?.value : undefined;
      const operator = sign === 'AND' || sign === 'OR' || sign === 'NOT' ? sign : 'AND';
      if (operator === sign) at += 1;
      const right = readOne();
      if (right === undefined) return undefined;
      left = combine(left, operator, right);
    }
    return left;
  }

  function readOne(): Match | undefined {
    const token = tokens[at];
    at += 1;
    if (token === undefined) return undefined;
    if (token.value === '(' && token.kind === 'sign') {
      const inner = readAll();
      const closed = tokens[at]?.value === ')';
      at += 1;
      return closed ? inner : undefined;
    }
    if (token.kind === 'sign') return undefined;
    if (tokens[at]?.value === ':' && tokens[at + 1]?.kind === 'word') {
      const end = tokens[at + 1];
      at += 2;
      const field = (end?.tag || token.tag) === 'mdat' ? 'mdat' : 'edat';
      const until = end?.value ?? '';
      // "2020" ends with 2020/12/31: a slash sorts before the tilde.
      return (article) => article[field] >= token.value && article[field] <= `${until}~`;
    }
    return matchWord(token);
  }

  const match = readAll();
  return at >= tokens.length ? match : undefined;
}

function combine(left: Match, operator: 'AND' | 'OR' | 'NOT', right: Match): Match {
  if (operator === 'OR') return (article) => left(article) || right(article);
  return operator === 'AND' ? (article) => left(article) && right(article) : (article) => left(article) && !right(article);
}

function matchWord({ value, tag }: Token): Match {
  if (tag === 'uid' || tag === 'pmid') return (article) => article.pmid === value;
  if (tag === 'edat' || tag === 'mdat') return (article) => article[tag].startsWith(value);
  const words = value.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const stem = value.endsWith('*');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${words.join('[^\\p{L}\\p{N}]+')}${stem ? '' : '(?![\\p{L}\\p{N}])'}`, 'u');
  return (article) => words.length > 0 && pattern.test(article.text);
}

function readTokens(term: string): Token[] {
  const pattern = /\s*(?:([():])|"([^"]*)"\s*(?:\[([^\]]*)\])?|([^\s()"[\]:]+)\s*(?:\[([^\]]*)\])?|[[\]"])/gy;
  const tokens: Token[] = [];
  for (let match = pattern.exec(term); match !== null; match = pattern.exec(term)) {
    const [, sign, phrase, phraseTag, word, wordTag] = match;
    if (sign !== undefined || word === 'AND' || word === 'OR' || word === 'NOT') tokens.push({ kind: 'sign', value: sign ?? word ?? '', tag: '' });
    else if (phrase !== undefined || word !== undefined)
      tokens.push({ kind: 'word', value: phrase ?? word ?? '', tag: (phraseTag ?? wordTag ?? '').trim().toLowerCase() });
  }
  return tokens;
}
