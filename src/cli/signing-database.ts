/**
 * The database as a signer opens it: no topic files, no secret, no annotator, and no changes of the schema, since its login may do no
 * more than sign. Also for commands that only look at what is signed.
 */
import type { Pool } from 'pg';
import { openDatabase } from '../db/embedded.ts';
import { createPool } from '../db/pool.ts';
import { prepareDatabase } from '../db/prepare.ts';
import { InvalidInputError } from '../errors.ts';
import type { Edge } from './edge.ts';
import { createLog } from './open-hearsay.ts';
import type { SigningDeps } from './signing.ts';

export interface SigningDatabase extends SigningDeps {
  readonly pool: Pool;
  close(): Promise<void>;
}

/** Raises InvalidInputError `database_unprepared` where no other command has made the tables yet. */
export async function openSigningDatabase(edge: Edge): Promise<SigningDatabase> {
  const database = await openDatabase(edge.config, { exclusive: false, log: (message) => edge.talk(message) });
  const pool = createPool(database.url, { applicationName: 'hearsay-signer', max: 4 });
  const close = async (): Promise<void> => {
    await pool.end();
    await database.close();
  };
  try {
    if (database.embedded) await prepareDatabase(database);
    const found = await pool.query<{ ready: boolean }>(`SELECT to_regclass('hearsay.log_key') IS NOT NULL AS ready`);
    if (!found.rows[0]?.ready)
      throw new InvalidInputError('database_unprepared', 'the database has no ledger of this release yet: start hearsay up or worker on it first');
    return { pool, now: () => new Date(), log: createLog(edge), close };
  } catch (error) {
    await close();
    throw error;
  }
}
