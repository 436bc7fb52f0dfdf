/** Places as HEARSAY_CHECKPOINT_PLACES names them, with their hosts listed in HEARSAY_ALLOW_HOSTS: those of tests are on the loopback interface. */
import { parsePlaces } from '../../../src/places/address.ts';
import { openPlaces } from '../../../src/places/list.ts';
import type { Place } from '../../../src/places/place.ts';

export function openListed(text: string): Place[] {
  const addresses = parsePlaces(text, '/');
  return openPlaces(
    addresses,
    addresses.flatMap((address) => ('url' in address ? [new URL(address.url).host] : [])),
  );
}
