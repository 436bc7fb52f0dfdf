/** What is in no count: claims that wait, sources that were set aside, items that never became entries. */
import type { FC } from 'hono/jsx';
import { nameReason } from '../../counts/numbers.ts';
import { sumSources } from '../../counts/render.ts';
import type { PublishedCounts } from '../../model/counts.ts';
import type { Flag } from '../../model/labels.ts';
import type { Drop } from '../ledger-reader.ts';
import type { PublicClaim } from '../public.ts';
import { ClaimList, More } from './claims.tsx';
import { CountedNumber, CountHead, CountRow } from './number.tsx';

const FLAG_DEFINITIONS: Readonly<Record<Flag, string>> = {
  low_confidence: 'The annotator is not sure enough.',
  ungrounded: 'The quote was not found in the text.',
  auto_generated: 'The label or summary comes from a generative model, or the summary has no grounded quote.',
  changed: 'It was reviewed, then the post or the annotator changed.',
  injection: 'The text addresses the machine that reads it.',
  submitted: 'A reader sent the text in.',
  language: 'The language is not supported.',
  unreadable: 'The text could not be read whole.',
  duplicate: 'A near-copy, or a repeat by the same author.',
  commercial: 'The source has something to sell.',
  dosing: 'The text tells how much to take.',
};

export const Pending: FC<{ readonly slug: string; readonly counts: PublishedCounts; readonly claims: readonly PublicClaim[] }> = ({ slug, counts, claims }) => (
  <section aria-labelledby="pending">
    <h2 id="pending">Low-confidence and auto-generated</h2>
    <p>
      Claims that wait for a person, in no other count: <CountedNumber slug={slug} name="low_confidence.claims" value={counts.low_confidence.claims} />.
    </p>
    {counts.low_confidence.claims === 0 ? null : (
      <>
        <div class="scroll">
          <table id="pending-table">
            <caption>Why they wait; one claim may have several reasons</caption>
            <CountHead first="Reason" />
            <tbody>
              {(Object.entries(counts.low_confidence.reasons) as [Flag, number][]).map(([flag, count]) => (
                <CountRow
                  slug={slug}
                  name={`low_confidence.reasons.${flag}`}
                  label={flag.replaceAll('_', ' ')}
                  value={count}
                  definition={FLAG_DEFINITIONS[flag]}
                />
              ))}
            </tbody>
          </table>
        </div>
        <ClaimList claims={claims} slug={slug} />
        <More slug={slug} shown={claims.length} total={counts.low_confidence.claims} name="low_confidence.claims" />
      </>
    )}
  </section>
);

export const SetAside: FC<{ readonly slug: string; readonly counts: PublishedCounts; readonly drops: readonly Drop[] }> = ({ slug, counts, drops }) => {
  const { set_aside, sources } = counts;
  return (
    <section aria-labelledby="aside">
      <h2 id="aside">Set aside</h2>
      <div class="scroll">
        <table id="aside-table">
          <caption>Every source ever entered, and what became of it</caption>
          <CountHead first="State" />
          <tbody>
            <CountRow slug={slug} name="sources.total" label="Counted" value={sources.total} definition="The sources of the first table." />
            <CountRow slug={slug} name="sources.pending" label="Pending" value={sources.pending} definition="Wait for a person." />
            <CountRow
              slug={slug}
              name="set_aside.withheld"
              label="Withheld"
              value={set_aside.withheld}
              definition="Hidden for now, for example because a moderator removed the post."
            />
            <CountRow
              slug={slug}
              name="set_aside.erased"
              label="Erased"
              value={set_aside.erased}
              definition="Text destroyed, for example because its author deleted it. Final."
            />
            <CountRow
              slug={slug}
              name="set_aside.rejected_sources"
              label="Rejected"
              value={set_aside.rejected_sources}
              definition="A person decided that it does not belong here."
            />
            <CountRow
              slug={slug}
              name="set_aside.superseded"
              label="Superseded"
              value={set_aside.superseded}
              definition="Replaced by a newer text or a newer annotator's reading of the same post."
            />
            <CountRow
              slug={slug}
              name="set_aside.noticed"
              label="Retracted or of concern"
              value={set_aside.noticed}
              definition="A retraction or expression of concern was published."
            />
            <CountRow
              slug={slug}
              name="set_aside.not_adopted"
              label="Not adopted"
              value={set_aside.not_adopted}
              definition="Read by an annotator that is not in use yet."
            />
            <tr class="sum">
              <th scope="row">Sources entered</th>
              <td class="number">{sumSources(counts)}</td>
              <td class="definition">The sum of the lines above.</td>
            </tr>
          </tbody>
          <tbody>
            {Object.entries(set_aside.reasons).map(([reason, count]) => (
              <CountRow
                slug={slug}
                name={nameReason(reason)}
                label={reason.replaceAll('_', ' ')}
                value={count}
                definition="Reason given for withholding or erasing."
              />
            ))}
            <CountRow
              slug={slug}
              name="set_aside.rejected_claims"
              label="Rejected claims"
              value={set_aside.rejected_claims}
              definition="Rejected themselves, or with their source."
            />
          </tbody>
        </table>
      </div>
      {drops.length === 0 ? null : (
        <div class="scroll">
          <table id="drops-table">
            <caption>Items that never became entries</caption>
            <thead>
              <tr>
                <th scope="col">Stage</th>
                <th scope="col">Reason</th>
                <th scope="col" class="number">
                  Items
                </th>
              </tr>
            </thead>
            <tbody>
              {drops.map(({ stage, code, count }) => (
                <tr>
                  <td>{stage}</td>
                  <th scope="row">{code.replaceAll('_', ' ')}</th>
                  <td class="number">{count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
};
