/** What the evidence shows: sources and claims that add up, catalogue confidence with its terms, evidence grade with its rule. */
import type { FC } from 'hono/jsx';
import { SOURCE_KINDS } from '../../counts/fold.ts';
import { formatConfidence } from '../../counts/render.ts';
import { SOURCE_KIND_DEFINITIONS, SOURCE_KIND_NAMES, TIER_DEFINITIONS, TIER_NAMES } from '../../counts/wording.ts';
import type { CountedTier, PublishedCounts } from '../../model/counts.ts';
import { CountHead, CountRow, CountedNumber } from './number.tsx';

type Props = { readonly slug: string; readonly counts: PublishedCounts };
export const TIERS = Object.keys(TIER_NAMES) as CountedTier[];
const TERM_DEFINITIONS = {
  human: 'claims, tier human',
  preclinical: 'claims, tier preclinical',
  anecdotal: 'claims, tier anecdotal',
  studies: 'scientific sources, without registry records that have no results',
} as const;

export const Evidence: FC<Props> = ({ slug, counts }) => (
  <section aria-labelledby="evidence">
    <h2 id="evidence">What the evidence shows</h2>
    <p class="verdict">
      Evidence grade: <strong>{counts.grade.value}</strong>
      <br />
      <span class="quiet">{counts.grade.rule}</span>
    </p>
    <SourceTable slug={slug} counts={counts} />
    <ClaimTable slug={slug} counts={counts} />
    <Confidence slug={slug} counts={counts} />
  </section>
);

const SourceTable: FC<Props> = ({ slug, counts: { sources, posts, threads, experiences } }) => (
  <div class="scroll">
    <table id="sources-table">
      <caption>Sources, by kind: the first that fits</caption>
      <CountHead first="Kind" />
      <tbody>
        {SOURCE_KINDS.map((kind) => (
          <CountRow slug={slug} name={`sources.${kind}`} label={SOURCE_KIND_NAMES[kind]} value={sources[kind]} definition={SOURCE_KIND_DEFINITIONS[kind]} />
        ))}
        <CountRow slug={slug} name="sources.total" label="Sources" value={sources.total} definition="The sum of the kinds above." sum />
      </tbody>
      <tbody>
        <CountRow slug={slug} name="sources.pending" label="Pending" value={sources.pending} definition="Sources that wait for a person; in no line above." />
        <CountRow slug={slug} name="posts" label="Posts" value={posts} definition="Sources and pending together: one per post." />
        <CountRow slug={slug} name="threads" label="Threads" value={threads} definition="Distinct threads and pages these posts are in." />
        <CountRow
          slug={slug}
          name="experiences"
          label="Distinct experiences"
          value={experiences}
          definition="Equal and nearly equal texts are one, and so are several by one author, except on X."
        />
        <tr>
          <th scope="row">Authors</th>
          <td class="number">-</td>
          <td class="definition">Not in the ledger, so this page cannot prove a number of them and gives none.</td>
        </tr>
      </tbody>
    </table>
  </div>
);

const ClaimTable: FC<Props> = ({ slug, counts: { claims } }) => (
  <div class="scroll">
    <table id="claims-table">
      <caption>Claims, by tier: the main claim of each source that makes one</caption>
      <CountHead first="Tier" />
      <tbody>
        {TIERS.map((tier) => (
          <CountRow slug={slug} name={`claims.${tier}`} label={TIER_NAMES[tier]} value={claims[tier]} definition={TIER_DEFINITIONS[tier]} />
        ))}
        <CountRow slug={slug} name="claims.total" label="Claims" value={claims.total} definition="The sum of the tiers above." sum />
      </tbody>
      <tbody>
        <CountRow
          slug={slug}
          name="claims.apart.commercial"
          label="Apart: commercial"
          value={claims.apart.commercial}
          definition="From commercial sources; in no tier."
        />
        <CountRow
          slug={slug}
          name="claims.apart.duplicate"
          label="Apart: duplicates"
          value={claims.apart.duplicate}
          definition="From near-copies and repeats by one author; in no tier."
        />
        <CountRow
          slug={slug}
          name="claims.apart.dosing"
          label="Apart: dosing"
          value={claims.apart.dosing}
          definition="From texts that tell how much to take; in no tier."
        />
      </tbody>
    </table>
  </div>
);

const Confidence: FC<Props> = ({ slug, counts: { confidence } }) => (
  <>
    <h3>Catalogue confidence: {formatConfidence(confidence.value)}</h3>
    <p>
      “{confidence.label}”. This says how much graded evidence is catalogued here, not how sure anybody can be that the compound works.{' '}
      {confidence.saturated
        ? `It is saturated: the sum of ${confidence.uncapped} reaches the cap of ${confidence.cap}, so more evidence no longer moves it.`
        : `The sum is below the cap of ${confidence.cap}.`}
    </p>
    <div class="scroll">
      <table id="confidence-table">
        <caption>Catalogue confidence, term by term</caption>
        <thead>
          <tr>
            <th scope="col">Term</th>
            <th scope="col" class="number">
              Number
            </th>
            <th scope="col" class="number">
              Weight
            </th>
            <th scope="col" class="number">
              Value
            </th>
          </tr>
        </thead>
        <tbody>
          {confidence.terms.map((term) => (
            <tr>
              <th scope="row">{TERM_DEFINITIONS[term.name]}</th>
              <td class="number">
                <CountedNumber slug={slug} name={term.name === 'studies' ? 'confidence.studies' : `claims.${term.name}`} value={term.count} />
              </td>
              <td class="number">× {term.weight}</td>
              <td class="number">{term.value}</td>
            </tr>
          ))}
          <tr class="sum">
            <th scope="row">Sum, before the cap of {confidence.cap}</th>
            <td class="number"></td>
            <td class="number"></td>
            <td class="number">{confidence.uncapped}</td>
          </tr>
        </tbody>
      </table>
    </div>
  </>
);
