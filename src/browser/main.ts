/**
 * The verifier in the browser: one script that is the page's and, started again as a worker, the thread's. Built by
 * .ci/build-verifier.mjs with sha256-portable.ts in the place of sha256.ts. Proved by test/e2e/verify-page.test.ts.
 */
import { startPage } from './verify-page.ts';
import { startThread } from './verify-thread.ts';

if (typeof document === 'undefined') startThread(self as unknown as DedicatedWorkerGlobalScope);
else startPage(import.meta.url);
