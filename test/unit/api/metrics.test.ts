import { describe, expect, it } from 'vitest';
import { formatMetrics } from '../../../src/api/metrics-text.ts';
import type { Metric } from '../../../src/pipeline/read-metrics.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { serve } from './serve.ts';

const metric = (samples: Metric['samples']): Metric => ({ name: 'hearsay_things', help: 'Things.\nMore \\ of them.', type: 'gauge', samples });

describe('formatMetrics', () => {
  it('writes the text format of Prometheus, escaped', () => {
    expect(
      formatMetrics([
        metric([
          { labels: { code: 'a"b\\c\nd', source: 'x' }, value: 2 },
          { labels: {}, value: 0.5 },
          { labels: {}, value: Number.POSITIVE_INFINITY },
          { labels: {}, value: Number.NaN },
        ]),
      ]),
    ).toBe(
      [
        '# HELP hearsay_things Things.\\nMore \\\\ of them.',
        '# TYPE hearsay_things gauge',
        'hearsay_things{code="a\\"b\\\\c\\nd",source="x"} 2',
        'hearsay_things 0.5',
        'hearsay_things +Inf',
        'hearsay_things NaN',
        '',
      ].join('\n'),
    );
  });
});

describe('/metrics', () => {
  it('answers uncached, and counts once for those who ask at once', async () => {
    let asked = 0;
    let clock = Date.UTC(2026, 0, 1);
    const metrics = async () => [metric([{ labels: {}, value: ++asked }])];
    const { app } = serve(new MemoryLedger(), { metrics, now: () => new Date(clock) });
    const [first, second] = await Promise.all([app.request('/metrics'), app.request('/metrics')]);
    expect([first.status, first.headers.get('content-type'), first.headers.get('cache-control')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'no-store',
    ]);
    expect(await first.text()).toBe(await second.text());
    clock += 5_000;
    expect(await (await app.request('/metrics')).text()).toContain('hearsay_things 2\n');
  });
  it('does not keep a failure', async () => {
    let fails = true;
    const metrics = async () => {
      if (fails) throw new Error('connect ECONNREFUSED 10.0.0.5');
      return [];
    };
    const { app } = serve(new MemoryLedger(), { metrics });
    const failed = await app.request('/metrics');
    expect([failed.status, await failed.text()]).toEqual([500, expect.not.stringContaining('10.0.0.5')]);
    fails = false;
    expect((await app.request('/metrics')).status).toBe(200);
  });
  it('is not there where nothing is counted', async () => {
    expect((await serve(new MemoryLedger()).app.request('/metrics')).status).toBe(404);
  });
});
