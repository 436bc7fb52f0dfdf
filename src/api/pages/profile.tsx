/** What the topic file says: compound profile, why it is discussed, unknowns, safety, questions, what it is used beside. */
import type { FC } from 'hono/jsx';
import type { Topic } from '../../model/topic.ts';
import type { CoMention } from '../ledger-reader.ts';

export const Profile: FC<{ readonly topic: Topic }> = ({ topic }) => (
  <>
    <dl class="profile">
      <dt>What it is</dt>
      <dd>{topic.profile.what}</dd>
      <dt>What research suggests</dt>
      <dd>{topic.profile.research_suggests}</dd>
      <dt>Best known for</dt>
      <dd>{topic.profile.best_known_for}</dd>
      <dt>The key thing</dt>
      <dd>{topic.profile.key_thing}</dd>
      <dt>Compounds counted</dt>
      <dd>{topic.compounds.map(({ name }) => name).join(', ')}</dd>
      {topic.profile.regulatory.length === 0 ? null : (
        <>
          <dt>Regulation</dt>
          <dd>
            <Items items={topic.profile.regulatory} />
          </dd>
        </>
      )}
      {topic.lookalikes.length === 0 ? null : (
        <>
          <dt>Not the same</dt>
          <dd>
            <Items items={topic.lookalikes.map(({ name, note }) => `${name}: ${note}`)} />
          </dd>
        </>
      )}
    </dl>
    <p>What keeps failing: {topic.frame.keeps_failing}</p>
    <p>What it is studied to do: {topic.frame.studied_to_do}</p>
    <p>Why it is discussed: {topic.frame.why_discussed}</p>
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
      <p>No other compound is named in the sources counted here.</p>
    ) : (
      <div class="scroll">
        <table id="beside-table">
          <caption>Other compounds named in the same sources</caption>
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
        </table>
      </div>
    )}
    {topic.relevant_labs.length === 0 ? null : (
      <>
        <h3>Laboratories</h3>
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
