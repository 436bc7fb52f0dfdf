/**
 * The logs a witness follows: per origin the keys it trusts. A list has one log per line, its verifier key and, where the
 * origin is not the key's name, a space and the origin; `#` begins a comment. Two lines of one origin are two keys, for a rotation.
 *
 *   example.com/log+7d0d2f4b+AU...
 *   sum.golang.org+033de0ae+Ac4... go.sum database tree
 *
 * Pure. Proved by test/unit/witness/log-list.test.ts.
 */
import { describeError, InvalidInputError } from '../errors.ts';
import { parseVerifierKey, type VerifierKey } from '../ledger/checkpoint.ts';

/** Origin -> keys, one or more. */
export type LogList = ReadonlyMap<string, readonly VerifierKey[]>;

/** @throws InvalidInputError `bad_log_list` naming the line */
export function parseLogList(text: string): LogList {
  const logs = new Map<string, readonly VerifierKey[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const entry = line.trim();
    if (entry === '' || entry.startsWith('#')) continue;
    const space = entry.indexOf(' ');
    const key = readKey(space < 0 ? entry : entry.slice(0, space), index + 1);
    const origin = space < 0 ? key.name : entry.slice(space + 1).trim();
    logs.set(origin, [...(logs.get(origin) ?? []), key]);
  }
  return logs;
}

function readKey(text: string, line: number): VerifierKey {
  try {
    return parseVerifierKey(text);
  } catch (cause) {
    throw new InvalidInputError('bad_log_list', `log ${line} of the list: ${describeError(cause).message}`, { cause });
  }
}
