/**
 * The public HTTP face: JSON API (OpenAPI 3.1 at /openapi.json), article pages, health. Reads only; what may be shown is
 * decided in public.ts. Described in docs/api.md; proved by test/unit/api/, which asks it without a socket.
 */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import { InvalidInputError } from '../errors.ts';
import type { AppDeps } from './deps.ts';
import { describeIssues } from './describe-issues.ts';
import { addPages } from './pages/routes.tsx';
import { answerError, answerNotFound } from './problem.tsx';
import { addCoverageRoute } from './routes/coverage.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addLedgerRoutes } from './routes/ledger.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { addProofRoutes } from './routes/proofs.ts';
import { addTileRoutes } from './routes/tiles.ts';
import { addTopicRoutes } from './routes/topics.ts';
import { secureAnswers } from './security.ts';

/** Of the JSON API; the second number grows with every addition, the first when something a client may rely on goes. */
const API_VERSION = '1.2.0';

export function createApp(deps: AppDeps): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success) throw new InvalidInputError('bad_query', describeIssues(result.error.issues));
    },
  });
  app.use(secureAnswers());
  for (const path of ['/api/*', '/log/*']) app.use(path, cors({ origin: '*', allowMethods: ['GET', 'HEAD'] }));
  app.use(tagAnswers());

  addHealthRoutes(app, deps);
  addMetricsRoute(app, deps);
  addTopicRoutes(app, deps);
  addLedgerRoutes(app, deps);
  addCoverageRoute(app, deps);
  addProofRoutes(app, deps);
  addTileRoutes(app, deps);
  addPages(app, deps);

  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Hearsay',
      version: API_VERSION,
      description:
        'What people say about research compounds: counts, sources, claims and ledger entries. Anecdote = a real report, not proof. ' +
        'No dosing, protocol or treatment advice; doses in quotes are hidden.',
    },
  });
  app.onError((error, c) => answerError(c, error, deps.report));
  app.notFound(answerNotFound);
  return app;
}

/** Digests answers for revalidation; not exports, whose whole body it would have to hold. */
function tagAnswers(): MiddlewareHandler {
  // A 304 renews the headers of the kept answer (RFC 9111, section 4.3.4): a page's own policy must be among them.
  const tag = etag({ retainedHeaders: [...RETAINED_304_HEADERS, 'content-security-policy'] });
  return (c, next) => (c.req.path.endsWith('/export') ? next() : tag(c, next));
}
