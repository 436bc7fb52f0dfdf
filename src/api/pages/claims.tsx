/** Claims by tier, and what each group of speakers says. */
import type { FC } from 'hono/jsx';
import { TIER_DEFINITIONS, TIER_NAMES } from '../../counts/wording.ts';
import type { CountedTier, PublishedCounts } from '../../model/counts.ts';
import type { PublicClaim, PublicLink } from '../public.ts';
import { ClaimList, OutLink } from './claim-list.tsx';
import { TIERS } from './evidence.tsx';
import { CountedNumber, countedHref } from './number.tsx';
import { capitalize } from './number-words.ts';

export const ClaimsByTier: FC<{
  readonly slug: string;
  readonly counts: PublishedCounts;
  readonly byTier: Readonly<Record<CountedTier, readonly PublicClaim[]>>;
}> = ({ slug, counts, byTier }) => (
  <section aria-labelledby="claims">
    <h2 id="claims">Claims, strongest evidence first</h2>
    <p>
      The tier says what a text itself offers for its main statement. It does not say that the statement is right. Within a tier, claims checked by a person
      come first, then those the machine is surest of.
    </p>
    <p class="legend">
      <span class="tag machine">labelled by machine, 95 % sure</span> no person has looked at it; the figure was calibrated on labelled texts.{' '}
      <span class="tag person">checked by a person</span> a reviewer accepted or corrected it.
    </p>
    {TIERS.map((tier) => (
      <>
        <h3>
          {capitalize(TIER_NAMES[tier])} (<CountedNumber slug={slug} name={`claims.${tier}`} value={counts.claims[tier]} />)
        </h3>
        <p class="quiet">{TIER_DEFINITIONS[tier]}</p>
        {byTier[tier].length === 0 ? <p class="empty">No claim of this tier has been accepted.</p> : <ClaimList claims={byTier[tier]} slug={slug} />}
        <More slug={slug} shown={byTier[tier].length} total={counts.claims[tier]} name={`claims.${tier}`} />
      </>
    ))}
    {counts.low_confidence.claims === 0 ? null : (
      <p>
        Not among these: <CountedNumber slug={slug} name="low_confidence.claims" value={counts.low_confidence.claims} /> claims that{' '}
        <a href="#pending">wait for a person</a>.
      </p>
    )}
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
  readonly lead: string;
  readonly name: string;
  readonly total: number;
  readonly claims: readonly PublicClaim[];
  /** There are claims beyond those given. */
  readonly more: boolean;
  /** Where the platform allows a link and nothing else. */
  readonly links: readonly PublicLink[];
}

export const Voices: FC<{ readonly slug: string; readonly voice: Voice }> = ({ slug, voice }) => (
  <section aria-labelledby={voice.id}>
    <h2 id={voice.id}>{voice.title}</h2>
    <p>
      {voice.lead} Sources counted here: <CountedNumber slug={slug} name={voice.name} value={voice.total} />.
    </p>
    <VoiceBody slug={slug} voice={voice} />
  </section>
);

const VoiceBody: FC<{ readonly slug: string; readonly voice: Voice }> = ({ slug, voice }) => {
  if (voice.links.length > 0) return <Links slug={slug} voice={voice} />;
  if (voice.total === 0) return <p class="empty">No source of this kind has been counted yet.</p>;
  if (voice.claims.length === 0)
    return <p class="empty">None of these sources has an accepted main claim: they ask, remark or announce, or their claims wait for a person.</p>;
  return (
    <>
      <ClaimList claims={voice.claims} slug={slug} />
      {voice.more ? (
        <p class="quiet">
          Shown: the first {voice.claims.length}. The others are in <a href={countedHref(slug, 'claims.total')}>the list of all claims</a>.
        </p>
      ) : null}
    </>
  );
};

const Links: FC<{ readonly slug: string; readonly voice: Voice }> = ({ slug, voice: { links, more } }) => (
  <>
    <p>This platform allows no more than a link, so nothing is quoted and no link stands beside what it was labelled as. In no particular order:</p>
    <ul class="links">
      {links.map(({ url }) => (
        <li>
          <OutLink url={url} text={url} />
        </li>
      ))}
    </ul>
    {more ? (
      <p class="quiet">
        Shown: {links.length}. <a href={`/api/topics/${slug}/links`}>More, as JSON</a>
      </p>
    ) : null}
  </>
);
