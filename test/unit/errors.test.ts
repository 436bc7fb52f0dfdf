/**
 * docs/errors.md lists every stable code, and no code that is gone. Codes are read from the source by its syntax tree: what the four
 * classes are made with, `code:` of refusals and answers, notes, reasons of what append leaves out, and what is handed to a
 * function whose parameter is called `code` or `fault`. A code that is computed must be one of COMPUTED, so that none can hide.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { describeError, HearsayError, IntegrityError, InvalidInputError, RateLimitedError, TransientError } from '../../src/errors.ts';

const root = path.resolve(import.meta.dirname, '../..');
const CODE = /^[a-z][a-z0-9_]*$/;
const CLASSES = new Set(['TransientError', 'RateLimitedError', 'InvalidInputError', 'IntegrityError']);
/** Parameters through which a code is handed on. */
const CARRIERS = new Set(['code', 'fault']);
/** Template -> the codes it can give. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  // The doc lists it as `http_NNN`.
  'http_${status}': ['http_NNN'],
};

interface Found {
  readonly codes: Set<string>;
  /** Places where a code is made in a way this test does not understand. */
  readonly unknown: string[];
}

function collectCodes(file: string, text: string, found: Found): void {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const carriers = new Map<string, number>();

  const addCodes = (node: ts.Expression, carried: boolean): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.codes.add(node.text);
    else if (ts.isConditionalExpression(node)) for (const branch of [node.whenTrue, node.whenFalse]) addCodes(branch, carried);
    else if (ts.isBinaryExpression(node)) for (const side of [node.left, node.right]) addCodes(side, carried);
    else if (ts.isParenthesizedExpression(node)) addCodes(node.expression, carried);
    else if (ts.isTemplateExpression(node)) {
      const codes = COMPUTED[node.getText(source).slice(1, -1)];
      if (codes) for (const code of codes) found.codes.add(code);
      else found.unknown.push(`${file}: ${node.getText(source)}`);
    } else if (carried && !isHandedOn(node)) found.unknown.push(`${file}: ${node.getText(source)}`);
  };
  /** A parameter of that name, or the code of an error, refusal or reason that was collected where it was made. */
  const isHandedOn = (node: ts.Expression): boolean =>
    ts.isIdentifier(node) ? CARRIERS.has(node.text) : (ts.isPropertyAccessExpression(node) || ts.isPropertyAccessChain(node)) && node.name.text === 'code';

  const addLiteralType = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) found.codes.add(node.literal.text);
  };
  const visit = (node: ts.Node, act: (node: ts.Node) => void): void => {
    act(node);
    node.forEachChild((child) => visit(child, act));
  };
  visit(source, (node) => {
    if (!ts.isFunctionDeclaration(node) || !node.name) return;
    const at = node.parameters.findIndex(({ name }) => ts.isIdentifier(name) && CARRIERS.has(name.text));
    if (at >= 0) carriers.set(node.name.text, at);
  });
  visit(source, (node) => {
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && CLASSES.has(node.expression.text)) {
      const first = node.arguments?.[0];
      if (first) addCodes(first, true);
    } else if (ts.isPropertyAssignment(node) && node.name.getText(source) === 'code') {
      addCodes(node.initializer, false);
    } else if (ts.isPropertyAssignment(node) && node.name.getText(source) === 'why' && file.startsWith('src/pipeline/')) {
      addCodes(node.initializer, false);
    } else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const argument = node.arguments[carriers.get(node.expression.text) ?? -1];
      if (argument) addCodes(argument, false);
    } else if (ts.isCallExpression(node) && node.expression.getText(source) === 'notes.push') {
      for (const argument of node.arguments) addCodes(argument, false);
    } else if (ts.isFunctionDeclaration(node) && node.name?.text.endsWith('Notes')) {
      visit(node, (inner) => {
        if (ts.isArrayLiteralExpression(inner)) for (const element of inner.elements) addCodes(element, false);
      });
    } else if (ts.isPropertySignature(node) && node.name.getText(source) === 'code' && node.type) {
      visit(node.type, addLiteralType);
    } else if (ts.isTypeAliasDeclaration(node) && node.name.text.endsWith('Fault')) {
      visit(node.type, addLiteralType);
    }
  });
}

function collectAll(): Found {
  const found: Found = { codes: new Set(), unknown: [] };
  for (const folder of ['src', 'jobs', 'workers']) {
    for (const name of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
      // Codes in what the stand-ins answer are the platforms' own.
      if (!/\.tsx?$/.test(name) || `${folder}/${name}`.startsWith('src/demo/standins/')) continue;
      collectCodes(`${folder}/${name}`, readFileSync(path.join(root, folder, name), 'utf8'), found);
    }
  }
  return found;
}

/** Codes of the page: everything in backquotes in the first cell of a table row, but for the table of the classes. */
function listDocumented(): string[] {
  const rows = readFileSync(path.join(root, 'docs/errors.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return rows
    .flatMap((row) => [...(row.split('|')[1] as string).matchAll(/`([^`]+)`/g)].map((match) => match[1] as string))
    .filter((code) => !CLASSES.has(code));
}

describe('docs/errors.md', () => {
  const found = collectAll();
  const documented = listDocumented();

  it('lists every code of the source', () => {
    expect(found.codes.size).toBeGreaterThan(100);
    expect([...found.codes].filter((code) => !documented.includes(code)).sort()).toEqual([]);
  });
  it('lists no code that is gone', () => {
    expect(documented.filter((code) => !found.codes.has(code)).sort()).toEqual([]);
  });
  it('knows where every code comes from', () => {
    expect(found.unknown).toEqual([]);
  });
  it('holds codes in one shape', () => {
    expect([...found.codes].filter((code) => !CODE.test(code) && code !== 'http_NNN')).toEqual([]);
  });
});

describe('collecting codes', () => {
  const collect = (text: string, file = 'src/pipeline/planted.ts'): Found => {
    const found: Found = { codes: new Set(), unknown: [] };
    collectCodes(file, text, found);
    return found;
  };
  it.each([
    ["throw new InvalidInputError(\n  'planted',\n  'why')", 'planted'],
    ["throw new TransientError(late ? 'planted' : 'other', '')", 'planted'],
    ["const refusal = { code: 'planted', detail }", 'planted'],
    ["function refuse(what: string, code: string) { return { code }; }\nrefuse('x', 'planted')", 'planted'],
    ["notes.push('planted')", 'planted'],
    ["function dateNotes() { return ['planted']; }", 'planted'],
    ["blocked.push({ row, why: 'planted' })", 'planted'],
    ["type PlantedFault = 'planted' | 'other'", 'planted'],
  ])('finds %s', (text, code) => {
    expect([...collect(text).codes]).toContain(code);
  });
  it('reports a code it cannot read', () => {
    expect(collect(`throw new InvalidInputError(\`new_\${kind}\`, "")`).unknown).toHaveLength(1);
    expect(collect('throw new InvalidInputError(nameOf(kind), "")').unknown).toHaveLength(1);
  });
});

describe('error classes', () => {
  it.each([
    [new TransientError('timeout', 'late'), 'TransientError'],
    [new RateLimitedError('rate_limited', 'wait', 5_000), 'RateLimitedError'],
    [new InvalidInputError('bad_url', 'no address'), 'InvalidInputError'],
    [new IntegrityError('bad_header', 'no header'), 'IntegrityError'],
  ])('%s is told from the others by its class', (error, name) => {
    expect(error).toBeInstanceOf(HearsayError);
    expect(error.name).toBe(name);
    expect(describeError(error)).toEqual({ code: error.code, message: error.message });
  });
  it('keeps the wait of a rate limit and the cause of a failure', () => {
    expect(new RateLimitedError('rate_limited', 'wait', 5_000).retryAfterMs).toBe(5_000);
    const cause = new Error('inner');
    expect(new TransientError('network', 'outer', { cause }).cause).toBe(cause);
  });
  it('names whatever else is thrown', () => {
    expect(describeError(Object.assign(new Error('gone'), { code: 'ENOENT' }))).toEqual({ code: 'ENOENT', message: 'gone' });
    expect(describeError(new Error('odd'))).toEqual({ code: 'unexpected', message: 'odd' });
    expect(describeError('text')).toEqual({ code: 'unexpected', message: 'text' });
  });
});
