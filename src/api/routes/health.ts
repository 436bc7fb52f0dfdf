/** /healthz: the process runs. /readyz: it can also reach its database. For load balancers and restarts, so never cached. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { describeError } from '../../errors.ts';
import type { AppDeps } from '../deps.ts';

export function addHealthRoutes(app: OpenAPIHono, { ping, report }: AppDeps): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }, 200, { 'Cache-Control': 'no-store' }));
  app.get('/readyz', async (c) => {
    try {
      await ping();
      return c.json({ status: 'ready' }, 200, { 'Cache-Control': 'no-store' });
    } catch (error) {
      report?.(error);
      return c.json({ status: 'not ready', code: describeError(error).code }, 503, { 'Cache-Control': 'no-store' });
    }
  });
}
