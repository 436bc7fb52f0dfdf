/** Claims and sources as readers see them: what is said, the quote, who labelled it, where it is from. */
import type { FC } from 'hono/jsx';
import type { PublicClaim, PublicEntry, PublicSource } from '../public.ts';
import { DIRECTION_NAMES, PLATFORM_NAMES, spell, TYPE_NAMES } from './words.ts';

const DIRECTION_CLASSES = { improves: 'improves', worsens: 'worsens', no_effect: 'same' } as const;

/** A link to somebody else's page: unvouched for, and nothing of this page is handed over. */
export const OutLink: FC<{ readonly url: string; readonly text: string }> = ({ url, text }) => (
  <a href={url} rel="nofollow ugc noopener noreferrer">
    {text}
  </a>
);

export const ClaimList: FC<{ readonly claims: readonly PublicClaim[]; readonly slug: string }> = ({ claims, slug }) => (
  <ul class="claims">
    {claims.map((claim) => (
      <ClaimItem claim={claim} slug={slug} />
    ))}
  </ul>
);

/** Entries of any type: a number may count sources, claims or questions. */
export const EntryList: FC<{ readonly entries: readonly PublicEntry[]; readonly slug: string }> = ({ entries, slug }) => (
  <ul class="claims">
    {entries.map(({ claim, source, seq, header }) =>
      claim !== undefined ? (
        <ClaimItem claim={claim} slug={slug} />
      ) : source !== undefined ? (
        <SourceItem source={source} slug={slug} />
      ) : (
        <li>
          <p class="meta">
            {spell(String(header['type']))}, <EntryLink slug={slug} seq={seq} />
          </p>
        </li>
      ),
    )}
  </ul>
);

const ClaimItem: FC<{ readonly claim: PublicClaim; readonly slug: string }> = ({ claim, slug }) => {
  const { source, labels } = claim;
  return (
    <li>
      {claim.statement === undefined ? (
        claim.quote === undefined ? (
          <p class="quiet">{explainSilence(claim.state)}</p>
        ) : null
      ) : (
        <p class="statement" dir="auto">
          {claim.statement}
        </p>
      )}
      {claim.quote === undefined ? null : (
        <blockquote dir="auto">
          <p>“{claim.quote}”</p>
        </blockquote>
      )}
      <p class="tags">
        {labels.direction === 'none' || labels.effect === 'none' ? null : (
          <span class={`tag ${DIRECTION_CLASSES[labels.direction]}`}>
            {spell(labels.effect)}: {DIRECTION_NAMES[labels.direction]}
          </span>
        )}{' '}
        <span class="tag">{TYPE_NAMES[source.labels.document_type]}</span> <span class="tag">{labels.tier === 'none' ? 'no tier' : labels.tier}</span>{' '}
        <LabelledBy by={claim.by} confidence={claim.confidence} /> <StateTag state={claim.state} reasons={claim.reasons} />
      </p>
      <Origin source={source} slug={slug} seq={claim.seq} />
    </li>
  );
};

const SourceItem: FC<{ readonly source: PublicSource; readonly slug: string }> = ({ source, slug }) => (
  <li>
    {source.summary === undefined && source.title === undefined ? <p class="quiet">{explainSilence(source.state)}</p> : null}
    {source.summary === undefined ? null : (
      <p class="statement" dir="auto">
        {source.summary}
      </p>
    )}
    {source.text === undefined ? null : (
      <blockquote dir="auto">
        <p class="whole">{source.text}</p>
      </blockquote>
    )}
    <p class="tags">
      <span class="tag">{TYPE_NAMES[source.labels.document_type]}</span> {source.labels.tier === 'none' ? null : <span class="tag">{source.labels.tier}</span>}{' '}
      {source.labels.commercial === 1 ? <span class="tag">commercial</span> : null} <LabelledBy by={source.by} confidence={source.confidence} />{' '}
      <StateTag state={source.state} reasons={source.reasons} />
    </p>
    <Origin source={source} slug={slug} seq={source.seq} />
  </li>
);

/** Whether a person stands behind the labels or only the annotator. */
const LabelledBy: FC<{ readonly by: PublicClaim['by']; readonly confidence: number }> = ({ by, confidence }) =>
  by === 'person' ? (
    <span class="tag person">checked by a person</span>
  ) : (
    <span class="tag machine">labelled by machine, {Math.min(99, Math.round(confidence * 100))} % sure</span>
  );

const StateTag: FC<Pick<PublicClaim, 'state' | 'reasons'>> = ({ state, reasons }) => {
  if (state === 'accepted' || state === 'amended') return null;
  const because = reasons.map(spell).join(', ');
  return <span class="tag waits">{state === 'pending' ? `waits: ${because}` : `${spell(state)}${because ? `: ${because}` : ''}`}</span>;
};

const Origin: FC<{ readonly source: PublicSource; readonly slug: string; readonly seq: number }> = ({ source, slug, seq }) => {
  const date = source.created_at?.slice(0, 10);
  const place = PLATFORM_NAMES[source.platform];
  const title = source.title?.replace(/\.$/, '') ?? (source.platform === 'web' ? 'page' : `on ${place}`);
  return (
    <p class="meta">
      {source.url === undefined ? source.title === undefined ? place : title : <OutLink url={source.url} text={title} />}
      {source.title === undefined || source.platform === 'web' ? '' : `, ${place}`}
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
      {source.cites?.map(({ seq: cited, number }, index) => (
        <>
          {index === 0 ? ', cites ' : ', '}
          <a href={`/t/${slug}/entries/${cited}`} rel="nofollow">
            {number}
          </a>
        </>
      ))}
      , {source.number}, <EntryLink slug={slug} seq={seq} />
    </p>
  );
};

export const EntryLink: FC<{ readonly slug: string; readonly seq: number }> = ({ slug, seq }) => (
  <a href={`/t/${slug}/entries/${seq}`} rel="nofollow">{`entry ${seq}`}</a>
);

function explainSilence(state: PublicClaim['state']): string {
  if (state === 'pending') return 'Not quoted while it waits for a person.';
  if (state === 'erased') return 'The text was destroyed; what is left is the proof that there was one.';
  if (state === 'accepted' || state === 'amended') return 'The platform allows no words of it to be shown.';
  return 'Not shown, because it is set aside.';
}
