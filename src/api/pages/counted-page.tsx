/** The list behind a number, and the page of one entry. */
import type { FC } from 'hono/jsx';
import type { Topic } from '../../model/topic.ts';
import type { PublicEntry } from '../public.ts';
import { ClaimList, OutLink } from './claims.tsx';
import { Layout } from './layout.tsx';
import { countedHref } from './number.tsx';

export const CountedPage: FC<{
  readonly topic: Topic;
  readonly number: string;
  readonly entries: readonly PublicEntry[];
  readonly next?: number | undefined;
}> = ({ topic, number, entries, next }) => (
  <Layout title={`${number} - ${topic.title} - Hearsay`}>
    <h1>{topic.title}: entries counted</h1>
    <p>
      What the number <code>{number}</code> counts, oldest first. <a href={`/t/${topic.slug}`}>Back to the article</a>
    </p>
    {entries.length === 0 ? <p>None.</p> : entries.map((entry) => <EntryItem entry={entry} slug={topic.slug} />)}
    {next === undefined ? null : (
      <p>
        <a href={countedHref(topic.slug, number, next)} rel="next nofollow">
          Next page
        </a>
      </p>
    )}
  </Layout>
);

const EntryItem: FC<{ readonly entry: PublicEntry; readonly slug: string }> = ({ entry, slug }) => {
  if (entry.claim !== undefined) return <ClaimList claims={[entry.claim]} slug={slug} />;
  const { source } = entry;
  return (
    <ul class="claims">
      <li>
        {source?.title === undefined ? null : <p dir="auto">{source.title}</p>}
        {source?.summary === undefined ? null : <p dir="auto">{source.summary}</p>}
        <p class="meta">
          {source === undefined ? null : (
            <>
              <span class="tag">{source.labels.document_type.replaceAll('_', ' ')}</span> <span class="tag">{source.state.replaceAll('_', ' ')}</span>{' '}
              {source.reasons.join(', ')} {source.platform}
              {source.url === undefined ? null : (
                <>
                  , <OutLink url={source.url} text="link" />
                </>
              )}
              ,{' '}
            </>
          )}
          <a href={`/t/${slug}/entries/${entry.seq}`} rel="nofollow">{`entry ${entry.seq}`}</a>
        </p>
      </li>
    </ul>
  );
};

export const EntryPage: FC<{ readonly topic: Topic; readonly entry: PublicEntry }> = ({ topic, entry }) => (
  <Layout title={`Entry ${entry.seq} - ${topic.title} - Hearsay`}>
    <h1>
      {topic.title}: entry {entry.seq}
    </h1>
    <p>
      Hash <code>{entry.hash}</code>. <a href={`/t/${topic.slug}`}>Back to the article</a>
    </p>
    <EntryItem entry={entry} slug={topic.slug} />
    <div class="scroll">
      <table>
        <caption>Header, as hashed</caption>
        <tbody>
          {Object.entries(entry.header).map(([key, value]) => (
            <tr>
              <th scope="row">{key}</th>
              <td>
                <code>{Array.isArray(value) ? value.join(', ') || 'none' : String(value)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </Layout>
);
