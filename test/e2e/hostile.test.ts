/**
 * Every field of a post filled with markup that wants to run, shown by a server that hides nothing (`text`), in a real
 * browser: it must be read as text. Needs Chromium as article.test.ts does; needs no database.
 */
import { type ServerType, serve as listen } from '@hono/node-server';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryLedger } from '../unit/api/memory-ledger.ts';
import { serve } from '../unit/api/serve.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { openWatched } from './watch.ts';

const executable = findChromium();
const XSS = [
  `"><script>alert('script')</script>`,
  `<img src="https://elsewhere.example/x.png" onerror="alert('img')">`,
  `<svg onload="alert('svg')"></svg><iframe src="https://elsewhere.example/"></iframe>`,
  `' onmouseover='alert("attribute")' style='background:url(https://elsewhere.example/y)`,
  `<style>body{background:url(https://elsewhere.example/z)}</style><meta http-equiv=refresh content="0;url=https://elsewhere.example/">`,
  `<base href="https://elsewhere.example/"><form action="https://elsewhere.example/"><button autofocus onfocus="alert('focus')">`,
].join(' ');

const why = executable === undefined ? ' (skipped: no Chromium found, set CHROMIUM to its path)' : '';

describe.skipIf(executable === undefined)(`hostile posts in a browser${why}`, () => {
  let browser: Browser;
  let server: ServerType;
  let base: string;
  let source: number;

  beforeAll(async () => {
    const ledger = new MemoryLedger();
    const content = { title: XSS, summary: XSS, created_at: XSS };
    ({ source } = ledger.post(XSS, { content: { ...content, url: 'javascript:alert(1)' }, source: { platform: 'web', record: `doi:10.1/${XSS}` } }));
    ledger.post(XSS, { content: { ...content, url: `https://elsewhere.example/"onmouseover="alert(4)` } });
    ledger.effect(source, { effect: XSS, compound: XSS });
    ledger.chain.withhold([ledger.chain.source()], XSS);
    ledger.dropped = [{ stage: XSS, code: XSS, count: 1 }];
    ledger.mentioned = [{ name: XSS, sources: 1 }];
    const { app } = serve(ledger, { policyOf: () => 'text', notice: XSS });
    base = await new Promise((resolve) => {
      server = listen({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve(`http://127.0.0.1:${port}`));
    });
    browser = await launchChromium(executable as string);
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise((resolve) => server?.close(resolve));
  });

  it('are text: no dialog, no error, no request to elsewhere', async () => {
    const { page, mishaps, close } = await openWatched(browser, base);
    for (const path of ['/', '/t/semax', '/t/semax/counted?number=posts', '/t/semax/counted?number=claims.total', `/t/semax/entries/${source}`]) {
      await page.goto(path, { waitUntil: 'networkidle' });
      // Handlers of every kind get their chance.
      for (const link of await page.locator('blockquote, .statement, td').all()) await link.hover({ force: true });
      expect(new URL(page.url()).origin).toBe(base);
    }
    expect(await page.locator('blockquote').first().innerText()).toContain(`<script>alert('script')</script>`);
    expect(mishaps).toEqual([]);
    await close();
  });

  it('would be caught by this test, were they markup', async () => {
    const { page, mishaps, close } = await openWatched(browser, base);
    await page.route(`${base}/planted`, (route) => route.fulfill({ contentType: 'text/html', body: `<p>${XSS}</p>` }));
    await page.goto('/planted', { waitUntil: 'load' }).catch(() => undefined);
    await expect.poll(() => mishaps.join('\n')).toMatch(/dialog: script[\s\S]*request: https:\/\/elsewhere\.example/);
    await close();
  });
});
