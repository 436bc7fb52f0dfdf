/** The kinds of outside places. A new one is a file with its `open...` function, a form in address.ts, and a line here. */
import { HearsayError } from '../errors.ts';
import { parseCheckpoint } from '../ledger/checkpoint.ts';
import type { PlaceAddress } from './address.ts';
import { openDirPlace } from './dir.ts';
import { openGitPlace } from './git.ts';
import { openHttpPlace } from './http.ts';
import type { Place } from './place.ts';
import { openWitnessPlace } from './witness.ts';

/** `allowHosts`: the `host:port` pairs that may be reached although not public. */
export function openPlaces(addresses: readonly PlaceAddress[], allowHosts: readonly string[]): Place[] {
  return addresses.map((address) => openPlace(address, allowHosts));
}

function openPlace(address: PlaceAddress, allowHosts: readonly string[]): Place {
  switch (address.kind) {
    case 'dir':
      return openDirPlace(address);
    case 'git':
      return openGitPlace(address);
    case 'http':
      return openHttpPlace(address, allowHosts);
    case 'witness':
      return openWitnessPlace(address, allowHosts);
  }
}

const READ_MS = 5_000;
/** Places that a read has not come back from. No second one is begun: each would hold a thread of Node's few for files. */
const hanging = new WeakSet<Place>();
/** Places that could not be read the last time, which is said once. */
const unreadable = new WeakSet<Place>();

type WarningLog = { warn(fields: object, message: string): void };

/**
 * The newest note of a log in all places that can be read back: for a signer, whose own memory may have been set back together with
 * the database. Its signature is not checked here. A place that is not there now, cannot be read or does not answer has nothing to say,
 * or one bad disk would stop the signing of every log; a file that is no note comes before all others, because it is a reason to stop.
 * Notes of other logs are not this signer's concern.
 */
export async function newestOutside(
  places: readonly Place[],
  origin: string,
  log?: WarningLog,
): Promise<{ readonly place: string; readonly note: string } | undefined> {
  let newest: { readonly place: string; readonly note: string; readonly size: number } | undefined;
  for (const place of places) {
    const note = await tryRead(place, origin, log);
    if (note === undefined) continue;
    const head = readHead(note);
    if (head === undefined) return { place: place.name, note };
    if (head.origin === origin && head.size > (newest?.size ?? -1)) newest = { place: place.name, note, size: head.size };
  }
  return newest && { place: newest.place, note: newest.note };
}

async function tryRead(place: Place, origin: string, log: WarningLog | undefined): Promise<string | undefined> {
  if (place.readNewest === undefined || hanging.has(place)) return undefined;
  const reading = place.readNewest(origin);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      hanging.add(place);
      reject(new Error(`no answer in ${READ_MS / 1000} s`));
    }, READ_MS);
  });
  const settled = () => hanging.delete(place);
  reading.then(settled, settled);
  try {
    const note = await Promise.race([reading, late]);
    unreadable.delete(place);
    return note;
  } catch (error) {
    if (error instanceof HearsayError) throw error;
    if (!unreadable.has(place)) log?.warn({ place: place.name, err: error }, 'an outside place cannot be read: signing goes on without what it holds');
    unreadable.add(place);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function readHead(note: string): ReturnType<typeof parseCheckpoint> | undefined {
  try {
    return parseCheckpoint(note);
  } catch (error) {
    if (error instanceof HearsayError) return undefined;
    throw error;
  }
}
