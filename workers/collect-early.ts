/**
 * When garbage is collected. Where a machine has much memory, V8 lets it grow to several times what is in use, and before its first full
 * collection to half a gigabyte: a long import then takes twice the memory it needs. Measured by `npm run bench -- import`.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** From now on a full collection comes when the heap is half as large again as what the last one left. */
export function collectEarly(): void {
  setFlagsFromString('--heap-growing-percent=50');
  // The percentage counts from a collection, so there is one at once, while there is little to look at.
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
