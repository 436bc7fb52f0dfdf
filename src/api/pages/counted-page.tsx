/** The list behind a number: what the number counts, in words and by its name, and the entries themselves. */
import type { FC } from 'hono/jsx';
import type { Topic } from '../../model/topic.ts';
import type { PublicEntry } from '../public.ts';
import { EntryList } from './claim-list.tsx';
import { Layout } from './layout.tsx';
import { countedHref } from './number.tsx';
import { describeNumber } from './number-words.ts';

export const CountedPage: FC<{
  readonly topic: Topic;
  readonly number: string;
  readonly total: number;
  readonly entries: readonly PublicEntry[];
  readonly next?: number | undefined;
}> = ({ topic, number, total, entries, next }) => {
  const { label, definition } = describeNumber(number);
  return (
    <Layout title={`${label} - ${topic.title} - Hearsay`}>
      <p class="back">
        <a href={`/t/${topic.slug}`}>← {topic.title}</a>
      </p>
      <h1>
        {label}: {total}
      </h1>
      <p class="lead">{definition}</p>
      <p class="meta">
        {entries.length === total ? 'All of them' : `${entries.length} of them on this page`}, oldest entry first. Name of the number: <code>{number}</code>.{' '}
        <a href={`/api/topics/${topic.slug}/counted?${new URLSearchParams({ number })}`} rel="nofollow">
          As JSON
        </a>
      </p>
      {entries.length === 0 ? (
        <p class="empty">{total === 0 ? 'Nothing is counted here.' : 'No more entries.'}</p>
      ) : (
        <EntryList entries={entries} slug={topic.slug} />
      )}
      {next === undefined ? null : (
        <p>
          <a href={countedHref(topic.slug, number, next)} rel="next nofollow">
            Next page
          </a>
        </p>
      )}
    </Layout>
  );
};
