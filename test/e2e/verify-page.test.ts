/** The verifier in a real browser: it says verified of a sound export and where a tampered one was changed, and its bundle is small. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { serve as listen } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildVerifier } from '../../.ci/build-verifier.mjs';
import { verifierKeyOf, formatVerifierKey } from '../../src/ledger/checkpoint.ts';
import { ORIGIN, SEED, sampleExport } from '../property/ledger-sample.ts';
import { MemoryLedger } from '../unit/api/memory-ledger.ts';
import { serve } from '../unit/api/serve.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { findFaults } from './find-faults.ts';
import { openWatched, type Watched } from './watch.ts';

const MAX_GZIP = 40 * 1024;
const BUILT = path.resolve(import.meta.dirname, '../../dist/src/browser/verify.js');
const executable = findChromium();
const why = executable === undefined ? ' (skipped: no Chromium found, set CHROMIUM to its path)' : '';

describe("the browser's verifier", () => {
  it('is one script under 40 KB of gzip, without a trace of Node or of a schema library', async () => {
    const script = await buildVerifier();
    expect(gzipSync(script, { level: 9 }).length).toBeLessThan(MAX_GZIP);
    const text = new TextDecoder().decode(script);
    for (const trace of [/node:/, /\bBuffer\b/, /\bprocess\.env/, /ZodError/, /\brequire\(/]) expect(trace.test(text), String(trace)).toBe(false);
  });
});

describe.skipIf(executable === undefined)(`the page that verifies${why}`, () => {
  let lines: string[];
  let served: readonly string[];
  let browser: Browser;
  let base: string;
  let folder: string;
  let close: () => Promise<void>;
  let watched: Watched;
  let page: Page;

  beforeAll(async () => {
    await buildVerifier(BUILT);
    lines = await sampleExport();
    const { app } = serve(new MemoryLedger(), {
      exportLines: async function* () {
        yield* served;
      },
    });
    const server = listen({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    close = () => new Promise((resolve) => server.close(() => resolve()));
    folder = await mkdtemp(path.join(tmpdir(), 'hearsay-verify-page-'));
    browser = await launchChromium(executable as string);
  });
  afterAll(async () => {
    await browser?.close();
    await close?.();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    served = lines;
    await watched?.close();
    watched = await openWatched(browser, base);
    page = watched.page;
    await page.goto('/t/semax/verify');
  });

  async function verdictOf(act: () => Promise<void>): Promise<string> {
    await act();
    await page.locator('#verify-verdict h2').waitFor();
    return (await page.locator('#verify-verdict').innerText()).replaceAll(/\s+/g, ' ');
  }
  const click = (): Promise<void> => page.click('text=Verify in this browser');

  it('says that a sound ledger is verified, with root, counts and the hash of its key', async () => {
    const verdict = await verdictOf(click);
    const { checkpoint } = JSON.parse(lines.at(-1) as string) as { checkpoint: string };
    expect(verdict).toMatch(/^Verified Log ledger\.example\/semax Entries 16 /);
    expect(verdict).toContain(Buffer.from(checkpoint.split('\n')[2] as string, 'base64').toString('hex'));
    expect(verdict).toContain('recomputed here, equal to those published');
    expect(verdict).toContain('not authenticated: compare the hash');
    expect(await findFaults(page)).toEqual([]);
    expect(watched.mishaps).toEqual([]);
  });

  it('says where a tampered one was changed', async () => {
    served = lines.with(2, (lines[2] as string).replace('My focus', 'My fOcus'));
    expect(await verdictOf(click)).toBe(
      'Failed at seq 1 Why the content does not match its commitment Save the file: together with the key it shows that something was changed.',
    );
    served = lines.slice(0, -1);
    expect(await verdictOf(click)).toContain('Failed at line 18 Why the export ends without a checkpoint');
    served = lines.with(-1, (lines.at(-1) as string).replace('posts\\":3', 'posts\\":4').replace('posts\\":2', 'posts\\":4'));
    expect(await verdictOf(click)).toContain('Failed at counts');
    expect(await findFaults(page)).toEqual([]);
    expect(watched.mishaps).toEqual([]);
  });

  it('checks a saved file against a pasted key and a kept checkpoint', async () => {
    const file = path.join(folder, 'saved.ndjson');
    await writeFile(file, lines.join(''));
    const checkpoint = (JSON.parse((await sampleExport(13)).at(-1) as string) as { checkpoint: string }).checkpoint;
    await page.click('summary');
    await page.fill('#verify-key', ` ${formatVerifierKey(await verifierKeyOf(ORIGIN, SEED))}\n`);
    await page.fill('#verify-checkpoint', checkpoint);
    expect(await verdictOf(() => page.setInputFiles('#verify-file', file))).toContain('authenticated by the key you gave');
    await page.fill('#verify-key', formatVerifierKey(await verifierKeyOf(ORIGIN, new Uint8Array(32).fill(3))));
    expect(await verdictOf(() => page.setInputFiles('#verify-file', file))).toContain('Failed at key');
    await page.fill('#verify-key', '');
    const shorter = path.join(folder, 'shorter.ndjson');
    await writeFile(shorter, (await sampleExport(12)).join(''));
    expect(await verdictOf(() => page.setInputFiles('#verify-file', shorter))).toContain('cut back');
    expect(watched.mishaps).toEqual([]);
  });

  it('gives no verdict on what it cannot read', async () => {
    await page.click('summary');
    await page.fill('#verify-key', 'not a key');
    await click();
    await expect.poll(() => page.locator('#verify-status').innerText()).toContain('Nothing was verified: a verifier key reads');
    expect(await page.locator('#verify-verdict h2').count()).toBe(0);
    expect(await page.locator('#verify-download').isEnabled()).toBe(true);
  });

  it('works from the cache too: a page asked for again keeps its own policy', async () => {
    // Not watched: interception would switch the cache off.
    const context = await browser.newContext({ baseURL: base });
    const again = await context.newPage();
    for (const _ of [1, 2]) {
      await again.goto('/t/semax/verify');
      await again.click('text=Verify in this browser');
      await again.locator('#verify-verdict h2').waitFor();
      expect(await again.locator('#verify-verdict h2').innerText()).toBe('Verified');
    }
    await context.close();
  });

  it('runs one script, its own', async () => {
    const policy = (await page.request.get('/t/semax/verify')).headers()['content-security-policy'];
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https:|\*/);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('script').getAttribute('src')).toBe('/assets/verify.js');
  });

  it('tells the command without scripts', async () => {
    const { page: plain, close: closePlain, mishaps } = await openWatched(browser, base, { javaScriptEnabled: false });
    await plain.goto('/t/semax/verify');
    expect(await plain.getByText('npx hearsay ledger verify semax.ndjson').isVisible()).toBe(true);
    expect(await plain.locator('#verifier').isVisible()).toBe(false);
    expect(mishaps).toEqual([]);
    await closePlain();
  });
});
