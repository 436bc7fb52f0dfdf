/** /metrics: for Prometheus. Counts and codes only; no query, no text, no error message (docs/operation.md). */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Metric } from '../../pipeline/read-metrics.ts';
import type { AppDeps } from '../deps.ts';
import { formatMetrics, METRICS_TYPE } from '../metrics-text.ts';

/** Counting goes through whole tables: those who ask at once, and again at once, share an answer. */
const KEPT_MS = 5_000;

export function addMetricsRoute(app: OpenAPIHono, { metrics, now }: AppDeps): void {
  if (metrics === undefined) return;
  let kept: { readonly at: number; readonly answer: Promise<readonly Metric[]> } | undefined;
  app.get('/metrics', async (c) => {
    const at = now().getTime();
    if (kept === undefined || Math.abs(at - kept.at) >= KEPT_MS) {
      const asked = { at, answer: metrics() };
      kept = asked;
      asked.answer.catch(() => {
        if (kept === asked) kept = undefined;
      });
    }
    return c.text(formatMetrics(await kept.answer), 200, { 'Content-Type': METRICS_TYPE, 'Cache-Control': 'no-store' });
  });
}
