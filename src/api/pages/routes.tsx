/** Pages for people: index, article, the list behind a number, one entry; the style sheet and the icon. */
import type { z, OpenAPIHono } from '@hono/zod-openapi';
import type { Child } from 'hono/jsx';
import { InvalidInputError } from '../../errors.ts';
import { requireTopic, type AppDeps } from '../deps.ts';
import { describeIssues } from '../describe-issues.ts';
import { publicClaim, publicEntry } from '../public.ts';
import { countedQuery, seqParam } from '../schemas.ts';
import { loadArticle } from './article-data.ts';
import { ArticlePage } from './article-page.tsx';
import { CountedPage } from './counted-page.tsx';
import { EntryPage } from './entry-page.tsx';
import { ICON } from './icon.ts';
import { IndexPage, type IndexLine } from './index-page.tsx';
import { NoticeContext } from './layout.tsx';
import { STYLESHEET } from './stylesheet.ts';
import { readVerifierScript } from './verifier-script.ts';
import { VERIFIER_PATH, VERIFIER_POLICY, VerifyPage } from './verify-page.tsx';

const PAGE = 50;
/** Claims shown with a source: more than any text makes. */
const CLAIMS = 200;

export function addPages(app: OpenAPIHono, deps: AppDeps): void {
  const { ledger, policyOf } = deps;
  const framed = (page: Child) => <NoticeContext.Provider value={deps.notice}>{page}</NoticeContext.Provider>;

  app.get('/assets/hearsay.css', (c) => c.body(STYLESHEET, 200, { 'Content-Type': 'text/css; charset=utf-8' }));

  app.get('/assets/hearsay.svg', (c) => c.body(ICON, 200, { 'Content-Type': 'image/svg+xml' }));

  app.get(VERIFIER_PATH, async (c) => {
    const script = await readVerifierScript();
    if (script === undefined) throw new InvalidInputError('no_verifier', 'this server was started without its built verifier');
    return c.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Content-Security-Policy': VERIFIER_POLICY });
  });

  app.get('/', async (c) => {
    const lines: IndexLine[] = [];
    for (const topic of deps.topics.values()) lines.push({ topic, counts: await ledger.counts(topic.slug) });
    return c.html(framed(<IndexPage lines={lines} />));
  });

  app.get('/t/:slug', async (c) => {
    const topic = requireTopic(deps, c.req.param('slug'));
    return c.html(framed(<ArticlePage article={await loadArticle(deps, topic)} />));
  });

  app.get('/t/:slug/verify', async (c) => {
    const topic = requireTopic(deps, c.req.param('slug'));
    c.header('Content-Security-Policy', VERIFIER_POLICY);
    return c.html(framed(<VerifyPage topic={topic} checkpoint={await ledger.checkpoint(topic.slug)} />));
  });

  app.get('/t/:slug/counted', async (c) => {
    const topic = requireTopic(deps, c.req.param('slug'));
    const { number, cursor, limit = PAGE } = parse(countedQuery, c.req.query());
    const { rows, next, total } = await ledger.counted(topic.slug, number, { cursor, limit });
    return c.html(framed(<CountedPage topic={topic} number={number} total={total} entries={rows.map((row) => publicEntry(row, policyOf))} next={next} />));
  });

  app.get('/t/:slug/entries/:seq', async (c) => {
    const topic = requireTopic(deps, c.req.param('slug'));
    const { seq } = parse(seqParam, c.req.param());
    const row = await ledger.entry(topic.slug, seq);
    if (row === undefined) throw new InvalidInputError('unknown_entry', 'there is no such entry');
    const claims = row.source === undefined ? [] : (await ledger.claims(topic.slug, { source: seq, limit: CLAIMS })).rows;
    const size = (await ledger.counts(topic.slug))?.head.size ?? 0;
    return c.html(
      framed(<EntryPage topic={topic} entry={publicEntry(row, policyOf)} claims={claims.map((claim) => publicClaim(claim, policyOf))} size={size} />),
    );
  });
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InvalidInputError('bad_query', describeIssues(parsed.error.issues));
  return parsed.data;
}
