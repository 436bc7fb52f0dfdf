/** YAML 1.2 (core schema) to a plain value, keeping for every key where in the text it stands. */
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';

/** One thing wrong with a file: at `path`, or at the key `key` of the map there, or at a known offset. */
export interface Complaint {
  readonly path: readonly PropertyKey[];
  /** A key that should not be there; the place is then the key's, not its value's. */
  readonly key?: string;
  readonly offset?: number;
  /** Reads on after "path: ". */
  readonly message: string;
}

export interface YamlSource {
  readonly value: unknown;
  /** Syntax errors, duplicate keys, unknown tags, too many aliases; `value` is undefined when there are any. */
  readonly complaints: readonly Complaint[];
  /** Offset of what stands at `path`, else of the nearest thing around it. */
  locate(path: readonly PropertyKey[], key?: string): number;
  /** Both from 1. */
  lineOf(offset: number): { readonly line: number; readonly column: number };
}

/** Aliases (`*name`) repeat what they point at; past this many times the file is refused, not expanded. */
const MAX_ALIASES = 50;

export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const lineOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const refused = (complaints: Complaint[]): YamlSource => ({ value: undefined, complaints, locate: () => 0, lineOf });
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2', schema: 'core', merge: false });
    const complaints = [...document.errors, ...document.warnings].map(
      (error): Complaint => ({ path: [], offset: error.pos[0], message: `not valid YAML: ${describeYamlError(error)}` }),
    );
    if (complaints.length > 0) return refused(complaints);
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    // An alias inside what it points at makes a ring, which nothing later could store.
    JSON.stringify(value);
    return { value, complaints, lineOf, locate: (path, key) => locateNode(document, path, key) };
  } catch (error) {
    // The parser recurses: nesting thousands deep ends in a RangeError. A ReferenceError is its alias limit.
    if (error instanceof RangeError) return refused([{ path: [], message: 'not valid YAML: nested too deeply' }]);
    if (error instanceof ReferenceError) return refused([{ path: [], message: `not valid YAML: ${error.message}` }]);
    if (error instanceof TypeError) return refused([{ path: [], message: 'not valid YAML: an alias (*name) stands inside what it points at' }]);
    throw error;
  }
}

function describeYamlError(error: YAMLError): string {
  if (error.code === 'MULTIPLE_DOCS') return 'more than one document in the file';
  return error.message === 'Maximum call stack size exceeded' ? 'nested too deeply' : error.message;
}

function locateNode(document: Document.Parsed, path: readonly PropertyKey[], key?: string): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of key === undefined ? path : [...path, key]) {
    const around: Node | undefined | null = isAlias(node) ? node.resolve(document) : node;
    const found: { node: Node | null; keyOffset?: number } | undefined = stepInto(around, step);
    if (found === undefined) return offset;
    node = found.node;
    offset = (step === key ? found.keyOffset : node?.range?.[0]) ?? found.keyOffset ?? offset;
  }
  return offset;
}

function stepInto(node: Node | undefined | null, step: PropertyKey): { node: Node | null; keyOffset?: number } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return isNode(item) ? { node: item } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
  if (pair === undefined) return undefined;
  const keyOffset = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
  return { node: isNode(pair.value) ? pair.value : null, ...(keyOffset === undefined ? {} : { keyOffset }) };
}
