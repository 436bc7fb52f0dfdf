/**
 * What a failed database call means for the caller: Postgres' and the network's codes to the four error classes.
 * SQLSTATE: https://www.postgresql.org/docs/18/errcodes-appendix.html. Proved by test/unit/db/database-errors.test.ts.
 */
import { HearsayError, InvalidInputError, TransientError, describeError } from '../errors.ts';

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/** `pg` raises these without a code. */
const LOST_CONNECTION =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Client (?:was closed|has encountered a connection error))/;

/** 40001 serialization_failure, 40P01 deadlock_detected: the same transaction may work when run again. */
export function isContention(error: unknown): boolean {
  const { code } = describeError(error);
  return code === '40001' || code === '40P01';
}

/**
 * A `TransientError` or `InvalidInputError` for what is about the connection or the server; everything else, such as a
 * constraint violation, comes back as it is. Messages hold neither statement nor values.
 */
export function mapDatabaseError(error: unknown): unknown {
  if (error instanceof HearsayError) return error;
  const { code, message } = describeError(error);
  const options = { cause: error };
  if (isContention(error)) return new TransientError('database_contention', 'the database was busy with the same rows', options);
  // 57P01 admin_shutdown, 57P02 crash_shutdown, 57P03 cannot_connect_now; class 08: connection exceptions.
  if (NETWORK_CODES.has(code) || /^(?:08...|57P0[123])$/.test(code) || LOST_CONNECTION.test(message)) {
    return new TransientError('database_unavailable', `the database does not answer (${code === 'unexpected' ? message : code})`, options);
  }
  if (code === '53300')
    return new TransientError('database_connections', 'the database has no connection left: raise max_connections or run fewer workers', options);
  if (code === '53100') return new TransientError('no_space', 'the disk of the database is full', options);
  if (code === '53200') return new TransientError('database_memory', 'the database is out of memory', options);
  if (code === '57014') return new TransientError('database_timeout', 'a statement took too long and was ended', options);
  if (code === '25P03') return new TransientError('database_timeout', 'a transaction stood idle too long and was ended', options);
  if (code === '55P03') return new TransientError('database_contention', 'a lock was not free in time', options);
  if (code.startsWith('28')) return new InvalidInputError('database_login', 'the database refuses user or password of DATABASE_URL', options);
  if (code === '3D000') return new InvalidInputError('database_missing', 'the database that DATABASE_URL names does not exist', options);
  return error;
}
