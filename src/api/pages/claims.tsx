/** Claims as readers see them: what is said, the quote, who labelled it, where it is from. */
import type { FC } from 'hono/jsx';
import { TIER_DEFINITIONS, TIER_NAMES } from '../../counts/wording.ts';
import type { CountedTier, PublishedCounts } from '../../model/counts.ts';
import type { DocumentType } from '../../model/labels.ts';
import type { PublicClaim, PublicLink, PublicSource } from '../public.ts';
import { TIERS } from './evidence.tsx';
import { CountedNumber } from './number.tsx';

const TYPE_NAMES: Readonly<Record<DocumentType, string>> = {
  first_person_report: 'first-person',
  second_hand_report: 'second-hand',
  primary_study: 'study',
  registry_record: 'trial registry',
  review_article: 'review article',
  promotion: 'promotion',
  study_relay: 'relays a study',
  news: 'news',
  guide: 'guide',
  question: 'question',
  opinion: 'opinion',
  other: 'other',
  off_topic: 'off topic',
};
const PLATFORM_NAMES: Readonly<Record<PublicSource['platform'], string>> = {
  reddit: 'Reddit',
  x: 'X',
  web: 'web',
  pubmed: 'PubMed',
  europepmc: 'Europe PMC',
  clinicaltrials: 'ClinicalTrials.gov',
  youtube: 'YouTube',
  bluesky: 'Bluesky',
  discourse: 'forum',
  instagram: 'Instagram',
  sms: 'sent in by SMS',
  whatsapp: 'sent in by WhatsApp',
  paste: 'sent in',
};

/** A link to somebody else's page: unvouched for, and nothing of this page is handed over. */
export const OutLink: FC<{ readonly url: string; readonly text: string }> = ({ url, text }) => (
  <a href={url} rel="nofollow ugc noopener noreferrer">
    {text}
  </a>
);

export const ClaimList: FC<{ readonly claims: readonly PublicClaim[]; readonly slug: string }> = ({ claims, slug }) => (
  <ul class="claims">
    {claims.map((claim) => (
      <li>
        {claim.statement === undefined ? null : <p dir="auto">{claim.statement}</p>}
        {claim.quote === undefined ? null : <blockquote dir="auto">“{claim.quote}”</blockquote>}
        <ClaimMeta claim={claim} slug={slug} />
      </li>
    ))}
  </ul>
);

const ClaimMeta: FC<{ readonly claim: PublicClaim; readonly slug: string }> = ({ claim, slug }) => {
  const { source } = claim;
  const date = source.created_at?.slice(0, 10);
  return (
    <p class="meta">
      <span class="tag">{TYPE_NAMES[source.labels.document_type]}</span> <span class="tag">{claim.labels.tier}</span>{' '}
      <span class="tag">{claim.by === 'person' ? 'checked by a person' : `labelled by machine, ${Math.round(claim.confidence * 100)} %`}</span>{' '}
      {claim.reasons.length === 0 ? null : <>waits because of: {claim.reasons.map((reason) => reason.replaceAll('_', ' ')).join(', ')}. </>}
      {source.url === undefined ? PLATFORM_NAMES[source.platform] : <OutLink url={source.url} text={source.title ?? `on ${PLATFORM_NAMES[source.platform]}`} />}
      {date === undefined ? (
        ', date unknown'
      ) : (
        <>
          , <time datetime={date}>{date}</time>
        </>
      )}
      {source.record === undefined ? null : `, ${source.record}`}
      {source.notices.map(({ kind, record }) => (
        <strong>
          , {kind}: {record}
        </strong>
      ))}
      , <a href={`/t/${slug}/entries/${claim.seq}`} rel="nofollow">{`${source.number}, entry ${claim.seq}`}</a>
    </p>
  );
};

export const ClaimsByTier: FC<{
  readonly slug: string;
  readonly counts: PublishedCounts;
  readonly byTier: Readonly<Record<CountedTier, readonly PublicClaim[]>>;
}> = ({ slug, counts, byTier }) => (
  <section aria-labelledby="claims">
    <h2 id="claims">Claims, strongest evidence first</h2>
    <p>The tier says what a text itself offers for its main statement. It does not say that the statement is right. Within a tier, oldest first.</p>
    {TIERS.map((tier) => (
      <>
        <h3>
          {TIER_NAMES[tier]} (<CountedNumber slug={slug} name={`claims.${tier}`} value={counts.claims[tier]} />)
        </h3>
        <p class="quiet">{TIER_DEFINITIONS[tier]}</p>
        {byTier[tier].length === 0 ? <p>None.</p> : <ClaimList claims={byTier[tier]} slug={slug} />}
        <More slug={slug} shown={byTier[tier].length} total={counts.claims[tier]} name={`claims.${tier}`} />
      </>
    ))}
  </section>
);

export const More: FC<{ readonly slug: string; readonly shown: number; readonly total: number; readonly name: string }> = ({ slug, shown, total, name }) =>
  shown >= total ? null : (
    <p class="quiet">
      Shown: {shown}. All: <CountedNumber slug={slug} name={name} value={total} />
    </p>
  );

export interface Voice {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly total: number;
  readonly claims: readonly PublicClaim[];
  /** Where the platform allows a link and nothing else. */
  readonly links: readonly PublicLink[];
}

export const Voices: FC<{ readonly slug: string; readonly voice: Voice; readonly lead: string }> = ({ slug, voice, lead }) => (
  <section aria-labelledby={voice.id}>
    <h2 id={voice.id}>{voice.title}</h2>
    <p>
      {lead} Sources of this kind: <CountedNumber slug={slug} name={voice.name} value={voice.total} />.
    </p>
    {voice.links.length > 0 ? (
      <>
        <p>This platform allows no more than a link, so nothing is quoted and no link stands beside what it was labelled as.</p>
        <ul>
          {voice.links.map(({ url }) =>
            url === undefined ? null : (
              <li>
                <OutLink url={url} text={url} />
              </li>
            ),
          )}
        </ul>
      </>
    ) : voice.claims.length === 0 ? (
      <p>Nothing to quote.</p>
    ) : (
      <ClaimList claims={voice.claims} slug={slug} />
    )}
  </section>
);
