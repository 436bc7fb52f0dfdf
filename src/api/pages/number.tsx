/** A printed number: it links to the list of the entries it counts, which says what the number counts. */
import type { FC } from 'hono/jsx';
import { describeNumber } from './number-words.ts';

export const CountedNumber: FC<{ readonly slug: string; readonly name: string; readonly value: number }> = ({ slug, name, value }) =>
  value === 0 ? (
    <span data-number={name}>0</span>
  ) : (
    <a data-number={name} href={countedHref(slug, name)} rel="nofollow">
      {value}
    </a>
  );

export function countedHref(slug: string, name: string, cursor?: number): string {
  const query = new URLSearchParams({ number: name, ...(cursor === undefined ? {} : { cursor: String(cursor) }) });
  return `/t/${slug}/counted?${query}`;
}

/** A row of a counts table: label, the number, what it counts. */
export const CountRow: FC<{
  readonly slug: string;
  readonly name: string;
  readonly value: number;
  /** Instead of the number's own label. */
  readonly label?: string;
  readonly sum?: boolean;
}> = ({ slug, name, value, label, sum }) => {
  const words = describeNumber(name);
  return (
    <tr class={sum ? 'sum' : undefined}>
      <th scope="row">{label ?? words.label}</th>
      <td class="number">
        <CountedNumber slug={slug} name={name} value={value} />
      </td>
      <td class="definition">{words.definition}</td>
    </tr>
  );
};

export const CountHead: FC<{ readonly first: string }> = ({ first }) => (
  <thead>
    <tr>
      <th scope="col">{first}</th>
      <th scope="col" class="number">
        Number
      </th>
      <th scope="col" class="definition">
        What it counts
      </th>
    </tr>
  </thead>
);
