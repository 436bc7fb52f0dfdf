/**
 * A crawl's cursor without an erased post: the smallest part that names it goes, and the source starts over from what is
 * left (every source reads an incomplete cursor as an earlier place). Pure. Proved by test/property/cursor-without-id.test.ts.
 */
export type CursorValue = string | number | boolean | null | readonly CursorValue[] | { readonly [key: string]: CursorValue };

/** Undefined where nothing is left. A pair in a list, such as an id with its number of comments, goes whole. */
export function withoutId(value: CursorValue, spellings: ReadonlySet<string>): CursorValue | undefined {
  if (typeof value === 'string') return spellings.has(value) ? undefined : value;
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) {
    return value.flatMap((item) => {
      if (isList(item) && item.some((part) => typeof part === 'string' && spellings.has(part))) return [];
      const kept = withoutId(item, spellings);
      return kept === undefined ? [] : [kept];
    });
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const kept = spellings.has(key) ? undefined : withoutId(inner, spellings);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

function isList(value: CursorValue): value is readonly CursorValue[] {
  return Array.isArray(value);
}
