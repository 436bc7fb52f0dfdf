/** Brings a database to where this release can use it: schema, roles, the application's login. At every start; changes nothing where nothing is missing. */
import { isSameLogin, prepareLogin } from './login.ts';
import { migrate } from './migrate.ts';

/** Raises what `migrate` raises, and `InvalidInputError` `database_login`. */
export async function prepareDatabase(database: { readonly url: string; readonly adminUrl: string }): Promise<void> {
  await migrate(database.adminUrl);
  if (!isSameLogin(database.adminUrl, database.url)) await prepareLogin(database.adminUrl, database.url);
}
