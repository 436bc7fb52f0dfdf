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
    {lines.length === 0 ? (
      <p>There is no topic yet.</p>
    ) : (
      <div class="scroll">
        <table>
          <caption>Topics</caption>
          <thead>
            <tr>
              <th scope="col">Topic</th>
              <th scope="col" class="number">
                Sources
              </th>
              <th scope="col" class="number">
                Claims
              </th>
              <th scope="col">Evidence grade</th>
              <th scope="col" class="number">
                Ledger entries
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ topic, counts }) => (
              <tr>
                <th scope="row">
                  <a href={`/t/${topic.slug}`}>{topic.title}</a>
                </th>
                <td class="number">{counts?.sources.total ?? '-'}</td>
                <td class="number">{counts?.claims.total ?? '-'}</td>
                <td>{counts?.grade.value ?? 'not counted yet'}</td>
                <td class="number">{counts?.head.size ?? '-'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </Layout>
);
