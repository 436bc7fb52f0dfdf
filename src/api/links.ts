/**
 * Links to posts whose platform allows an id only. They stand alone: not in the order of the chain, not beside an entry, and in
 * no list that can be filtered or paged by entry, since any of these would say what the post was labelled as.
 */
import { createHash } from 'node:crypto';
import { PLATFORMS, type Platform } from '../model/labels.ts';
import type { AppDeps } from './deps.ts';
import { linkOf, type PublicLink } from './public.ts';

/** Newer ones of a platform are left out. */
const MAX_LINKS = 1_000;

export async function loadLinks({ ledger, policyOf }: Pick<AppDeps, 'ledger' | 'policyOf'>, slug: string): Promise<PublicLink[]> {
  const links: PublicLink[] = [];
  for (const platform of PLATFORMS.filter((each) => policyOf(each) === 'id')) {
    const page = await ledger.sources(slug, { platform, state: ['accepted', 'amended'], limit: MAX_LINKS });
    for (const row of page.rows) links.push(...linkOf(row));
  }
  return links.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

export function linksOn(links: readonly PublicLink[], platform: Platform): PublicLink[] {
  return links.filter((link) => link.platform === platform);
}

function orderOf({ url }: PublicLink): string {
  return createHash('sha256').update(url).digest('hex');
}
