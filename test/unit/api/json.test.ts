import { toCountsJson } from '../../../src/counts/counts-json.ts';
import { describe, expect, it, vi } from 'vitest';
import { InvalidInputError, RateLimitedError, TransientError } from '../../../src/errors.ts';
import { claimsBody, countedBody, countsBody, entryBody, sourcesBody, topicBody } from '../../../src/api/schemas.ts';
import { MemoryLedger, NOTE } from './memory-ledger.ts';
import { serve } from './serve.ts';
import { must } from '../counts/must.ts';

function build() {
  const ledger = new MemoryLedger();
  const first = ledger.post('My focus was better after 300 mcg.');
  ledger.effect(first.source);
  const study = ledger.post('Abstract.', {
    source: { platform: 'pubmed', document_type: 'primary_study', tier: 'human', study_design: 'rct', record: 'pmid:1' },
    claim: { tier: 'human' },
  });
  const onX = ledger.post('My anxiety is gone.', { source: { platform: 'x' } });
  const waiting = ledger.post('Hm.', { claim: { flags: ['low_confidence'] } });
  ledger.chain.tombstone([ledger.chain.source()], 'request');
  ledger.dropped = [{ stage: 'gate', code: 'off_topic', count: 12 }];
  ledger.mentioned = [{ name: 'Selank', topic: 'selank', sources: 3 }];
  return { ledger, first, study, onX, waiting, ...serve(ledger) };
}

describe('JSON API', () => {
  it('lists topics and describes one, without its communities', async () => {
    const { json } = build();
    expect(await json('/api/topics')).toMatchObject({
      topics: [{ slug: 'semax', title: 'Semax', compounds: ['Semax'] }, { slug: 'selank' }],
    });
    const topic = await json('/api/topics/semax');
    expect(topicBody.parse(topic)).toMatchObject({
      questions: expect.any(Array),
      disclaimers: [expect.stringContaining('not proof'), expect.any(String), expect.any(String)],
    });
    expect(JSON.stringify(topic)).not.toContain('SecretCommunity');
  });

  it('gives the counts as published', async () => {
    const { json, ledger } = build();
    const counts = await json('/api/topics/semax/counts');
    expect(counts).toEqual(toCountsJson(must(await ledger.counts('semax'))));
    expect(countsBody.strict().parse(counts)).toEqual(counts);
    expect(await json('/api/topics/selank/counts')).toMatchObject({ error: { code: 'no_counts' } });
  });

  it('lists sources by kind, in pages', async () => {
    const { json } = build();
    const all = sourcesBody.parse(await json('/api/topics/semax/sources'));
    expect(all.sources).toHaveLength(5);
    const page = await json<{ sources: unknown[]; next: number }>('/api/topics/semax/sources?limit=2');
    expect(page.sources).toHaveLength(2);
    const rest = await json<{ sources: unknown[] }>(`/api/topics/semax/sources?limit=200&cursor=${page.next}`);
    expect([...page.sources, ...rest.sources]).toEqual((await json<{ sources: unknown[] }>('/api/topics/semax/sources')).sources);
    expect(rest).not.toHaveProperty('next');
    expect((await json<{ sources: unknown[] }>('/api/topics/semax/sources?kind=scientific')).sources).toHaveLength(1);
  });

  it('lists claims by tier, effect and state', async () => {
    const { json, study, waiting } = build();
    const human = claimsBody.parse(await json('/api/topics/semax/claims?tier=human'));
    expect(human.claims).toMatchObject([{ seq: study.claim, source: { record: 'pmid:1' } }]);
    expect((await json<{ claims: unknown[] }>('/api/topics/semax/claims?effect=focus')).claims).toHaveLength(1);
    expect(await json('/api/topics/semax/claims?state=pending')).toMatchObject({
      claims: [{ seq: waiting.claim, reasons: ['low_confidence'] }],
    });
    expect((await json<{ claims: unknown[] }>('/api/topics/semax/claims?source_kind=x')).claims).toHaveLength(1);
  });

  it('lists what a number counts', async () => {
    const { json, study } = build();
    const body = countedBody.parse(await json('/api/topics/semax/counted?number=claims.human'));
    expect(body.entries).toMatchObject([{ seq: study.claim, header: { type: 'claim' } }]);
    expect(body.total).toBe(1);
    expect(await json('/api/topics/semax/counted?number=sources.total&limit=1')).toMatchObject({ total: 4, entries: [{}] });
    expect((await json<{ entries: unknown[] }>('/api/topics/semax/counted?number=effects/semax/focus/improves/anecdotal')).entries).toHaveLength(1);
    expect(await json('/api/topics/semax/counted?number=nonsense')).toMatchObject({ error: { code: 'unknown_number' } });
  });

  it('gives entries with their headers, masked', async () => {
    const { json, first, ledger } = build();
    const entry = await json(`/api/topics/semax/entries/${first.claim}`);
    expect(entryBody.parse(entry)).toEqual(entry);
    expect(entry['header']).toEqual(ledger.chain.headers[first.claim]);
    expect(JSON.stringify(entry)).not.toContain('300');
    expect(await json('/api/topics/semax/entries/0')).toMatchObject({ header: { type: 'annotator' } });
  });

  it('keeps posts on X to a link, and their labels without it', async () => {
    const { json, onX } = build();
    expect((await json<{ sources: unknown[] }>('/api/topics/semax/sources?platform=x')).sources).toEqual([{ platform: 'x' }]);
    expect(await json('/api/topics/semax/links')).toEqual({ links: [{ platform: 'x', url: `https://forum.example/${onX.source}` }] });
    const paths = [
      `entries/${onX.source}`,
      `entries/${onX.claim}`,
      'claims?source_kind=x',
      'counted?number=sources.x',
      'sources?platform=x',
      'sources?kind=x&limit=1',
    ];
    for (const path of paths) expect(JSON.stringify(await json(`/api/topics/semax/${path}`))).not.toMatch(/forum\.example\/\d|anxiety/);
  });

  it('gives links in an order that says nothing of the chain', async () => {
    const ledger = new MemoryLedger();
    const posts = Array.from({ length: 20 }, (_, index) => ledger.post(`Post ${index}`, { source: { platform: 'x' } }));
    ledger.chain.withhold([posts[0]?.source as number], 'removed');
    const { links } = await serve(ledger).json<{ links: { url: string }[] }>('/api/topics/semax/links');
    const inOrder = posts.slice(1).map(({ source }) => `https://forum.example/${source}`);
    expect(links.map(({ url }) => url).toSorted()).toEqual(inOrder.toSorted());
    expect(links.map(({ url }) => url)).not.toEqual(inOrder);
  });

  it('gives checkpoint, drops and related compounds', async () => {
    const { json, ledger } = build();
    expect(await json('/api/topics/semax/checkpoint')).toMatchObject({ note: NOTE, size: 4 });
    expect(await json('/api/topics/semax/drops')).toEqual({ drops: ledger.dropped });
    expect(await json('/api/topics/semax/related')).toEqual({ related: ledger.mentioned });
    ledger.signed = false;
    expect(await json('/api/topics/semax/checkpoint')).toMatchObject({ error: { code: 'no_checkpoint' } });
  });

  it('streams the export where there is one', async () => {
    const { ledger } = build();
    const exportLines = async function* () {
      yield '{"a":1}\n';
      yield '{"b":2}\n';
    };
    const answer = await serve(ledger, { exportLines }).app.request('/api/topics/semax/export');
    expect(await answer.text()).toBe('{"a":1}\n{"b":2}\n');
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    expect((await serve(ledger).app.request('/api/topics/semax/export')).status).toBe(404);
    let left = false;
    const standing = async function* () {
      try {
        yield '{"a":1}\n';
      } finally {
        left = true;
      }
    };
    const head = await serve(ledger, { exportLines: standing }).app.request('/api/topics/semax/export', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), left]).toEqual([200, expect.stringContaining('application/x-ndjson'), true]);
    const unsigned = async function* () {
      yield await Promise.reject<string>(new InvalidInputError('not_signed_yet', 'nothing is signed'));
    };
    const refused = await serve(ledger, { exportLines: unsigned }).app.request('/api/topics/semax/export');
    expect([refused.status, await refused.json()]).toEqual([404, { error: { code: 'not_signed_yet', message: 'nothing is signed' } }]);
  });

  it('hands out three exports at once, so that their readers cannot hold every connection of the database', async () => {
    const reported: unknown[] = [];
    const { ledger } = build();
    let hold: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (hold = resolve));
    const exportLines = async function* (slug: string) {
      if (slug === 'selank') throw new InvalidInputError('not_signed_yet', 'nothing is signed');
      yield 'first\n';
      await held;
      yield 'last\n';
    };
    const { app } = serve(ledger, { exportLines, report: (error) => reported.push(error) });
    const ask = (slug = 'semax', method = 'GET') => app.request(`/api/topics/${slug}/export`, { method });
    // What fails or is not read counts no longer than it lasts.
    for (let at = 0; at < 4; at++) expect((await ask('selank')).status).toBe(404);
    const readers = [await ask(), await ask(), await ask()];
    expect(readers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = await ask();
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'too_many_exports' } }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(reported).toEqual([]);
    hold();
    for (const reader of readers) expect(await reader.text()).toBe('first\nlast\n');
    expect((await ask()).status).toBe(200);
  });

  it('gives up the reader of an export that takes nothing any more', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { ledger } = build();
      let open = 0;
      const exportLines = async function* () {
        open++;
        try {
          for (;;) yield 'a line\n';
        } finally {
          open--;
        }
      };
      const reported: unknown[] = [];
      const { app } = serve(ledger, { exportLines, report: (error) => reported.push(error) });
      const answer = await app.request('/api/topics/semax/export');
      await vi.advanceTimersByTimeAsync(59_000);
      expect(open).toBe(1);
      await vi.advanceTimersByTimeAsync(2_000);
      expect([answer.status, open, reported]).toMatchObject([200, 0, [{ code: 'export_stalled' }]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('describes itself as OpenAPI 3.1, every path of it', async () => {
    const { json } = build();
    const document = await json<{ openapi: string; paths: Record<string, unknown> }>('/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/api/topics',
      '/api/topics/{slug}',
      ...['counts', 'sources', 'claims', 'counted', 'entries/{seq}', 'checkpoint', 'links', 'drops', 'related', 'coverage'].map(
        (path) => `/api/topics/{slug}/${path}`,
      ),
      ...['inclusion', 'consistency'].map((kind) => `/api/topics/{slug}/proofs/${kind}`),
    ]);
  });
});

describe('refusals', () => {
  it.each([
    ['/api/nothing', 404, 'not_found'],
    ['/api/topics/unheard-of', 404, 'unknown_topic'],
    ['/api/topics/unheard-of/claims', 404, 'unknown_topic'],
    ['/api/topics/__proto__/counts', 404, 'unknown_topic'],
    ['/api/topics/semax/entries/999', 404, 'unknown_entry'],
    ['/api/topics/semax/entries/-1', 400, 'bad_query'],
    ['/api/topics/semax/entries/1e1', 400, 'bad_query'],
    ['/api/topics/semax/sources?limit=0', 400, 'bad_query'],
    ['/api/topics/semax/sources?limit=100000', 400, 'bad_query'],
    ['/api/topics/semax/sources?cursor=abc', 400, 'bad_query'],
    ['/api/topics/semax/sources?kind=nonsense', 400, 'bad_query'],
    ['/api/topics/semax/claims?tier=<script>', 400, 'bad_query'],
    ['/api/topics/semax/counted', 400, 'bad_query'],
  ])('%s is %i %s', async (path, status, code) => {
    const { app } = build();
    const answer = await app.request(path);
    expect(answer.status).toBe(status);
    const body = await answer.text();
    expect(JSON.parse(body)).toMatchObject({ error: { code } });
    expect(body).not.toContain('<script>');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    [new TransientError('database_down', 'connect ECONNREFUSED 10.0.0.5'), 503, 'database_down'],
    [new RateLimitedError('too_many_requests', 'budget of key 77', 1500), 429, 'too_many_requests'],
    [new Error('password authentication failed for user hearsay'), 500, 'unexpected'],
  ])('tells of %s no more than its code, and reports it', async (error, status, code) => {
    const { ledger } = build();
    ledger.counts = async () => {
      throw error;
    };
    const reported: unknown[] = [];
    const { app } = serve(ledger, { report: (one) => reported.push(one) });
    const answer = await app.request('/api/topics/semax/counts');
    expect(answer.status).toBe(status);
    const body = await answer.text();
    expect(JSON.parse(body)).toMatchObject({ error: { code } });
    expect(body).not.toMatch(/ECONNREFUSED|password|77/);
    expect(reported).toEqual(status >= 500 ? [error] : []);
    expect(answer.headers.get('retry-after')).toBe(status === 500 ? null : status === 429 ? '2' : '5');
  });

  it('writes nothing: other methods find nothing', async () => {
    const { app } = build();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) expect((await app.request('/api/topics/semax', { method })).status).toBe(404);
  });
});

describe('headers and health', () => {
  it('forbids scripts, framing and sniffing on every answer', async () => {
    const { app } = build();
    for (const path of ['/', '/t/semax', '/api/topics', '/nothing', '/healthz']) {
      const { headers } = await app.request(path);
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).not.toMatch(/script-src|unsafe/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('leaves a stricter or wider policy to the page that states one', async () => {
    const { app } = build();
    app.get('/own', (c) => c.text('x', 200, { 'Content-Security-Policy': "default-src 'none'; script-src 'self'" }));
    const { headers } = await app.request('/own');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; script-src 'self'");
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  it('answers 304 to an unchanged ETag, another ETag after a change, and lets nobody keep a copy unasked', async () => {
    const { app, ledger } = build();
    const first = await app.request('/t/semax');
    const tag = must(first.headers.get('etag'));
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const again = await app.request('/t/semax', { headers: { 'If-None-Match': tag } });
    expect(again.status).toBe(304);
    expect(again.headers.get('content-security-policy')).toContain("default-src 'none'");
    ledger.post('More.');
    expect((await app.request('/t/semax', { headers: { 'If-None-Match': tag } })).status).toBe(200);
  });

  it('tells live from ready', async () => {
    const { app, ledger } = build();
    expect((await app.request('/healthz')).status).toBe(200);
    expect((await app.request('/readyz')).status).toBe(200);
    const down = serve(ledger, {
      ping: async () => {
        throw new TransientError('database_down', 'secret host name');
      },
    });
    const answer = await down.app.request('/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toBe('{"status":"not ready","code":"database_down"}');
    expect((await down.app.request('/healthz')).status).toBe(200);
  });
});
