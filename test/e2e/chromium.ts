/** The browser of the end-to-end tests: Debian's Chromium, or the one CHROMIUM names. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Undefined where there is none. In CI that is an error: no test may be skipped unseen. */
export function findChromium(): string | undefined {
  const given = process.env['CHROMIUM'];
  const found = given === undefined || given === '' ? PATHS.find((path) => existsSync(path)) : given;
  if (found === undefined && process.env['CI'] === 'true') throw new Error('no Chromium found: install it, or set CHROMIUM to its path');
  return found;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
