/** The kinds of outside places. A new one is a file with its `open...` function, a form in address.ts, and a line here. */
import { HearsayError } from '../errors.ts';
import { parseCheckpoint } from '../ledger/checkpoint.ts';
import type { PlaceAddress } from './address.ts';
import { openDirPlace } from './dir.ts';
import { openGitPlace } from './git.ts';
import { openHttpPlace } from './http.ts';
import type { Place } from './place.ts';
import { openWitnessPlace } from './witness.ts';

export function openPlaces(addresses: readonly PlaceAddress[]): Place[] {
  return addresses.map(openPlace);
}

function openPlace(address: PlaceAddress): Place {
  switch (address.kind) {
    case 'dir':
      return openDirPlace(address);
    case 'git':
      return openGitPlace(address);
    case 'http':
      return openHttpPlace(address);
    case 'witness':
      return openWitnessPlace(address);
  }
}

/**
 * The newest note of a log in all places that can be read back: for a signer, whose own memory may have been set back together with
 * the database. Its signature is not checked here. A place that is not there now has nothing to say; a file that is no note comes
 * before all others, because it is a reason to stop. Notes of other logs are not this signer's concern.
 */
export async function newestOutside(places: readonly Place[], origin: string): Promise<{ readonly place: string; readonly note: string } | undefined> {
  let newest: { readonly place: string; readonly note: string; readonly size: number } | undefined;
  for (const place of places) {
    const note = await place.readNewest?.(origin);
    if (note === undefined) continue;
    const head = readHead(note);
    if (head === undefined) return { place: place.name, note };
    if (head.origin === origin && head.size > (newest?.size ?? -1)) newest = { place: place.name, note, size: head.size };
  }
  return newest && { place: newest.place, note: newest.note };
}

function readHead(note: string): ReturnType<typeof parseCheckpoint> | undefined {
  try {
    return parseCheckpoint(note);
  } catch (error) {
    if (error instanceof HearsayError) return undefined;
    throw error;
  }
}
