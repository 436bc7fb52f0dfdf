/** Third-party and project vectors that live outside the repository; tests that need them skip where they are absent. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../../shared');

/** Absolute path of something under the shared folder, or undefined where it is absent. */
export function sharedPath(...parts: string[]): string | undefined {
  const full = path.join(root, ...parts);
  return existsSync(full) ? full : undefined;
}
