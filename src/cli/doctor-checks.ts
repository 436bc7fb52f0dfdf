/**
 * `hearsay doctor`: everything that can be wrong with an installation, looked at without changing it. Every finding that
 * is not good says what to do. Nothing here prints a secret or an address with a password.
 * Parts in src/cli/doctor/; proved by test/unit/cli/doctor-checks.test.ts and test/integration/doctor.test.ts.
 */
import type { Config } from '../config.ts';
import { describeError } from '../errors.ts';
import type { Check, DoctorDeps } from './doctor/check.ts';
import { checkDatabase } from './doctor/database.ts';
import { checkSecret, checkSigningKey } from './doctor/keys.ts';
import { checkConfiguration, checkDataDirectory, checkDiskSpace, checkForgottenClusters, checkNode, checkSystemClock, checkZstd } from './doctor/machine.ts';
import { checkQueue } from './doctor/queue.ts';

export type { Check, DoctorDeps } from './doctor/check.ts';

/** Checks in the order a person would go through them; one that fails never hides the next. */
export async function runChecks(config: Config, deps: DoctorDeps): Promise<readonly Check[]> {
  const database = await settle('database', () => checkDatabase(config, deps));
  const keyIds = database.keyIds ?? [];
  const rest = await Promise.all([
    settle('node', () => checkNode(deps.nodeVersion)),
    settle('configuration', () => checkConfiguration(config)),
    settle('data directory', () => checkDataDirectory(config.dataDir)),
    settle('disk space', () => checkDiskSpace(config.dataDir)),
    settle('clock', () => checkSystemClock(deps.now())),
    settle('forgotten databases', () => checkForgottenClusters()),
  ]);
  const after = await Promise.all([
    settle('queue', () => checkQueue(config)),
    settle('secret', () => checkSecret(config, keyIds)),
    settle('signing key', () => checkSigningKey(config)),
    settle('topics', () => checkTopics(deps)),
    settle('zstd', () => checkZstd()),
  ]);
  return [...rest, database, ...after].flatMap(({ checks }) => checks).concat(deps.sources.map((source) => checkSource(source, config.credentials)));
}

interface Settled {
  readonly checks: readonly Check[];
  readonly keyIds?: readonly string[];
}

/** What a part found, or that it failed and how. */
async function settle(name: string, part: () => Promise<Settled | readonly Check[]> | readonly Check[]): Promise<Settled> {
  try {
    const found = await part();
    return 'checks' in found ? found : { checks: found };
  } catch (error) {
    const { code, message } = describeError(error);
    return { checks: [{ name, ok: false, found: `${code}: ${message}`, doThis: 'see the code on the page of errors (docs/errors.md)' }] };
  }
}

async function checkTopics({ readTopics }: DoctorDeps): Promise<readonly Check[]> {
  const slugs = await readTopics();
  if (slugs.length === 0) return [{ name: 'topics', ok: 'warn', found: 'none', doThis: 'put a topic file into topics/ (docs/topics.md)' }];
  return [{ name: 'topics', ok: true, found: `${slugs.length}: ${slugs.slice(0, 10).join(', ')}${slugs.length > 10 ? ', ...' : ''}` }];
}

/** A source without credentials is not an error: it is a source that cannot be crawled. */
export function checkSource(source: DoctorDeps['sources'][number], credentials: Config['credentials']): Check {
  const name = `source ${source.name}`;
  const missing = source.description.credentials.filter(({ env, required }) => required && credentials[env] === undefined);
  if (missing.length === 0) {
    const optional = source.description.credentials.filter(({ env }) => credentials[env] === undefined).map(({ env }) => env);
    return { name, ok: true, found: optional.length === 0 ? 'ready' : `ready; optional and unset: ${optional.join(', ')}` };
  }
  return {
    name,
    ok: 'warn',
    found: `cannot be crawled without ${missing.map(({ env }) => env).join(', ')}`,
    doThis: [...new Set(missing.map(({ how }) => how))].join('; '),
  };
}
