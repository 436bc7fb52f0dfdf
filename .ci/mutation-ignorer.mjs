// What mutation testing leaves out (.stryker.config.mjs): the wording of failures. Codes and places of failures stay in.
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** Calls whose argument at this index is a sentence for people. The code of an error, or the place of a failure, comes before it. */
const WORDING = new Map([
  ['Failure', 1],
  ['InvalidInputError', 1],
  ['IntegrityError', 1],
  ['NotCanonical', 0],
  ['RangeError', 0],
  ['Error', 0],
  ['refuse', 0],
  ['bad', 0],
  ['badCheckpoint', 0],
  ['where', 0],
]);

const ignoreWording = {
  /** @param {{ node: { type: string }, parentPath?: { node: { type: string, callee?: { name?: string }, arguments?: unknown[] } } }} path */
  shouldIgnore({ node, parentPath }) {
    if (node.type !== 'StringLiteral' && node.type !== 'TemplateLiteral') return undefined;
    const call = parentPath?.node;
    if (call?.type !== 'CallExpression' && call?.type !== 'NewExpression') return undefined;
    const at = WORDING.get(call.callee?.name ?? '');
    return at !== undefined && call.arguments?.[at] === node ? 'the wording of a failure' : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'wording', ignoreWording)];
