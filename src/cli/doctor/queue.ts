/** Checks of the queue's backend. What Redis must be set to: https://docs.bullmq.io/guide/going-to-production */
import type { Config } from '../../config.ts';
import { describeError } from '../../errors.ts';
import type { Check } from './check.ts';

const OLDEST_REDIS = [6, 2] as const;

export async function checkQueue(config: Config): Promise<readonly Check[]> {
  if (config.redisUrl === undefined) return [{ name: 'queue', ok: true, found: 'on Postgres (REDIS_URL is not set)' }];
  const { Redis } = await import('ioredis');
  const redis = new Redis(config.redisUrl, { lazyConnect: true, connectTimeout: 5_000, maxRetriesPerRequest: 0, retryStrategy: () => null });
  let cause: unknown;
  redis.on('error', (error) => {
    cause ??= error;
  });
  try {
    await redis.connect();
    return readInfo(await redis.info());
  } catch (error) {
    // The command's text may hold the password; only the reason is shown.
    const { code, message } = describeError(cause ?? error);
    const reason = code === 'unexpected' ? message.split(' ')[0] : code;
    return [{ name: 'queue', ok: false, found: `Redis does not answer (${reason})`, doThis: 'check REDIS_URL, or unset it to put the queue on Postgres' }];
  } finally {
    redis.disconnect();
  }
}

/** `info`: the answer of INFO, `key:value` lines. Read from there because managed services refuse CONFIG. */
export function readInfo(info: string): readonly Check[] {
  const values = new Map(
    info.split(/\r?\n/).flatMap((line) => (line.includes(':') ? [[line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const] : [])),
  );
  const version = values.get('redis_version') ?? 'unknown';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const tooOld = major < OLDEST_REDIS[0] || (major === OLDEST_REDIS[0] && minor < OLDEST_REDIS[1]);
  const checks: Check[] = [
    { name: 'queue', ok: !tooOld, found: `Redis ${version}`, ...(tooOld && { doThis: `use Redis ${OLDEST_REDIS.join('.')} or newer` }) },
  ];
  const policy = values.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    checks.push({ name: 'queue', ok: false, found: `maxmemory-policy ${policy}`, doThis: 'set maxmemory-policy noeviction: Redis would drop jobs when full' });
  }
  if (values.get('aof_enabled') === '0') {
    checks.push({
      name: 'queue',
      ok: 'warn',
      found: 'Redis keeps no append-only file',
      doThis: 'set appendonly yes; without it a restart of Redis loses time, never data',
    });
  }
  return checks;
}
