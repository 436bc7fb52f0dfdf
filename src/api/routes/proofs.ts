/** Proofs that an entry is in the tree, and that a tree only grew: RFC 9162 sections 2.1.3 and 2.1.4, over any size up to the newest checkpoint. */
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { proveEntry, proveGrowth } from '../../ledger/log.ts';
import { requireTopic, type AppDeps } from '../deps.ts';
import { consistencyBody, consistencyQuery, inclusionBody, inclusionQuery } from '../proof-schemas.ts';
import { problems, slugParam } from '../schemas.ts';

const getInclusion = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/proofs/inclusion',
  summary: 'Proof that an entry is in the tree of a size',
  request: { params: slugParam, query: inclusionQuery },
  responses: { 200: { description: 'The proof', content: { 'application/json': { schema: inclusionBody } } }, ...problems },
});
const getConsistency = createRoute({
  method: 'get',
  path: '/api/topics/{slug}/proofs/consistency',
  summary: 'Proof that the tree of one size is the beginning of that of another',
  request: { params: slugParam, query: consistencyQuery },
  responses: { 200: { description: 'The proof', content: { 'application/json': { schema: consistencyBody } } }, ...problems },
});

export function addProofRoutes(app: OpenAPIHono, deps: AppDeps): void {
  app.openapi(getInclusion, async (c) => {
    const { slug } = requireTopic(deps, c.req.valid('param').slug);
    return c.json(await proveEntry(deps.logOf(slug), c.req.valid('query')), 200);
  });
  app.openapi(getConsistency, async (c) => {
    const { slug } = requireTopic(deps, c.req.valid('param').slug);
    return c.json(await proveGrowth(deps.logOf(slug), c.req.valid('query')), 200);
  });
}
