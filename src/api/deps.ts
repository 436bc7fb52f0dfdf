/** What the HTTP face needs from the rest of Hearsay; the server hands it in, tests hand in their own. */
import { InvalidInputError } from '../errors.ts';
import type { Log } from '../ledger/log.ts';
import type { Topic } from '../model/topic.ts';
import type { CommunityCoverage } from '../pipeline/read-coverage.ts';
import type { Metric } from '../pipeline/read-metrics.ts';
import type { LedgerReader } from './ledger-reader.ts';
import type { PolicyOf } from './public.ts';

export interface AppDeps {
  readonly ledger: LedgerReader;
  /** The log of a topic that there is: tiles, proofs, checkpoint. */
  readonly logOf: (slug: string) => Log;
  readonly topics: ReadonlyMap<string, Topic>;
  readonly now: () => Date;
  readonly policyOf: PolicyOf;
  /** What was covered of the communities of a topic. */
  readonly coverage: (slug: string) => Promise<readonly CommunityCoverage[]>;
  /** Without it /metrics answers 404. */
  readonly metrics?: () => Promise<readonly Metric[]>;
  /** Resolves when the database answers. */
  readonly ping: () => Promise<void>;
  /** Shown above every page, e.g. that the posts are made up. */
  readonly notice?: string;
  /** Told of every error that is not the caller's; answers never carry its text. */
  readonly report?: (error: unknown) => void;
  /** Lines of the public export (docs/ledger-format.md), newline included. Without it /export answers 404. */
  readonly exportLines?: (slug: string) => AsyncIterable<string>;
}

/**
 * The topic of a path.
 * @throws InvalidInputError `unknown_topic`
 */
export function requireTopic(deps: AppDeps, slug: string): Topic {
  const topic = deps.topics.get(slug);
  if (topic === undefined) throw new InvalidInputError('unknown_topic', 'there is no such topic');
  return topic;
}
