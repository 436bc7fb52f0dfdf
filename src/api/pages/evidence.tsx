/** What the evidence shows: grade with its rule, sources and claims that add up, catalogue confidence with its terms. */
import type { FC } from 'hono/jsx';
import { SOURCE_KINDS } from '../../counts/fold.ts';
import { formatConfidence } from '../../counts/render.ts';
import { TIER_NAMES } from '../../counts/wording.ts';
import type { CountedTier, PublishedCounts } from '../../model/counts.ts';
import { DataTable } from './data-table.tsx';
import { CountedNumber, CountHead, CountRow, countedHref } from './number.tsx';

type Props = { readonly slug: string; readonly counts: PublishedCounts };
export const TIERS = Object.keys(TIER_NAMES) as CountedTier[];
const GRADES: readonly PublishedCounts['grade']['value'][] = ['none', 'preclinical only', 'limited human', 'human'];
const GRADE_LISTS = [
  ['grade.human_studies', 'studies in people'],
  ['grade.strong_studies', 'stronger designs among them'],
  ['grade.preclinical_studies', 'studies in animals or cells'],
] as const;
const TERM_DEFINITIONS = {
  human: 'claims, tier human',
  preclinical: 'claims, tier preclinical',
  anecdotal: 'claims, tier anecdotal',
  studies: 'studies: scientific sources, without registry records that have no results',
} as const;

export const Evidence: FC<Props> = ({ slug, counts }) => (
  <section aria-labelledby="evidence">
    <h2 id="evidence">What the evidence shows</h2>
    <Grade slug={slug} counts={counts} />
    <h3>What is in the ledger</h3>
    <p>A linked number opens the list of the entries it counts.</p>
    <SourceTable slug={slug} counts={counts} />
    <ClaimTable slug={slug} counts={counts} />
    <Confidence slug={slug} counts={counts} />
  </section>
);

const Grade: FC<Props> = ({ slug, counts: { grade } }) => (
  <div class="verdict">
    <h3>
      Evidence grade: <strong>{grade.value}</strong>
    </h3>
    <ol class="ladder" aria-label="Grades, lowest first">
      {GRADES.map((value) => (
        <li {...(value === grade.value ? { 'aria-current': 'true' as const } : {})}>{value}</li>
      ))}
    </ol>
    <p class="quiet">{grade.rule} No number of anecdotes raises it, and it does not say in which direction the studies point.</p>
    <p class="quiet">
      Lists:{' '}
      {GRADE_LISTS.map(([name, title], index) => (
        <>
          {index === 0 ? '' : ', '}
          <a href={countedHref(slug, name)} rel="nofollow">
            {title}
          </a>
        </>
      ))}
      .
    </p>
  </div>
);

const SourceTable: FC<Props> = ({ slug, counts: { sources, posts, threads, experiences } }) => (
  <DataTable id="sources-table" caption="Sources, by kind: the first that fits">
    <CountHead first="Kind" />
    <tbody>
      {SOURCE_KINDS.map((kind) => (
        <CountRow slug={slug} name={`sources.${kind}`} value={sources[kind]} />
      ))}
      <CountRow slug={slug} name="sources.total" value={sources.total} sum />
    </tbody>
    <tbody>
      <CountRow slug={slug} name="sources.pending" value={sources.pending} />
      <CountRow slug={slug} name="posts" value={posts} />
      <CountRow slug={slug} name="threads" value={threads} />
      <CountRow slug={slug} name="experiences" value={experiences} />
      <tr>
        <th scope="row">Authors</th>
        <td class="number">-</td>
        <td class="definition">Not in the ledger, so this page cannot prove a number of them and gives none.</td>
      </tr>
    </tbody>
  </DataTable>
);

const ClaimTable: FC<Props> = ({ slug, counts: { claims } }) => (
  <DataTable id="claims-table" caption="Claims, by tier: the main claim of each source that makes one">
    <CountHead first="Tier" />
    <tbody>
      {TIERS.map((tier) => (
        <CountRow slug={slug} name={`claims.${tier}`} value={claims[tier]} />
      ))}
      <CountRow slug={slug} name="claims.total" value={claims.total} sum />
    </tbody>
    <tbody>
      <CountRow slug={slug} name="claims.apart.commercial" value={claims.apart.commercial} />
      <CountRow slug={slug} name="claims.apart.duplicate" value={claims.apart.duplicate} />
      <CountRow slug={slug} name="claims.apart.dosing" value={claims.apart.dosing} />
    </tbody>
  </DataTable>
);

const Confidence: FC<Props> = ({ slug, counts: { confidence } }) => (
  <>
    <h3 id="confidence">Catalogue confidence: {formatConfidence(confidence.value)}</h3>
    <p>
      “{confidence.label}”. This says how much graded evidence is catalogued here, not how sure anybody can be that the compound works.{' '}
      {confidence.saturated
        ? `It is saturated: the sum of ${formatConfidence(confidence.uncapped)} reaches the cap of ${confidence.cap}, so more evidence no longer moves it.`
        : `The sum is below the cap of ${confidence.cap}.`}
    </p>
    <DataTable id="confidence-table" caption="Catalogue confidence, term by term">
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
            <td class="number">{formatConfidence(term.value)}</td>
          </tr>
        ))}
        <tr class="sum">
          <th scope="row">Sum, before the cap of {confidence.cap}</th>
          <td class="number"></td>
          <td class="number"></td>
          <td class="number">{formatConfidence(confidence.uncapped)}</td>
        </tr>
      </tbody>
    </DataTable>
  </>
);
