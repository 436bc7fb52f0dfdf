/** One ledger entry: what it says, its header as hashed, and its place in the chain. */
import type { FC } from 'hono/jsx';
import type { Header } from '../../ledger/header.ts';
import type { Topic } from '../../model/topic.ts';
import type { PublicClaim, PublicEntry } from '../public.ts';
import { ClaimList, EntryLink, EntryList } from './claim-list.tsx';
import { DataTable } from './data-table.tsx';
import { Layout } from './layout.tsx';
import { capitalize } from './number-words.ts';

const TYPE_DEFINITIONS: Readonly<Record<Header['type'], string>> = {
  annotator: 'Puts a version of an annotator in use: from here on its readings count.',
  source:
    'A text somebody wrote, with the labels an annotator gave it. The text itself is committed to by a hash and kept beside the chain, where it can be erased.',
  claim: 'One statement of a source, with the words it rests on.',
  review: "A person's decision on an earlier entry.",
  undo: 'Takes an earlier decision back.',
  link: 'Says that two texts tell of the same experience.',
  withhold: 'Hides earlier entries for now and takes them out of the counts.',
  restore: 'Shows withheld entries again.',
  tombstone: 'Says that the texts of earlier entries were destroyed, and why.',
  notice: 'Says that a retraction, erratum or expression of concern was published about an earlier entry.',
  question: 'A question a reader sent in.',
};
/** Header keys whose numbers are entries. */
const REFERENCES: ReadonlySet<string> = new Set(['source', 'ref', 'refs', 'from', 'to', 'thread', 'experience', 'supersedes']);

interface Props {
  readonly topic: Topic;
  readonly entry: PublicEntry;
  /** Of a source. */
  readonly claims: readonly PublicClaim[];
  /** Entries in the chain. */
  readonly size: number;
}

export const EntryPage: FC<Props> = ({ topic, entry, claims, size }) => {
  const { slug } = topic;
  const type = String(entry.header['type']);
  return (
    <Layout title={`Entry ${entry.seq} - ${topic.title} - Hearsay`}>
      <p class="back">
        <a href={`/t/${slug}`}>← {topic.title}</a>
      </p>
      <h1>
        {capitalize(type)}, entry {entry.seq}
      </h1>
      <p class="lead">{TYPE_DEFINITIONS[type as Header['type']]}</p>
      {entry.source === undefined && entry.claim === undefined ? null : <EntryList entries={[entry]} slug={slug} />}
      {entry.claim === undefined ? null : (
        <p>
          Made by the source in <EntryLink slug={slug} seq={entry.claim.source.seq} />.
        </p>
      )}
      {entry.source === undefined ? null : (
        <>
          <h2>Claims of this source</h2>
          {claims.length === 0 ? <p class="empty">It makes none.</p> : <ClaimList claims={claims} slug={slug} />}
        </>
      )}
      <h2>In the chain</h2>
      <p>
        Hash of the entry: <code>{entry.hash}</code>. It covers the header below and the hash of the entry before, so neither can change unseen.
      </p>
      <DataTable caption="Header, as hashed" class="header">
        <tbody>
          {Object.entries(entry.header).map(([key, value]) => (
            <tr>
              <th scope="row">
                <code>{key}</code>
              </th>
              <td>
                <HeaderValue slug={slug} name={key} value={value} />
              </td>
            </tr>
          ))}
        </tbody>
      </DataTable>
      <p class="neighbours">
        {entry.seq === 0 ? null : <a href={`/t/${slug}/entries/${entry.seq - 1}`} rel="prev nofollow">{`← entry ${entry.seq - 1}`}</a>}{' '}
        <a href={`/api/topics/${slug}/entries/${entry.seq}`} rel="nofollow">
          This entry as JSON
        </a>{' '}
        {entry.seq + 1 >= size ? null : <a href={`/t/${slug}/entries/${entry.seq + 1}`} rel="next nofollow">{`entry ${entry.seq + 1} →`}</a>}
      </p>
    </Layout>
  );
};

const HeaderValue: FC<{ readonly slug: string; readonly name: string; readonly value: PublicEntry['header'][string] }> = ({ slug, name, value }) => {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) return <span class="quiet">none</span>;
  return (
    <>
      {values.map((one, index) => (
        <>
          {index === 0 ? '' : ', '}
          {REFERENCES.has(name) && typeof one === 'number' ? <EntryLink slug={slug} seq={one} /> : <code>{String(one)}</code>}
        </>
      ))}
    </>
  );
};
