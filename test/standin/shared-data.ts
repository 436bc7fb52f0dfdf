/** Where recorded traffic lies beside the checkout; tests that need it skip, saying so, where it is absent. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const SHARED_API = fileURLToPath(new URL('../../../shared/data/api', import.meta.url));

export function hasRecordings(folder: string): boolean {
  return existsSync(`${SHARED_API}/${folder}`);
}
