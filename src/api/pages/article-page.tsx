/** The article of a topic: readable without scripts, every number linked to what it counts. */
import type { FC } from 'hono/jsx';
import { DISCLAIMERS } from '../disclaimers.ts';
import type { Article } from './article-data.ts';
import { Pending, SetAside } from './aside.tsx';
import { ClaimsByTier, Voices } from './claims.tsx';
import { Effects } from './effects.tsx';
import { Evidence } from './evidence.tsx';
import { Glance } from './glance.tsx';
import { Layout } from './layout.tsx';
import { Beside, Limits, Profile } from './profile.tsx';
import { Verify } from './verify.tsx';

const CONTENTS = [
  ['about', 'About'],
  ['evidence', 'What the evidence shows'],
  ['effects', 'Effects told of'],
  ['claims', 'Claims by tier'],
  ['scientists', 'Scientists'],
  ['reddit', 'Reddit'],
  ['x', 'X'],
  ['elsewhere', 'Elsewhere'],
  ['unknowns', 'What we do not know'],
  ['safety', 'Safety and limits'],
  ['questions', 'Questions'],
  ['pending', 'Low confidence'],
  ['aside', 'Set aside'],
  ['beside', 'Alongside'],
  ['verify', 'Verify this page'],
  ['disclaimers', 'Disclaimers'],
] as const;
/** Sections that need counts. */
const COUNTED: ReadonlySet<string> = new Set([
  'evidence',
  'effects',
  'claims',
  'scientists',
  'reddit',
  'x',
  'elsewhere',
  'pending',
  'aside',
  'beside',
  'verify',
]);

export const ArticlePage: FC<{ readonly article: Article }> = ({ article }) => {
  const { topic, counts } = article;
  return (
    <Layout title={`${topic.title} - Hearsay`} description={topic.profile.what} class="article">
      <div class="top">
        <h1>{topic.title}</h1>
        <p class="lead">{topic.profile.key_thing}</p>
        {counts === undefined ? (
          <p class="empty">Nothing has been counted for this topic yet.</p>
        ) : (
          <Glance slug={topic.slug} counts={counts} day={article.day} />
        )}
        <div class="note" role="note">
          {DISCLAIMERS.map((line) => (
            <p>{line}</p>
          ))}
        </div>
      </div>
      <nav class="contents" aria-label="Contents">
        <ul>
          {CONTENTS.filter(([id]) => counts !== undefined || !COUNTED.has(id)).map(([id, title]) => (
            <li>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="sections">
        <Profile topic={topic} />
        {counts === undefined ? <Limits topic={topic} /> : <Counted article={{ ...article, counts }} />}
      </div>
    </Layout>
  );
};

const Counted: FC<{ readonly article: Article & { readonly counts: NonNullable<Article['counts']> } }> = ({ article }) => {
  const { topic, counts } = article;
  const { slug } = topic;
  return (
    <>
      <Evidence slug={slug} counts={counts} />
      <Effects topic={topic} counts={counts} />
      <ClaimsByTier slug={slug} counts={counts} byTier={article.byTier} />
      <Voices slug={slug} voice={article.scientists} />
      {article.people.map((voice) => (
        <Voices slug={slug} voice={voice} />
      ))}
      <Limits topic={topic} />
      <Pending slug={slug} counts={counts} claims={article.pending} />
      <SetAside slug={slug} counts={counts} drops={article.drops} />
      <Beside topic={topic} coMentions={article.coMentions} known={article.topics} />
      <Verify slug={slug} counts={counts} checkpoint={article.checkpoint} />
    </>
  );
};
