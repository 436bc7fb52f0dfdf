/**
 * Which addresses of a sitemap are wanted: `/regular expression/` (flags i and u), looked for anywhere in the address; else a pattern in which
 * `*` stands for any characters, for the whole address, or for its path and query when the pattern begins with a slash.
 * Proved by test/unit/sources/web-match-address.test.ts.
 */

export type MatchAddress = (address: string) => boolean;

/** Undefined for a regular expression that is none. */
export function parseMatch(pattern: string): MatchAddress | undefined {
  const expression = /^\/(.+)\/([iu]{0,2})$/.exec(pattern);
  if (expression !== null) {
    const regex = compile(expression[1] as string, expression[2] as string);
    return regex === undefined ? undefined : (address) => regex.test(address);
  }
  const parts = pattern.split('*');
  if (!pattern.startsWith('/')) return (address) => holds(address, parts);
  return (address) => {
    const { pathname, search } = new URL(address);
    return holds(pathname + search, parts);
  };
}

/** Each part where it first fits after the one before: linear, whatever the pattern. */
function holds(value: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= value.length - last.length;
}

function compile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
