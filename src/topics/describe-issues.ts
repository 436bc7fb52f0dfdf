/** Zod's findings as sentences that say what was expected, each with the path it is about. */
import { z } from 'zod';
import type { Complaint } from './read-yaml.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** `schema` is what found the issues; `under` is where in the file its root stands. */
export function describeIssues(issues: readonly Issue[], at: { readonly schema: z.ZodType; readonly under?: Path }): Complaint[] {
  return issues.flatMap((issue) => describeIssue(issue, { schema: at.schema, local: issue.path, under: at.under ?? [] }));
}

function describeIssue(issue: Issue, at: { readonly schema: z.ZodType; readonly local: Path; readonly under: Path }): Complaint[] {
  const path = [...at.under, ...at.local];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = listKeys(at.schema, at.local);
      const expected = known.length === 0 ? '' : `, expected one of ${known.join(', ')}`;
      return issue.keys.map((key) => ({ path, key, message: `unknown key${expected}` }));
    }
    case 'invalid_union': {
      // Of the forms a value may take, talk about the one it comes closest to.
      const closest = [...issue.errors].sort((a, b) => weigh(a) - weigh(b))[0] ?? [];
      if (closest.length === 0) return [{ path, message: issue.message }];
      return closest.flatMap((inner) => describeIssue(inner, { ...at, local: [...at.local, ...inner.path] }));
    }
    case 'invalid_value':
      return [{ path, message: `expected one of ${issue.values.map(String).join(', ')}${shown(issue.input)}` }];
    case 'invalid_type': {
      const missing = issue.input === undefined && /received undefined$/.test(issue.message);
      const expected = issue.expected === 'record' || issue.expected === 'object' ? 'a map' : issue.expected === 'array' ? 'a list' : `a ${issue.expected}`;
      // A plain YAML scalar ends at ": ", which is how prose turns into a map.
      const hint = issue.expected === 'string' && /received object$/.test(issue.message) ? ' (text with ": " in it needs quotes or ">-")' : '';
      return [{ path, message: missing ? `missing, expected ${expected}` : `expected ${expected}, ${issue.message.replace(/^.*?(?=received)/, '')}${hint}` }];
    }
    case 'invalid_format':
      return [
        {
          path,
          message: `expected ${issue.message.replace(/^Invalid string: must match pattern/, 'text that matches').replace(/^Invalid (?=\w)/, 'a valid ')}${shown(issue.input)}`,
        },
      ];
    case 'too_small':
      return [{ path, message: isEmptyText(issue) ? 'expected some text, got none' : `expected ${bound(issue, 'least')}` }];
    case 'too_big':
      return [{ path, message: `expected ${bound(issue, 'most')}` }];
    default:
      return [{ path, message: issue.message }];
  }
}

function weigh(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function shown(input: unknown): string {
  return typeof input === 'string' ? `; got ${JSON.stringify(input.slice(0, 60))}` : '';
}

function isEmptyText(issue: z.core.$ZodIssueTooSmall): boolean {
  return issue.origin === 'string' && issue.minimum === 1;
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, word: 'least' | 'most'): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const unit = issue.origin === 'array' ? ' items' : issue.origin === 'string' ? ' characters' : '';
  if (issue.exact === true) return `exactly ${limit}${unit}`;
  if (issue.inclusive === false) return `${word === 'least' ? 'more than' : 'less than'} ${limit}${unit}`;
  return `at ${word} ${limit}${unit}`;
}

/** Keys the schema knows at `path`, over all forms of a union. */
function listKeys(schema: z.core.$ZodType, path: Path): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly) {
    return listKeys(schema.def.innerType, path);
  }
  if (schema instanceof z.ZodUnion) return [...new Set(schema.def.options.flatMap((option) => listKeys(option, path)))];
  const [step, ...rest] = path;
  if (schema instanceof z.ZodArray) return step === undefined ? [] : listKeys(schema.def.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  if (step === undefined) return Object.keys(schema.def.shape);
  const inner = Object.hasOwn(schema.def.shape, step) ? schema.def.shape[String(step)] : undefined;
  return inner === undefined ? [] : listKeys(inner, rest);
}
