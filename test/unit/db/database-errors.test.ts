import { describe, expect, it } from 'vitest';
import { InvalidInputError, TransientError } from '../../../src/errors.ts';
import { isContention, mapDatabaseError } from '../../../src/db/database-errors.ts';

function failure(code: string | undefined, message = 'boom'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe('mapDatabaseError', () => {
  it.each([
    ['ECONNREFUSED', TransientError, 'database_unavailable'],
    ['08006', TransientError, 'database_unavailable'],
    ['57P01', TransientError, 'database_unavailable'],
    ['57P03', TransientError, 'database_unavailable'],
    ['53300', TransientError, 'database_connections'],
    ['53100', TransientError, 'no_space'],
    ['57014', TransientError, 'database_timeout'],
    ['40001', TransientError, 'database_contention'],
    ['40P01', TransientError, 'database_contention'],
    ['28P01', InvalidInputError, 'database_login'],
    ['3D000', InvalidInputError, 'database_missing'],
  ])('%s', (code, type, expected) => {
    const mapped = mapDatabaseError(failure(code));
    expect(mapped).toBeInstanceOf(type);
    expect(mapped).toMatchObject({ code: expected });
  });

  it.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect', 'Client has encountered a connection error and is not queryable'])(
    'knows "%s" without a code',
    (message) => {
      expect(mapDatabaseError(failure(undefined, message))).toMatchObject({ code: 'database_unavailable' });
    },
  );

  it('leaves everything else alone', () => {
    const violation = failure('23505');
    expect(mapDatabaseError(violation)).toBe(violation);
    const own = new TransientError('network', 'x');
    expect(mapDatabaseError(own)).toBe(own);
    expect(isContention(violation)).toBe(false);
  });
});
