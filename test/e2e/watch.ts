/** Opens pages and notes everything that must not happen on one: dialogs, errors, requests to elsewhere, new windows. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Watched {
  readonly page: Page;
  readonly mishaps: string[];
  close(): Promise<void>;
}

export async function openWatched(browser: Browser, base: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ baseURL: base, ...options });
  const page = await context.newPage();
  const mishaps: string[] = [];
  page.on('dialog', (dialog) => {
    mishaps.push(`dialog: ${dialog.message()}`);
    // It may have closed by itself meanwhile, with its page; that it opened is noted above.
    dialog.dismiss().catch(() => undefined);
  });
  page.on('pageerror', (error) => mishaps.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') mishaps.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('popup', () => mishaps.push('popup'));
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    if (url.startsWith(base)) return route.continue();
    mishaps.push(`request: ${url}`);
    return route.abort();
  });
  return { page, mishaps, close: () => context.close() };
}
