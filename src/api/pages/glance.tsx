/** The four numbers a reader looks for first, each with what it does and does not mean. */
import type { FC } from 'hono/jsx';
import { formatConfidence } from '../../counts/render.ts';
import { TIER_NAMES } from '../../counts/wording.ts';
import type { PublishedCounts } from '../../model/counts.ts';
import { TIERS } from './evidence.tsx';
import { CountedNumber } from './number.tsx';

export const Glance: FC<{ readonly slug: string; readonly counts: PublishedCounts; readonly day: string }> = ({ slug, counts, day }) => {
  const tiers = TIERS.filter((tier) => counts.claims[tier] > 0);
  return (
    <>
      <dl class="glance">
        <div>
          <dt>Evidence grade</dt>
          <dd>
            <a href="#evidence">{counts.grade.value}</a>
          </dd>
          <dd class="quiet">from studies alone; no anecdote moves it</dd>
        </div>
        <div>
          <dt>Sources</dt>
          <dd>
            <CountedNumber slug={slug} name="sources.total" value={counts.sources.total} />
          </dd>
          <dd class="quiet">
            <CountedNumber slug={slug} name="sources.pending" value={counts.sources.pending} /> more wait for a person
          </dd>
        </div>
        <div>
          <dt>Claims</dt>
          <dd>
            <CountedNumber slug={slug} name="claims.total" value={counts.claims.total} />
          </dd>
          <dd class="quiet">
            {tiers.length === 0 ? 'none accepted yet' : null}
            {tiers.map((tier, index) => (
              <>
                {index === 0 ? '' : ', '}
                <CountedNumber slug={slug} name={`claims.${tier}`} value={counts.claims[tier]} /> {TIER_NAMES[tier]}
              </>
            ))}
          </dd>
        </div>
        <div>
          <dt>Catalogue confidence</dt>
          <dd>
            <a href="#confidence">{formatConfidence(counts.confidence.value)}</a>
          </dd>
          <dd class="quiet">how much is catalogued, not whether it works</dd>
        </div>
      </dl>
      <p class="meta">
        As of <time datetime={day}>{day}</time>, from the first {counts.head.size} entries of a ledger that <a href="#verify">anyone can check</a>.
      </p>
    </>
  );
};
