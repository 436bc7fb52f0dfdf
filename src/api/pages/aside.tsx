/** What is in no count: claims that wait, sources that were set aside, items that never became entries. */
import type { FC } from 'hono/jsx';
import { nameReason } from '../../counts/numbers.ts';
import { sumSources } from '../../counts/render.ts';
import type { PublishedCounts } from '../../model/counts.ts';
import type { Drop } from '../ledger-reader.ts';
import type { PublicClaim } from '../public.ts';
import { ClaimList } from './claim-list.tsx';
import { More } from './claims.tsx';
import { DataTable } from './data-table.tsx';
import { CountedNumber, CountHead, CountRow } from './number.tsx';
import { capitalize } from './number-words.ts';
import { spell } from './words.ts';

export const Pending: FC<{ readonly slug: string; readonly counts: PublishedCounts; readonly claims: readonly PublicClaim[] }> = ({ slug, counts, claims }) => {
  const { low_confidence } = counts;
  return (
    <section aria-labelledby="pending">
      <h2 id="pending">Low-confidence and auto-generated</h2>
      <p>
        Claims that wait for a person, in no other count: <CountedNumber slug={slug} name="low_confidence.claims" value={low_confidence.claims} />. The machine
        read them and does not vouch for them.
      </p>
      {low_confidence.claims === 0 ? (
        <p class="empty">No claim waits.</p>
      ) : (
        <>
          <DataTable id="pending-table" caption="Why they wait; one claim may have several reasons">
            <CountHead first="Reason" />
            <tbody>
              {Object.entries(low_confidence.reasons).map(([flag, count]) => (
                <CountRow slug={slug} name={`low_confidence.reasons.${flag}`} value={count} />
              ))}
            </tbody>
          </DataTable>
          <h3>Nearest to acceptance</h3>
          <ClaimList claims={claims} slug={slug} />
          <More slug={slug} shown={claims.length} total={low_confidence.claims} name="low_confidence.claims" />
        </>
      )}
    </section>
  );
};

const STATES = ['withheld', 'erased', 'rejected_sources', 'superseded', 'noticed', 'not_adopted'] as const;

export const SetAside: FC<{ readonly slug: string; readonly counts: PublishedCounts; readonly drops: readonly Drop[] }> = ({ slug, counts, drops }) => {
  const { set_aside, sources } = counts;
  return (
    <section aria-labelledby="aside">
      <h2 id="aside">Set aside</h2>
      <p>Nothing leaves the ledger without a trace: this is every source ever entered, and what became of it.</p>
      <DataTable id="aside-table" caption="Sources entered, by what became of them">
        <CountHead first="State" />
        <tbody>
          <CountRow slug={slug} name="sources.total" label="Counted" value={sources.total} />
          <CountRow slug={slug} name="sources.pending" label="Pending" value={sources.pending} />
          {STATES.map((state) => (
            <CountRow slug={slug} name={`set_aside.${state}`} value={set_aside[state]} />
          ))}
          <tr class="sum">
            <th scope="row">Sources entered</th>
            <td class="number">{sumSources(counts)}</td>
            <td class="definition">The sum of the lines above.</td>
          </tr>
        </tbody>
        <tbody>
          {Object.entries(set_aside.reasons).map(([reason, count]) => (
            <CountRow slug={slug} name={nameReason(reason)} value={count} />
          ))}
          <CountRow slug={slug} name="set_aside.rejected_claims" value={set_aside.rejected_claims} />
        </tbody>
      </DataTable>
      <Drops drops={drops} />
    </section>
  );
};

const Drops: FC<{ readonly drops: readonly Drop[] }> = ({ drops }) =>
  drops.length === 0 ? null : (
    <DataTable id="drops-table" caption="Items that never became entries: refused or not about the topic">
      <thead>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col">Stage</th>
          <th scope="col" class="number">
            Items
          </th>
        </tr>
      </thead>
      <tbody>
        {drops.map(({ stage, code, count }) => (
          <tr>
            <th scope="row">{capitalize(spell(code))}</th>
            <td>{stage}</td>
            <td class="number">{count}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
