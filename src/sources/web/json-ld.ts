/**
 * JSON-LD blocks of a page (https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents), read as plain JSON: types and values,
 * no contexts. The page's author wrote it, so every value is checked before use.
 * Proved by test/unit/sources/web-extract-page.test.ts.
 */
export type JsonLdNode = Readonly<Record<string, unknown>>;

const MAX_BLOCKS = 20;
const MAX_BLOCK_CHARS = 2_000_000;
const MAX_NODES = 5_000;

/** Top-level nodes in document order, `@graph` and arrays opened. Blocks that are not JSON are passed over. */
export function readJsonLd(blocks: readonly string[]): readonly JsonLdNode[] {
  const nodes: JsonLdNode[] = [];
  for (const block of blocks.slice(0, MAX_BLOCKS)) {
    const queue: unknown[] = [parseLoosely(block)];
    while (queue.length > 0 && nodes.length < MAX_NODES) {
      const value = queue.shift();
      if (Array.isArray(value)) queue.unshift(...value.slice(0, MAX_NODES));
      else if (isNode(value)) {
        nodes.push(value);
        if (Array.isArray(value['@graph'])) queue.unshift(...value['@graph'].slice(0, MAX_NODES));
      }
    }
  }
  return nodes;
}

export function isNode(value: unknown): value is JsonLdNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `@type` may be a string, a list, or a full address. */
export function hasType(node: JsonLdNode, types: ReadonlySet<string>): boolean {
  return listOf(node['@type']).some((type) => typeof type === 'string' && types.has(type.replace(/^.*[/#:]/, '')));
}

export function listOf(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** An author is a name, an object with a name, or a list of either. */
export function nameOf(value: unknown): string | undefined {
  const names = listOf(value)
    .slice(0, 10)
    .map((author) => stringOf(author) ?? (isNode(author) ? stringOf(listOf(author['name'])[0]) : undefined))
    .filter((name) => name !== undefined && !/^https?:\/\//i.test(name));
  return names.length === 0 ? undefined : [...new Set(names)].join(', ').slice(0, 300);
}

/** Many sites leave raw line feeds inside strings, or wrap the block in a comment. */
function parseLoosely(block: string): unknown {
  if (block.length > MAX_BLOCK_CHARS) return undefined;
  const text = block.trim().replace(/^(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|<!\[CDATA\[)|(?:-->|\/\*\s*\]\]>\s*\*\/|\]\]>)$/g, '');
  for (const candidate of [text, text.replace(/\s+/g, ' ')]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // The next reading is tried; a block that is no JSON at all says nothing.
    }
  }
  return undefined;
}
