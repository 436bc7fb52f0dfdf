/** Worker threads from built code and from source alike. Proved by what runs in them: test/property/parallel-verify.test.ts, annotate-threads.test.ts beside it, test/unit/sources/web-read-ahead.test.ts. */
import { type ResourceLimits, Worker } from 'node:worker_threads';

/** `script`: beside the caller and without its ending; `from`: the caller's import.meta.url. */
export function startThread(script: string, { from, limits }: { readonly from: string; readonly limits: ResourceLimits }): Worker {
  // What is built is plain JavaScript; run from source, tsx compiles, and does not do so in threads unless asked there.
  const isSource = from.endsWith('.ts');
  const url = new URL(`${script}${isSource ? '.ts' : '.js'}`, from);
  const fromSource = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(url.href)})))`;
  return new Worker(isSource ? fromSource : url, { eval: isSource, resourceLimits: limits });
}
