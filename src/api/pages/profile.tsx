/** What the topic file says: compound profile, why it is discussed, unknowns, safety, questions, what it is used beside. */
import type { FC } from 'hono/jsx';
import type { Topic } from '../../model/topic.ts';
import type { CoMention } from '../ledger-reader.ts';
import { DataTable } from './data-table.tsx';

export const Profile: FC<{ readonly topic: Topic }> = ({ topic }) => (
  <section aria-labelledby="about">
    <h2 id="about">About {topic.title}</h2>
    <p class="quiet">
      Background, written by the editors of this topic; so are the unknowns, the safety notes and the questions. Everything else on this page comes from the
      ledger.
    </p>
    <dl class="profile">
      <Pair term="What it is">{topic.profile.what}</Pair>
      <Pair term="What research suggests">{topic.profile.research_suggests}</Pair>
      <Pair term="Best known for">{topic.profile.best_known_for}</Pair>
      <Pair term="What keeps failing">{topic.frame.keeps_failing}</Pair>
      <Pair term="What it is studied to do">{topic.frame.studied_to_do}</Pair>
      <Pair term="Why it is discussed">{topic.frame.why_discussed}</Pair>
      {topic.profile.regulatory.length === 0 ? null : (
        <Pair term="Regulation">
          <Items items={topic.profile.regulatory} />
        </Pair>
      )}
      <Pair term="Compounds counted">{topic.compounds.map(({ name }) => name).join(', ')}</Pair>
      {topic.lookalikes.length === 0 ? null : (
        <Pair term="Not the same, not counted">
          <Items items={topic.lookalikes.map(({ name, note }) => `${name}: ${note}`)} />
        </Pair>
      )}
    </dl>
  </section>
);

const Pair: FC<{ readonly term: string; readonly children?: unknown }> = ({ term, children }) => (
  <>
    <dt>{term}</dt>
    <dd>{children}</dd>
  </>
);

export const Limits: FC<{ readonly topic: Topic }> = ({ topic }) => (
  <>
    <section aria-labelledby="unknowns">
      <h2 id="unknowns">What we do not know</h2>
      <Items items={topic.unknowns} />
    </section>
    <section aria-labelledby="safety">
      <h2 id="safety">Safety and limits</h2>
      <Items items={topic.safety} />
      <p>
        Reports come from people who chose to write; most texts are no report at all, and nobody checked what was taken. Labels come from a machine unless
        marked otherwise, and machines err.
      </p>
    </section>
    <section aria-labelledby="questions">
      <h2 id="questions">Questions readers ask</h2>
      <Items items={topic.questions} />
    </section>
  </>
);

export const Beside: FC<{ readonly topic: Topic; readonly coMentions: readonly CoMention[]; readonly known: ReadonlySet<string> }> = ({
  topic,
  coMentions,
  known,
}) => (
  <section aria-labelledby="beside">
    <h2 id="beside">Researched alongside</h2>
    {coMentions.length === 0 ? (
      <p class="empty">No other compound is named in the sources counted here.</p>
    ) : (
      <DataTable id="beside-table" caption="Other compounds named in the counted sources, by a machine that looks for known names">
        <thead>
          <tr>
            <th scope="col">Compound</th>
            <th scope="col" class="number">
              Sources
            </th>
          </tr>
        </thead>
        <tbody>
          {coMentions.map(({ name, topic: slug, sources }) => (
            <tr>
              <th scope="row">{slug !== undefined && known.has(slug) ? <a href={`/t/${slug}`}>{name}</a> : name}</th>
              <td class="number">{sources}</td>
            </tr>
          ))}
        </tbody>
      </DataTable>
    )}
    {topic.relevant_labs.length === 0 ? null : (
      <>
        <h3>Laboratories, named by the editors</h3>
        <Items items={topic.relevant_labs.map(({ name, why }) => `${name}: ${why}`)} />
      </>
    )}
  </section>
);

const Items: FC<{ readonly items: readonly string[] }> = ({ items }) => (
  <ul>
    {items.map((item) => (
      <li>{item}</li>
    ))}
  </ul>
);
