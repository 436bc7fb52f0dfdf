/** Checks of the outside places: how far each has got, what failed, and what contradicts the database. Proved by test/integration/doctor-places.test.ts. */
import type pg from 'pg';
import type { PlaceAddress } from '../../places/address.ts';
import { type DeliveryState, listDeliveries } from '../../places/deliveries.ts';
import type { Check } from './check.ts';

/** Codes of alarms: nothing that passes by itself. */
const ALARM = /^(?:place_ahead|place_contradicts|tree_differs): /;

export async function checkPlaces(pool: pg.Pool, places: readonly PlaceAddress[]): Promise<readonly Check[]> {
  if (places.length === 0) {
    return [
      {
        name: 'outside places',
        ok: 'warn',
        found: 'none: whoever controls this machine can replace the whole ledger unseen',
        doThis: 'set HEARSAY_CHECKPOINT_PLACES (docs/operation.md)',
      },
    ];
  }
  const deliveries = await listDeliveries(
    pool,
    places.map(({ name }) => name),
  );
  return places.map(({ name }) =>
    describePlace(
      name,
      deliveries.filter(({ place }) => place === name),
    ),
  );
}

function describePlace(place: string, deliveries: readonly DeliveryState[]): Check {
  const name = `outside place ${place}`;
  const alarm = deliveries.find(({ error }) => ALARM.test(error ?? ''));
  if (alarm)
    return {
      name,
      ok: false,
      found: `${alarm.topic}: ${alarm.error}`,
      doThis: 'keep the database as it is and find out which history is true (docs/operation.md, "Outside places")',
    };
  const failing = deliveries.filter(({ error, attempts }) => error !== null && attempts > 0);
  const [first] = failing;
  if (first) {
    const others = failing.length > 1 ? `, and ${failing.length - 1} more topics` : '';
    return {
      name,
      ok: 'warn',
      found: `${first.topic} at size ${sizeOf(first)}, ${first.attempts} failed attempts: ${first.error}${others}`,
      doThis: 'see the code in docs/errors.md',
    };
  }
  const sizes = deliveries.map((delivery) => `${delivery.topic} ${sizeOf(delivery)}`);
  return { name, ok: true, found: sizes.length === 0 ? 'nothing signed yet' : sizes.slice(0, 10).join(', ') + (sizes.length > 10 ? ', ...' : '') };
}

function sizeOf({ size, newest }: DeliveryState): string {
  if (size < 0) return `none of ${newest}`;
  return size === newest ? String(size) : `${size} of ${newest}`;
}
