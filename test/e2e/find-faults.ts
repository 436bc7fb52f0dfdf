/** What axe finds serious or critical on the page as it is shown, with where. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

export async function findFaults(page: Page): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  if (passes.length < 10) throw new Error(`axe checked next to nothing on ${page.url()}`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${page.url()}: ${id}: ${html.slice(0, 200)}`));
}
