/**
 * Finds many word sequences at once: a trie over words. Longest match wins, matches never overlap.
 * In a phrase, `blunt*` stands for any word that begins so and `*` for any one word.
 */
import { tokenize, type Token } from './tokens.ts';

interface TrieNode<Value> {
  readonly next: Map<string, TrieNode<Value>>;
  readonly prefixes: { readonly prefix: string; readonly node: TrieNode<Value> }[];
  value?: Value;
}

export interface PhraseIndex<Value> {
  readonly root: TrieNode<Value>;
}

export interface PhraseMatch<Value> {
  readonly value: Value;
  /** Places in the token list: first, and one past the last. */
  readonly from: number;
  readonly to: number;
}

export function indexPhrases<Value>(phrases: Iterable<readonly [phrase: string, value: Value]>): PhraseIndex<Value> {
  const root: TrieNode<Value> = { next: new Map(), prefixes: [] };
  for (const [phrase, value] of phrases) {
    const words = phrase.split(/\s+/u).flatMap((part) => readPattern(part));
    if (words.length === 0) continue;
    let node = root;
    for (const word of words) node = descend(node, word);
    node.value ??= value;
  }
  return { root };
}

/** `herxheimer*` is one open word, `anti-anxiety` two closed ones. */
function readPattern(part: string): { readonly word: string; readonly open: boolean }[] {
  if (part === '*') return [{ word: '', open: true }];
  const open = part.endsWith('*');
  const words = tokenize(open ? part.slice(0, -1) : part).map((token) => token.word);
  return words.map((word, index) => ({ word, open: open && index === words.length - 1 }));
}

function descend<Value>(node: TrieNode<Value>, step: { readonly word: string; readonly open: boolean }): TrieNode<Value> {
  if (step.open) {
    const known = node.prefixes.find((entry) => entry.prefix === step.word);
    if (known) return known.node;
    const made: TrieNode<Value> = { next: new Map(), prefixes: [] };
    node.prefixes.push({ prefix: step.word, node: made });
    return made;
  }
  const known = node.next.get(step.word);
  if (known) return known;
  const made: TrieNode<Value> = { next: new Map(), prefixes: [] };
  node.next.set(step.word, made);
  return made;
}

export function findPhrases<Value>(index: PhraseIndex<Value>, tokens: readonly Token[]): PhraseMatch<Value>[] {
  const found: PhraseMatch<Value>[] = [];
  for (let from = 0; from < tokens.length; ) {
    const match = longestFrom(index.root, tokens, from);
    if (match) {
      found.push({ value: match.value, from, to: match.to });
      from = match.to;
    } else from += 1;
  }
  return found;
}

function longestFrom<Value>(node: TrieNode<Value>, tokens: readonly Token[], at: number): { value: Value; to: number } | undefined {
  const token = tokens[at];
  if (token) {
    const closed = node.next.get(token.word);
    const deeper = closed && longestFrom(closed, tokens, at + 1);
    if (deeper) return deeper;
    for (const entry of node.prefixes) {
      if (!token.word.startsWith(entry.prefix)) continue;
      const open = longestFrom(entry.node, tokens, at + 1);
      if (open) return open;
    }
  }
  return node.value === undefined ? undefined : { value: node.value, to: at };
}
