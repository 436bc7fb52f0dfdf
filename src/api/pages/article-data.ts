/** Gathers what an article shows, already reduced to what is public. */
import { STATES, type SourceKind } from '../../counts/fold.ts';
import type { CountedTier, PublishedCounts } from '../../model/counts.ts';
import type { Topic } from '../../model/topic.ts';
import type { AppDeps } from '../deps.ts';
import type { Checkpoint, ClaimQuery, CoMention, Drop } from '../ledger-reader.ts';
import { publicClaim, publicListed, type PublicClaim, type PublicLink } from '../public.ts';
import type { Voice } from './claims.tsx';

const PER_TIER = 8;
const PER_VOICE = 10;
const PENDING = 10;
/** Links to posts whose platform allows no more. */
const LINKS = 100;

export interface Article {
  readonly topic: Topic;
  readonly counts: PublishedCounts | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly byTier: Readonly<Record<CountedTier, readonly PublicClaim[]>>;
  readonly scientists: Voice;
  readonly people: readonly Voice[];
  readonly pending: readonly PublicClaim[];
  readonly drops: readonly Drop[];
  readonly coMentions: readonly CoMention[];
  readonly topics: ReadonlySet<string>;
  /** UTC day the page was made, for printed copies. */
  readonly day: string;
}

export async function loadArticle(deps: AppDeps, topic: Topic): Promise<Article> {
  const { ledger, policyOf } = deps;
  const { slug } = topic;
  const counts = await ledger.counts(slug);
  const claims = async (query: ClaimQuery) => (await ledger.claims(slug, query)).rows.map((row) => publicClaim(row, policyOf));
  const counted = { state: STATES.filter((state) => state === 'accepted' || state === 'amended'), kind: 'main', apart: false } as const;
  const ofTier = (tier: CountedTier) => claims({ ...counted, tier, limit: PER_TIER });

  const voice = async (sourceKind: SourceKind, id: string, title: string): Promise<Voice> => ({
    id,
    title,
    name: `sources.${sourceKind}`,
    total: counts?.sources[sourceKind] ?? 0,
    claims: await claims({ ...counted, sourceKind, limit: PER_VOICE }),
    links: [],
  });
  const linked = async (platform: 'reddit' | 'x', given: Voice): Promise<Voice> => {
    if (policyOf(platform) !== 'id') return given;
    const page = await ledger.sources(slug, { platform, state: counted.state, limit: LINKS });
    return { ...given, claims: [], links: page.rows.map((row) => publicListed(row, policyOf) as PublicLink) };
  };

  return {
    topic,
    counts,
    checkpoint: await ledger.checkpoint(slug),
    byTier: {
      human: await ofTier('human'),
      preclinical: await ofTier('preclinical'),
      anecdotal: await ofTier('anecdotal'),
      mechanistic: await ofTier('mechanistic'),
      speculative: await ofTier('speculative'),
    },
    scientists: await voice('scientific', 'scientists', 'What scientists say'),
    people: [
      await linked('reddit', await voice('reddit', 'reddit', 'What people say on Reddit')),
      await linked('x', await voice('x', 'x', 'What people say on X')),
      await voice('other_anecdote', 'elsewhere', 'What people say elsewhere'),
    ],
    pending: await claims({ state: 'pending', limit: PENDING }),
    drops: await ledger.drops(slug),
    coMentions: await ledger.coMentions(slug),
    topics: new Set(deps.topics.keys()),
    day: deps.now().toISOString().slice(0, 10),
  };
}
