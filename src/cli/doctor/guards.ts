/** Checks of what protects the ledger inside the database, and of erasures that its files have still to follow. */
import pg from 'pg';
import { mapDatabaseError } from '../../db/database-errors.ts';
import { listSilentTriggers } from '../../db/guards.ts';
import { isSameLogin } from '../../db/login.ts';
import { type Gap, readGaps } from '../../db/roles.ts';
import { readPendingScrub } from '../../db/scrub.ts';
import { describeError } from '../../errors.ts';
import type { Check } from './check.ts';

/** A sweep scrubs at most once a day. */
const SCRUB_WITHIN_MS = 24 * 3_600_000;

/** For a migrated database. Changes nothing. */
export async function checkGuards(database: { readonly url: string; readonly adminUrl: string }, now: Date): Promise<readonly Check[]> {
  return withClient(database.adminUrl, async (admin) => {
    const silent = await listSilentTriggers(admin);
    const gaps = await readGaps(admin);
    return [
      silent.length === 0
        ? { name: 'guards', ok: true, found: 'the ledger is append-only for everybody' }
        : {
            name: 'guards',
            ok: false,
            found: `triggers missing or off: ${silent.join(', ')}`,
            doThis: 'somebody removed them: verify the last good export, then restore a backup',
          },
      ...describeGaps(gaps),
      await checkLogin(database),
      ...describePending((await readPendingScrub(admin))?.since, now),
    ];
  });
}

function describeGaps(gaps: readonly Gap[]): readonly Check[] {
  if (gaps.length === 0) return [{ name: 'roles', ok: true, found: 'as listed' }];
  const some = gaps.slice(0, 3);
  const more = gaps.length > some.length ? ` and ${gaps.length - some.length} more` : '';
  return [
    {
      name: 'roles',
      ok: 'warn',
      found: `${some.map(({ what }) => what).join('; ')}${more}`,
      doThis: 'start hearsay once with HEARSAY_ADMIN_DATABASE_URL of a superuser, or of a login with CREATEROLE that made the roles itself: it sets them right',
    },
  ];
}

/** The triggers stop an owner's mistakes, not an owner who drops them: so the application should be none. */
async function checkLogin({ url, adminUrl }: { readonly url: string; readonly adminUrl: string }): Promise<Check> {
  const name = 'login';
  try {
    const owns = await withClient(url, async (client) => {
      const { rows } = await client.query<{ owns: boolean }>(
        `SELECT pg_has_role(c.relowner, 'USAGE') AS owns FROM pg_catalog.pg_class c WHERE c.oid = to_regclass('hearsay.ledger_entry')`,
      );
      return rows[0]?.owns === true;
    });
    if (!owns) return { name, ok: true, found: 'the application owns no table' };
    return {
      name,
      ok: 'warn',
      found: "the application's login owns the tables: whoever steals its password can switch the guards off",
      doThis: 'move this address to HEARSAY_ADMIN_DATABASE_URL, and give DATABASE_URL a login of its own: the next start makes it',
    };
  } catch (error) {
    if (isSameLogin(url, adminUrl)) throw error;
    return {
      name,
      ok: false,
      found: `the application cannot log in: ${describeError(error).message}`,
      doThis: 'start hearsay once, which makes the login of DATABASE_URL, or correct its password',
    };
  }
}

function describePending(since: Date | undefined, now: Date): readonly Check[] {
  if (since === undefined) return [];
  const late = now.getTime() - since.getTime() > SCRUB_WITHIN_MS;
  const found = `erasures since ${since.toISOString()} are not scrubbed from the database's files yet`;
  if (!late) return [{ name: 'erasures', ok: true, found }];
  return [
    {
      name: 'erasures',
      ok: 'warn',
      found,
      doThis: 'keep `hearsay up` or `worker` running, which scrubs once a day, and look into its log; or run `hearsay scrub`',
    },
  ];
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'hearsay-doctor', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
