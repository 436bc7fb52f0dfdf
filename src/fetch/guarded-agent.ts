/**
 * An undici agent behind the address guard: the one way out of this machine, for crawls, for outside places, and for whatever else an
 * operator names by its address. Proved by test/unit/fetch/address-guard.test.ts and test/unit/places/post.test.ts.
 */
import { Agent } from 'undici';
import { createGuardedConnect, type ResolveHost } from './address-guard.ts';

export interface GuardOptions {
  /** `host:port` pairs that may be reached although not public. */
  readonly allowed: ReadonlySet<string>;
  readonly connectTimeoutMs: number;
  readonly resolveHost?: ResolveHost | undefined;
}

export function createGuardedAgent({ allowed, connectTimeoutMs, resolveHost }: GuardOptions, limits: Omit<Agent.Options, 'connect'>): Agent {
  return new Agent({ ...limits, connect: createGuardedConnect({ allowed, connectTimeoutMs, ...(resolveHost === undefined ? {} : { resolveHost }) }) });
}
