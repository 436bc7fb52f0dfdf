/** What is in a recorded answer, counted without any code of the sources: by the shape of the JSON, or by text search. */

import type { ItemCount } from './row.ts';

/** Items of Reddit's Listings, each name once. `more` stands for items that are not there; what is inside a message or another kind of thing is part of it. */
export function countRedditItems(body: Buffer): ItemCount {
  const items = new Map<unknown, Item>();
  const waiting: unknown[] = [parse(body)];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    const { kind, data, things } = value as { readonly kind?: unknown; readonly data?: { readonly children?: unknown }; readonly things?: unknown };
    const list = kind === 'Listing' ? data?.children : things;
    if (!Array.isArray(list)) waiting.push(...Object.values(value));
    else
      for (const item of (list as readonly Item[]).filter((one) => one.kind !== 'more')) {
        items.set(item.data?.name ?? item, item);
        if (isPost(item)) waiting.push(item.data);
      }
  }
  const ours = [...items.values()].filter((item) => isPost(item) && /^t[13]_[a-z0-9]+$/.test(String(item.data?.name))).length;
  return { ours, others: items.size - ours };
}

interface Item {
  readonly kind?: unknown;
  readonly data?: { readonly name?: unknown };
}

function isPost({ kind }: Item): boolean {
  return kind === 't1' || kind === 't3';
}

/** Objects of X's `data`, a list or one object, of which posts have a text, and the entries of `errors`. */
export function countXItems(body: Buffer): ItemCount {
  const { data, errors = [] } = parse(body) as { readonly data?: unknown; readonly errors?: readonly unknown[] };
  const items = data === undefined ? [] : Array.isArray(data) ? (data as readonly unknown[]) : [data];
  const ours = items.filter((item) => typeof item === 'object' && item !== null && 'text' in item).length;
  return { ours, others: items.length - ours + errors.length };
}

export function countArticles(body: Buffer): ItemCount {
  return count(body, /<Pubmed(?:Book)?Article[ >]/g);
}

/** Ids of a JSON search. */
export function countFoundIds(body: Buffer): ItemCount {
  const list = /"idlist":\s*\[([^\]]*)\]/.exec(body.toString('utf8'))?.[1] ?? '';
  return { ours: [...list.matchAll(/"\d+"/g)].length, others: 0 };
}

export function countStudies(body: Buffer): ItemCount {
  return count(body, /"nctId": ?"/g);
}

/** Every result of Europe PMC has its year once. */
export function countResults(body: Buffer): ItemCount {
  return count(body, /"pubYear":/g);
}

export function countEntries(body: Buffer): ItemCount {
  return count(body, /<(?:entry|item)[ >]/g);
}

function count(body: Buffer, pattern: RegExp): ItemCount {
  return { ours: [...body.toString('utf8').matchAll(pattern)].length, others: 0 };
}

/** Undefined for what is no JSON: the recordings hold a body that is cut off, and pages of words. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
