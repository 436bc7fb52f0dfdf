/** Effects: helped, worse and no effect, per effect, as bars drawn here and as the table they are drawn from. */
import type { FC } from 'hono/jsx';
import { nameEffect } from '../../counts/numbers.ts';
import type { EffectCount } from '../../model/counts.ts';
import { CountedNumber } from './number.tsx';

const DIRECTIONS = ['improves', 'worsens', 'no_effect'] as const;
const DIRECTION_NAMES = { improves: 'helped', worsens: 'worse', no_effect: 'no effect' } as const;
const CLASSES = { improves: 'improves', worsens: 'worsens', no_effect: 'same' } as const;
/** Effects drawn; the table has all of them. */
const MAX_BARS = 20;
const ROW = 26;
const LABEL = 200;
const WIDTH = 640;
const VALUE = 90;

interface EffectLine extends Readonly<Record<(typeof DIRECTIONS)[number], number>> {
  readonly compound: string;
  readonly effect: string;
  readonly total: number;
}

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

export const Effects: FC<{ readonly slug: string; readonly effects: readonly EffectCount[] }> = ({ slug, effects }) => {
  const lines = sumEffects(effects);
  return (
    <section aria-labelledby="effects">
      <h2 id="effects">Effects told of</h2>
      <p>
        Each accepted effect claim counts once, by what it says happened. These are claims, from studies and from posts alike, not measured rates: people who
        noticed nothing write less often.
      </p>
      {lines.length === 0 ? <p>No effect claim has been accepted yet.</p> : <EffectBars lines={lines.slice(0, MAX_BARS)} />}
      {lines.length > MAX_BARS ? <p class="quiet">Drawn: the {MAX_BARS} told most often. The table has all.</p> : null}
      {lines.length === 0 ? null : <EffectTable slug={slug} effects={effects} />}
    </section>
  );
};

const EffectBars: FC<{ readonly lines: readonly EffectLine[] }> = ({ lines }) => {
  const longest = Math.max(...lines.map(({ total }) => total));
  const scale = (WIDTH - LABEL - VALUE) / longest;
  const height = lines.length * ROW;
  return (
    <figure>
      <svg
        class="effects"
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={`Bars of the ${lines.length} effects told most often; the numbers are in the table that follows.`}
      >
        {lines.map((line, index) => (
          <EffectBar line={line} y={index * ROW} scale={scale} />
        ))}
      </svg>
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
    </figure>
  );
};

const EffectBar: FC<{ readonly line: EffectLine; readonly y: number; readonly scale: number }> = ({ line, y, scale }) => {
  const starts = { improves: 0, worsens: line.improves, no_effect: line.improves + line.worsens };
  const label = nameLine(line);
  return (
    <g>
      <text x={LABEL - 8} y={y + 17} text-anchor="end">
        {label.length > 28 ? `${label.slice(0, 27).toWellFormed()}…` : label}
      </text>
      {DIRECTIONS.filter((direction) => line[direction] > 0).map((direction) => (
        <rect class={CLASSES[direction]} x={round(LABEL + starts[direction] * scale)} y={y + 4} width={round(line[direction] * scale)} height={ROW - 8} />
      ))}
      <text x={round(LABEL + line.total * scale + 6)} y={y + 17}>
        {DIRECTIONS.map((direction) => line[direction]).join(' / ')}
      </text>
    </g>
  );
};

const EffectTable: FC<{ readonly slug: string; readonly effects: readonly EffectCount[] }> = ({ slug, effects }) => {
  const totals = sumEffects(effects).reduce(
    (sum, line) => ({
      improves: sum.improves + line.improves,
      worsens: sum.worsens + line.worsens,
      no_effect: sum.no_effect + line.no_effect,
    }),
    {
      improves: 0,
      worsens: 0,
      no_effect: 0,
    },
  );
  return (
    <div class="scroll">
      <table id="effects-table">
        <caption>Effect claims, by compound, effect and evidence tier</caption>
        <thead>
          <tr>
            <th scope="col">Compound</th>
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
          {groupByTier(effects).map((row) => (
            <tr>
              <td>{row.compound}</td>
              <th scope="row">{spell(row.effect)}</th>
              <td>{row.tier}</td>
              {DIRECTIONS.map((direction) => (
                <td class="number">
                  <CountedNumber slug={slug} name={nameEffect({ ...row, direction })} value={row[direction]} />
                </td>
              ))}
            </tr>
          ))}
          <tr class="sum">
            <th scope="row" colspan={3}>
              Effect claims
            </th>
            {DIRECTIONS.map((direction) => (
              <td class="number">{totals[direction]}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
};

/** One table row per compound, effect and tier; the most often told effect first. */
function groupByTier(effects: readonly EffectCount[]) {
  const order = sumEffects(effects).map(nameLine);
  const rows = new Map<string, Pick<EffectCount, 'compound' | 'effect' | 'tier'> & Record<(typeof DIRECTIONS)[number], number>>();
  for (const { compound, effect, tier, direction, count } of effects) {
    const key = JSON.stringify([compound, effect, tier]);
    const row = rows.get(key) ?? { compound, effect, tier, improves: 0, worsens: 0, no_effect: 0 };
    rows.set(key, { ...row, [direction]: row[direction] + count });
  }
  const rank = new Map(order.map((name, index) => [name, index]));
  return [...rows.values()].sort((a, b) => (rank.get(nameLine(a)) ?? 0) - (rank.get(nameLine(b)) ?? 0));
}

function nameLine({ compound, effect }: Pick<EffectCount, 'compound' | 'effect'>): string {
  return `${spell(effect)} (${compound})`;
}

function spell(id: string): string {
  return id.replaceAll('_', ' ');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
