/** The part of X's search language that topics use: words, "phrases", #tags, OR, parentheses, `-`, lang:, is:retweet. Space is AND and binds tighter than OR. */

type Post = Readonly<Record<string, unknown>>;
type Test = (post: Post) => boolean;

export function matchesSearch(query: string, post: Post): boolean {
  const tokens = query.match(/-?"[^"]*"|[()]|-\(|[^\s()]+/g) ?? [];
  return parseAny(tokens.slice())(post);
}

/** alternatives = sequence ("OR" sequence)* */
function parseAny(tokens: string[]): Test {
  const alternatives = [parseAll(tokens)];
  while (tokens[0] === 'OR') {
    tokens.shift();
    alternatives.push(parseAll(tokens));
  }
  return (post) => alternatives.some((test) => test(post));
}

/** sequence = term* up to "OR" or ")" */
function parseAll(tokens: string[]): Test {
  const terms: Test[] = [];
  while (tokens.length > 0 && tokens[0] !== 'OR' && tokens[0] !== ')') {
    const token = tokens.shift() ?? '';
    if (token === '(' || token === '-(') {
      const inner = parseAny(tokens);
      if (tokens[0] === ')') tokens.shift();
      terms.push(token === '(' ? inner : (post) => !inner(post));
    } else if (token.startsWith('-') && token.length > 1) {
      const inner = readTerm(token.slice(1));
      terms.push((post) => !inner(post));
    } else terms.push(readTerm(token));
  }
  return (post) => terms.every((test) => test(post));
}

function readTerm(token: string): Test {
  if (token.startsWith('lang:')) return (post) => post['lang'] === token.slice(5);
  if (token === 'is:retweet') return (post) => refersTo(post, 'retweeted');
  if (token === 'is:quote') return (post) => refersTo(post, 'quoted');
  if (token === 'is:reply') return (post) => refersTo(post, 'replied_to');
  const wanted = token.replaceAll('"', '').toLowerCase();
  const boundary = new RegExp(`(?<![\\p{L}\\p{N}_])${wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}_])`, 'u');
  return (post) => boundary.test(fullText(post).toLowerCase());
}

function refersTo(post: Post, type: string): boolean {
  const references = post['referenced_tweets'];
  return Array.isArray(references) && references.some((reference: unknown) => (reference as { type?: unknown }).type === type);
}

function fullText(post: Post): string {
  const note = post['note_tweet'];
  const long = typeof note === 'object' && note !== null && 'text' in note ? String(note.text) : '';
  return `${String(post['text'] ?? '')} ${long}`;
}
