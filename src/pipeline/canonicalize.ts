/** JSON text with sorted keys (RFC 8785) of any JSON value: for digests of configuration and records, not of ledger bytes. */
import canonicalizeJson from 'canonicalize';

export function canonicalize(value: unknown): string {
  return canonicalizeJson(value) ?? 'null';
}
