/**
 * Canonical JSON (RFC 8785) over the small value space the ledger allows: objects and arrays of
 * well-formed strings and safe integers. The library drops `undefined` silently and accepts floats,
 * so values are checked first. Proved by test/vectors/jcs.test.ts and test/unit/ledger/canonical.test.ts.
 */
import canonicalizeJson from 'canonicalize';
import { InvalidInputError } from '../errors.ts';

export type CanonicalValue = string | number | readonly CanonicalValue[] | { readonly [key: string]: CanonicalValue };

const encoder = new TextEncoder();

/**
 * RFC 8785 text of `value`.
 * @throws InvalidInputError `not_canonical` for null, undefined, booleans, floats, unsafe integers and lone surrogates.
 */
export function canonicalText(value: CanonicalValue): string {
  assertCanonical(value, '$');
  // The checks above leave no input for which the library returns undefined.
  return canonicalizeJson(value) as string;
}

/** UTF-8 bytes of `canonicalText(value)`: what is hashed and stored. */
export function canonicalBytes(value: CanonicalValue): Uint8Array {
  return encoder.encode(canonicalText(value));
}

function assertCanonical(value: unknown, path: string): void {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw notCanonical(path, 'a lone surrogate has no UTF-8 form');
      return;
    case 'number':
      // -0 is a safe integer but prints as 0: two values would share one byte form.
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw notCanonical(path, 'numbers must be safe integers');
      return;
    case 'object':
      if (value === null) throw notCanonical(path, 'an absent value is an absent key, never null');
      if (Array.isArray(value)) {
        for (let index = 0; index < value.length; index++) assertCanonical(value[index], `${path}[${index}]`);
        return;
      }
      for (const [key, item] of Object.entries(value)) {
        if (!key.isWellFormed()) throw notCanonical(path, 'a key holds a lone surrogate');
        assertCanonical(item, `${path}.${key}`);
      }
      return;
    default:
      throw notCanonical(path, `${typeof value} is not allowed`);
  }
}

function notCanonical(path: string, why: string): InvalidInputError {
  return new InvalidInputError('not_canonical', `${path}: ${why}`);
}
