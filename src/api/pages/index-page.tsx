/** The front page: which topics there are, and how much each ledger holds. */
import type { FC } from 'hono/jsx';
import type { PublishedCounts } from '../../model/counts.ts';
import type { Topic } from '../../model/topic.ts';
import { Layout } from './layout.tsx';

export interface IndexLine {
  readonly topic: Topic;
  readonly counts: PublishedCounts | undefined;
}

export const IndexPage: FC<{ readonly lines: readonly IndexLine[] }> = ({ lines }) => (
  <Layout
    title="Hearsay: what people say about research compounds"
    description="Reports and studies on research compounds, counted in ledgers anyone can check."
  >
    <h1>What people say about research compounds</h1>
    <p class="lead">Each article answers three questions: what is in its ledger, how good is it, and can I check that nobody changed it?</p>
    <h2>Topics</h2>
    {lines.length === 0 ? <p class="empty">There is no topic yet.</p> : null}
    <ul class="topics">
      {lines.map((line) => (
        <TopicItem line={line} />
      ))}
    </ul>
    <h2>How to read an article</h2>
    <ul>
      <li>A linked number opens the list of the entries it counts, and says what it counts.</li>
      <li>Claims are sorted by what a text offers for them: measured in people, in animals or cells, somebody's experience, an argument, a bare assertion.</li>
      <li>The evidence grade looks at studies alone. Any number of anecdotes leaves it where it is.</li>
      <li>Labels come from a machine unless marked as checked by a person. What the machine is not sure of waits, and is in no count.</li>
      <li>Each article ends with how to verify it.</li>
    </ul>
  </Layout>
);

const TopicItem: FC<{ readonly line: IndexLine }> = ({ line: { topic, counts } }) => (
  <li>
    <h3>
      <a href={`/t/${topic.slug}`}>{topic.title}</a>
    </h3>
    <p>{topic.profile.what}</p>
    {counts === undefined || counts.posts === 0 ? (
      <p class="empty">Nothing has been collected yet.</p>
    ) : (
      <p class="meta">
        Evidence grade <strong>{counts.grade.value}</strong>, <strong>{counts.sources.total}</strong> sources, <strong>{counts.claims.total}</strong> claims,{' '}
        <strong>{counts.low_confidence.claims}</strong> more wait for a person; ledger of <strong>{counts.head.size}</strong> entries
      </p>
    )}
  </li>
);
