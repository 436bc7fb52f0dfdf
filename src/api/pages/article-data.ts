/** Gathers what an article shows, already reduced to what is public. */
import { STATES, type SourceKind } from '../../counts/fold.ts';
import type { CountedTier, PublishedCounts } from '../../model/counts.ts';
import type { Topic } from '../../model/topic.ts';
import { showsItems } from '../../sources/policy.ts';
import type { AppDeps } from '../deps.ts';
import type { Checkpoint, CoMention, Drop, RankQuery } from '../ledger-reader.ts';
import { linksOn, loadLinks } from '../links.ts';
import { publicClaim, type PublicClaim } from '../public.ts';
import type { Voice } from './claims.tsx';

const PER_TIER = 8;
const PER_VOICE = 10;
const PENDING = 10;
/** Links to posts whose platform allows no more; the API has all. */
const LINKS = 100;
const LITERATURE_LEAD = 'Main claims of studies, reviews and registry entries, as read from literature databases.';
const PEOPLE_LEAD = "Main claims of reports. Quotes are the author's words, doses hidden; each links back.";

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
  const claims = async (query: RankQuery, limit: number) => (await ledger.ranked(slug, query, limit)).map((row) => publicClaim(row, policyOf));
  const counted = { state: STATES.filter((state) => state === 'accepted' || state === 'amended'), kind: 'main', apart: false } as const;
  const ofTier = (tier: CountedTier) => claims({ ...counted, tier }, PER_TIER);

  const voice = async (sourceKind: SourceKind, words: Pick<Voice, 'id' | 'title' | 'lead'>): Promise<Voice> => {
    const found = await claims({ ...counted, sourceKind }, PER_VOICE + 1);
    return {
      ...words,
      name: `sources.${sourceKind}`,
      total: counts?.sources[sourceKind] ?? 0,
      claims: found.slice(0, PER_VOICE),
      more: found.length > PER_VOICE,
      links: [],
    };
  };
  const links = await loadLinks(deps, slug);
  const linked = (platform: 'reddit' | 'x', given: Voice): Voice => {
    if (showsItems(policyOf(platform))) return given;
    const all = linksOn(links, platform);
    return { ...given, claims: [], more: all.length > LINKS, links: all.slice(0, LINKS) };
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
    scientists: await voice('scientific', { id: 'scientists', title: 'What scientists say', lead: LITERATURE_LEAD }),
    people: [
      linked('reddit', await voice('reddit', { id: 'reddit', title: 'What people say on Reddit', lead: PEOPLE_LEAD })),
      linked('x', await voice('x', { id: 'x', title: 'What people say on X', lead: PEOPLE_LEAD })),
      await voice('other_anecdote', { id: 'elsewhere', title: 'What people say elsewhere', lead: PEOPLE_LEAD }),
    ],
    pending: await claims({ state: 'pending' }, PENDING),
    drops: await ledger.drops(slug),
    coMentions: await ledger.coMentions(slug),
    topics: new Set(deps.topics.keys()),
    day: deps.now().toISOString().slice(0, 10),
  };
}
