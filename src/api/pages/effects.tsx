/** Effects: helped, worse and no effect, per effect, as bars drawn here and as the table they are drawn from. */
import type { FC } from 'hono/jsx';
import { nameEffect } from '../../counts/numbers.ts';
import type { EffectCount, PublishedCounts } from '../../model/counts.ts';
import type { Topic } from '../../model/topic.ts';
import { DataTable } from './data-table.tsx';
import { CountedNumber } from './number.tsx';
import { DIRECTION_NAMES, spell } from './words.ts';

const DIRECTIONS = ['improves', 'worsens', 'no_effect'] as const;
const CLASSES = { improves: 'improves', worsens: 'worsens', no_effect: 'same' } as const;
/** Effects drawn; the table has all of them. */
const MAX_BARS = 20;
/** Claims a full bar stands for at least: a single report may not look like many. */
const FULL_BAR = 10;

type Tallies = Readonly<Record<(typeof DIRECTIONS)[number], number>>;
interface EffectLine extends Tallies {
  readonly compound: string;
  readonly effect: string;
  readonly total: number;
}
interface EffectRow extends Tallies, Pick<EffectCount, 'compound' | 'effect' | 'tier'> {}

/** One line per compound and effect, tiers together, most often told first. */
function sumEffects(effects: readonly EffectCount[]): EffectLine[] {
  const lines = new Map<string, EffectLine>();
  for (const { compound, effect, direction, count } of effects) {
    const key = JSON.stringify([compound, effect]);
    const line = lines.get(key) ?? { compound, effect, improves: 0, worsens: 0, no_effect: 0, total: 0 };
    lines.set(key, { ...line, [direction]: line[direction] + count, total: line.total + count });
  }
  return [...lines.values()].sort((a, b) => b.total - a.total);
}

export const Effects: FC<{ readonly topic: Topic; readonly counts: PublishedCounts }> = ({ topic, counts }) => {
  const { effects, low_confidence } = counts;
  const lines = sumEffects(effects);
  return (
    <section aria-labelledby="effects">
      <h2 id="effects">Effects told of</h2>
      <p>
        Each accepted effect claim counts once, by what it says happened. These are claims, from studies and from posts alike, not measured rates: people who
        noticed nothing write less often.
      </p>
      {lines.length === 0 ? (
        <p class="empty">
          No effect claim has been accepted yet
          {low_confidence.claims === 0 ? (
            '.'
          ) : (
            <>
              ; some may be among the claims that <a href="#pending">wait for a person</a>.
            </>
          )}
        </p>
      ) : (
        <>
          <EffectBars topic={topic} lines={lines.slice(0, MAX_BARS)} />
          {lines.length > MAX_BARS ? <p class="quiet">Drawn: the {MAX_BARS} told most often. The table has all.</p> : null}
          <EffectTable topic={topic} effects={effects} />
        </>
      )}
    </section>
  );
};

const EffectBars: FC<{ readonly topic: Topic; readonly lines: readonly EffectLine[] }> = ({ topic, lines }) => {
  const full = Math.max(FULL_BAR, ...lines.map(({ total }) => total));
  return (
    <figure>
      <figcaption>
        <ul class="key">
          {DIRECTIONS.map((direction) => (
            <li>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect class={CLASSES[direction]} width="10" height="10" />
              </svg>
              {DIRECTION_NAMES[direction]}
            </li>
          ))}
        </ul>
      </figcaption>
      <ul class="bars">
        {lines.map((line) => (
          <li>
            <span>{nameLine(topic, line)}</span>
            <EffectBar line={line} full={full} />
            <span class="quiet">
              {DIRECTIONS.filter((direction) => line[direction] > 0)
                .map((direction) => `${line[direction]} ${DIRECTION_NAMES[direction]}`)
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
    </figure>
  );
};

/** Stretched to its column; the numbers beside it are text. */
const EffectBar: FC<{ readonly line: EffectLine; readonly full: number }> = ({ line, full }) => {
  const starts = { improves: 0, worsens: line.improves, no_effect: line.improves + line.worsens };
  return (
    <svg class="bar" viewBox={`0 0 ${full} 1`} preserveAspectRatio="none" aria-hidden="true">
      {DIRECTIONS.filter((direction) => line[direction] > 0).map((direction) => (
        <rect class={CLASSES[direction]} x={starts[direction]} y={0} width={line[direction]} height={1} />
      ))}
    </svg>
  );
};

const EffectTable: FC<{ readonly topic: Topic; readonly effects: readonly EffectCount[] }> = ({ topic, effects }) => {
  const rows = groupByTier(effects);
  const total = (direction: keyof Tallies) => rows.reduce((sum, row) => sum + row[direction], 0);
  return (
    <DataTable id="effects-table" caption="Effect claims, by effect and evidence tier">
      <thead>
        <tr>
          <th scope="col">Effect</th>
          <th scope="col">Tier</th>
          {DIRECTIONS.map((direction) => (
            <th scope="col" class="number">
              {DIRECTION_NAMES[direction]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <th scope="row">{nameLine(topic, row)}</th>
            <td>{row.tier}</td>
            {DIRECTIONS.map((direction) => (
              <td class="number">
                <CountedNumber slug={topic.slug} name={nameEffect({ ...row, direction })} value={row[direction]} />
              </td>
            ))}
          </tr>
        ))}
        <tr class="sum">
          <th scope="row" colspan={2}>
            Effect claims
          </th>
          {DIRECTIONS.map((direction) => (
            <td class="number">{total(direction)}</td>
          ))}
        </tr>
      </tbody>
    </DataTable>
  );
};

/** One table row per compound, effect and tier; the most often told effect first. */
function groupByTier(effects: readonly EffectCount[]): EffectRow[] {
  const keyOf = ({ compound, effect }: Pick<EffectCount, 'compound' | 'effect'>) => JSON.stringify([compound, effect]);
  const rank = new Map(sumEffects(effects).map((line, index) => [keyOf(line), index]));
  const rows = new Map<string, EffectRow>();
  for (const { compound, effect, tier, direction, count } of effects) {
    const key = JSON.stringify([compound, effect, tier]);
    const row = rows.get(key) ?? { compound, effect, tier, improves: 0, worsens: 0, no_effect: 0 };
    rows.set(key, { ...row, [direction]: row[direction] + count });
  }
  return [...rows.values()].sort((a, b) => (rank.get(keyOf(a)) ?? 0) - (rank.get(keyOf(b)) ?? 0));
}

/** The compound is named only where the topic counts more than one, or the claim is about another. */
function nameLine({ compounds }: Topic, { compound, effect }: Pick<EffectCount, 'compound' | 'effect'>): string {
  if (compounds.length === 1 && compounds[0]?.id === compound) return spell(effect);
  return `${spell(effect)} (${compounds.find(({ id }) => id === compound)?.name ?? compound})`;
}
