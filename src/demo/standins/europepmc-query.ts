/**
 * The part of Europe PMC's search language the stand-in understands: words, "phrases", AND OR NOT (left to right, side by side is AND),
 * parentheses, SRC:, EXT_ID:, FIRST_IDATE: and UPDATE_DATE: with `[from TO to]`; any other FIELD: searches the text.
 * https://europepmc.org/searchsyntax
 */

/** What a query is matched against. `text` in lower case; days as `YYYY-MM-DD`. */
export interface Searchable {
  readonly source: string;
  readonly id: string;
  readonly text: string;
  readonly entered: string;
  readonly changed: string;
}

type Match = (record: Searchable) => boolean;
interface Token {
  readonly sign?: string;
  readonly field?: string;
  readonly value: string;
  readonly to?: string;
}

const TOKEN = /\s*(?:([()])|(?:([A-Z_]+):)?(?:\[(\S+) TO (\S+)\]|"([^"]*)"|([^\s()"[\]]+)))/gy;

/** Undefined for a query that cannot be read, such as one with an open parenthesis. */
export function compileQuery(query: string): Match | undefined {
  const tokens = readTokens(query.trim());
  let at = 0;
  const sign = (): string | undefined => tokens?.[at]?.sign;

  function readAll(): Match | undefined {
    let left = readOne();
    while (left !== undefined && tokens !== undefined && at < tokens.length && sign() !== ')') {
      let operator = 'AND';
      while (['AND', 'OR', 'NOT'].includes(sign() ?? '')) {
        operator = sign() ?? operator;
        at += 1;
      }
      const right = readOne();
      if (right === undefined) return undefined;
      left = combine(left, operator, right);
    }
    return left;
  }

  function readOne(): Match | undefined {
    const token = tokens?.[at];
    at += 1;
    if (token === undefined) return undefined;
    if (token.sign === '(') {
      const inner = readAll();
      const closed = sign() === ')';
      at += 1;
      return closed ? inner : undefined;
    }
    return token.sign === undefined ? matchTerm(token) : undefined;
  }

  const match = readAll();
  return tokens !== undefined && at >= tokens.length ? match : undefined;
}

function combine(left: Match, operator: string, right: Match): Match {
  if (operator === 'OR') return (record) => left(record) || right(record);
  return operator === 'NOT' ? (record) => left(record) && !right(record) : (record) => left(record) && right(record);
}

function matchTerm({ field, value, to = value }: Token): Match {
  if (field === 'SRC') return (record) => record.source === value;
  if (field === 'EXT_ID') return (record) => record.id === value;
  if (field === 'FIRST_IDATE') return (record) => record.entered >= value && record.entered <= to;
  if (field === 'UPDATE_DATE') return (record) => record.changed >= value && record.changed <= to;
  const words = value.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${words.join('[^\\p{L}\\p{N}]+')}(?![\\p{L}\\p{N}])`, 'u');
  return (record) => words.length > 0 && pattern.test(record.text);
}

function readTokens(query: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < query.length) {
    const found = TOKEN.exec(query);
    if (found === null) return undefined;
    const [, bracket, field, from, to, phrase, word] = found;
    const sign = bracket ?? (field === undefined && /^(?:AND|OR|NOT)$/.test(word ?? '') ? word : undefined);
    tokens.push({
      value: from ?? phrase ?? word ?? '',
      ...(sign === undefined ? {} : { sign }),
      ...(field === undefined ? {} : { field }),
      ...(to === undefined ? {} : { to }),
    });
  }
  return tokens;
}
