/** The line of `hearsay sources` about re-checks. */
import type { Patience, RecheckDuty } from '../sources/source.ts';

export function describeDuty({ everyHours, missing, gone, because }: RecheckDuty): string {
  const every = everyHours % 24 === 0 && everyHours > 24 ? `${everyHours / 24} days` : `${everyHours} hours`;
  return `every ${every}; erased when deleted, or found missing ${describePatience(missing)}, or gone (410) ${describePatience(gone)}; ${because}`;
}

function describePatience({ looks, days }: Patience): string {
  return `${looks} times${days === 0 ? '' : ` over ${days} ${days === 1 ? 'day' : 'days'}`}`;
}
