/** The one place that says what may be shown of a platform's items; pages, exports, feeds and the API all ask here. */
import type { Platform } from '../model/labels.ts';
import { sources } from './list.ts';
import type { PublicPolicy } from './source.ts';

/** Whether single items may be shown beside what they were labelled as. */
export function showsItems(policy: PublicPolicy): boolean {
  return policy === 'text' || policy === 'summary';
}

/** X shows ids and tallies only, unless the operator holds the right to more (HEARSAY_X_PUBLIC). Files follow their platform. */
export function publicPolicyOf(platform: Platform, options: { readonly xPublic: PublicPolicy }): PublicPolicy {
  if (platform === 'x') return options.xPublic;
  return sources.find((source) => source.platforms.includes(platform))?.description.public ?? 'summary';
}
