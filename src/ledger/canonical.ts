/**
 * Canonical JSON (RFC 8785) over the small value space the ledger allows: objects and arrays of well-formed strings and safe
 * integers. One value has one byte form. ECMAScript's own JSON.stringify already writes strings and numbers as section 3.2.2 asks;
 * what is left is the order of keys. Proved by test/vectors/jcs.test.ts, test/property/canonical.test.ts (against the
 * `canonicalize` package) and test/unit/ledger/canonical.test.ts.
 */
import { InvalidInputError } from '../errors.ts';

export type CanonicalValue = string | number | readonly CanonicalValue[] | { readonly [key: string]: CanonicalValue };

/**
 * RFC 8785 text of `value`.
 * @throws InvalidInputError `not_canonical` for null, undefined, booleans, floats, unsafe integers and lone surrogates.
 */
export function canonicalText(value: CanonicalValue): string {
  try {
    return writeValue(value, writeLedgerScalar);
  } catch (error) {
    if (error instanceof NotCanonical) throw new InvalidInputError('not_canonical', `${locate(value) ?? '$'}: ${error.message}`);
    throw error;
  }
}

/** RFC 8785 text of any JSON value, for digests of documents outside the ledger. Keys that hold undefined are left out, as JSON.stringify does. */
export function jcsText(value: unknown): string {
  return writeValue(value, (scalar) => JSON.stringify(scalar) ?? 'null');
}

class NotCanonical extends Error {}

/** Section 3.2.3: members sorted by the UTF-16 code units of their names, which is how `sort` compares strings. */
function writeValue(value: unknown, writeScalar: (scalar: unknown) => string): string {
  if (typeof value !== 'object' || value === null) return writeScalar(value);
  if (Array.isArray(value)) {
    let items = '';
    // By index, since `map` would pass over holes.
    for (let index = 0; index < value.length; index++) items += `${index === 0 ? '' : ','}${writeValue(value[index], writeScalar)}`;
    return `[${items}]`;
  }
  const record = value as Readonly<Record<string, unknown>>;
  let members = '';
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member === undefined && writeScalar !== writeLedgerScalar) continue;
    members += `${members === '' ? '' : ','}${writeScalar(key)}:${writeValue(member, writeScalar)}`;
  }
  return `{${members}}`;
}

function writeLedgerScalar(scalar: unknown): string {
  const fault = faultOf(scalar);
  if (fault !== undefined) throw new NotCanonical(fault);
  return JSON.stringify(scalar);
}

function faultOf(scalar: unknown): string | undefined {
  if (typeof scalar === 'string') return scalar.isWellFormed() ? undefined : 'a lone surrogate has no UTF-8 form';
  // -0 is a safe integer but prints as 0: two values would share one byte form.
  if (typeof scalar === 'number') return Number.isSafeInteger(scalar) && !Object.is(scalar, -0) ? undefined : 'numbers must be safe integers';
  return scalar === null ? 'an absent value is an absent key, never null' : `${typeof scalar} is not allowed`;
}

/** Path of the first fault, for the message alone: the way that finds none should not pay for it. */
function locate(value: unknown, path = '$'): string | undefined {
  if (typeof value !== 'object' || value === null) return faultOf(value) === undefined ? undefined : path;
  for (const [key, member] of Object.entries(value)) {
    const found = faultOf(key) === undefined ? locate(member, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`) : path;
    if (found !== undefined) return found;
  }
  return undefined;
}
