/** How often kept posts are asked about, and with how much patience: of the source's description, else this default. */
import type { Platform } from '../model/labels.ts';
import { sources } from './list.ts';
import type { RecheckDuty, Source } from './source.ts';

/** For sources that say nothing, and for platforms that only files know: as often as the strictest platform asks. */
const DEFAULT_DUTY: RecheckDuty = {
  everyHours: 24,
  missing: { looks: 2, days: 1 },
  gone: { looks: 2, days: 1 },
  because: 'no rule of the platform is known',
};

export function recheckDutyOf(source: Pick<Source, 'description'> | undefined): RecheckDuty {
  return source?.description.recheck ?? DEFAULT_DUTY;
}

/** Of the first source that reads the platform: `web` speaks for pages, whoever crawled them. */
export function recheckDutyOfPlatform(platform: Platform | string): RecheckDuty {
  return recheckDutyOf(sources.find(({ platforms }) => platforms.some((known) => known === platform)));
}
