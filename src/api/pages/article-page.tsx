/** The article of a topic: readable without scripts, every number linked to what it counts. */
import type { FC } from 'hono/jsx';
import { DISCLAIMERS } from '../disclaimers.ts';
import type { Article } from './article-data.ts';
import { Pending, SetAside } from './aside.tsx';
import { ClaimsByTier, Voices } from './claims.tsx';
import { Effects } from './effects.tsx';
import { Evidence } from './evidence.tsx';
import { Layout } from './layout.tsx';
import { Beside, Limits, Profile } from './profile.tsx';
import { Verify } from './verify.tsx';

const CONTENTS = [
  ['evidence', 'Evidence'],
  ['effects', 'Effects'],
  ['claims', 'Claims'],
  ['scientists', 'Scientists'],
  ['reddit', 'Reddit'],
  ['x', 'X'],
  ['elsewhere', 'Elsewhere'],
  ['unknowns', 'Unknowns'],
  ['safety', 'Safety'],
  ['pending', 'Pending'],
  ['aside', 'Set aside'],
  ['beside', 'Alongside'],
  ['verify', 'Verify'],
] as const;

export const ArticlePage: FC<{ readonly article: Article }> = ({ article }) => {
  const { topic, counts } = article;
  return (
    <Layout title={`${topic.title} - Hearsay`} description={topic.profile.what}>
      <h1>{topic.title}</h1>
      <p class="lead">{topic.profile.key_thing}</p>
      <div class="note" role="note">
        {DISCLAIMERS.map((line) => (
          <p>{line}</p>
        ))}
      </div>
      <Profile topic={topic} />
      {counts === undefined ? (
        <>
          <p>Nothing has been counted for this topic yet.</p>
          <Limits topic={topic} />
        </>
      ) : (
        <Counted article={{ ...article, counts }} />
      )}
    </Layout>
  );
};

const Counted: FC<{ readonly article: Article & { readonly counts: NonNullable<Article['counts']> } }> = ({ article }) => {
  const { topic, counts } = article;
  const { slug } = topic;
  return (
    <>
      <p>
        As of <time datetime={article.day}>{article.day}</time>: <strong>{counts.sources.total}</strong> sources, <strong>{counts.claims.total}</strong> claims,
        evidence grade <strong>{counts.grade.value}</strong>.
      </p>
      <nav class="contents" aria-label="Contents">
        <ul>
          {CONTENTS.map(([id, title]) => (
            <li>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <Evidence slug={slug} counts={counts} />
      <Effects slug={slug} effects={counts.effects} />
      <ClaimsByTier slug={slug} counts={counts} byTier={article.byTier} />
      <Voices slug={slug} voice={article.scientists} lead="Main claims of studies, reviews and registry entries, as read from literature databases." />
      {article.people.map((voice) => (
        <Voices slug={slug} voice={voice} lead="Quotes are the author's words, doses hidden; each links back." />
      ))}
      <Limits topic={topic} />
      <Pending slug={slug} counts={counts} claims={article.pending} />
      <SetAside slug={slug} counts={counts} drops={article.drops} />
      <Beside topic={topic} coMentions={article.coMentions} known={article.topics} />
      <Verify slug={slug} counts={counts} checkpoint={article.checkpoint} />
    </>
  );
};
