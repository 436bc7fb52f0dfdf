/** What becomes of each answer in the simulated hour: storms of 429, three failures in ten, tokens taken back, clocks that are wrong. The same for a seed. */
import type { Chances, Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

const ERRORS = [
  'status 500',
  'status 502',
  'status 503',
  'status 503 with a time',
  'status 504',
  'an HTML page with status 503',
  'a hang-up before the request is answered',
  'a hang-up after the request is answered',
  'a body that ends early',
  'a body that drips',
  'an HTML page with status 200',
  'half a document',
] as const;
export type ErrorName = (typeof ERRORS)[number];
/** They say 200 and are whole: where any page is a page, nothing tells them from one. */
const DISGUISED: readonly ErrorName[] = ['an HTML page with status 200', 'half a document'];

const ERROR_RATE = 0.3;
/** Of the failures: each takes as long as the client's patience, for real. */
const DRIP_RATE = 0.02;

type Fate = { readonly kind: 'fair' } | { readonly kind: 'error'; readonly name: ErrorName } | { readonly kind: 'storm'; readonly wait: Wait };
/** How a 429 says until when; `platform`: by a header of the platform's own. */
export type Wait = { readonly as: 'nothing' } | { readonly as: 'seconds' | 'date' | 'platform'; readonly untilMinute: number };

export interface Weather {
  /** From then on every answer is a fair one. */
  clear(): void;
  fateOf(request: { readonly host: string; readonly path: string }): Fate;
  /** Milliseconds by which the host's clock is ahead of ours. */
  skewOf(host: string): number;
  /** Minutes at which all tokens that were given until then stop being good. */
  readonly revocations: readonly number[];
}

interface Storm {
  readonly from: number;
  readonly to: number;
  readonly as: Wait['as'];
}

const SKEWS_S = [420, -420, 130, -130];

export function createWeather(chances: Chances, clock: VirtualClock): Weather {
  const storms = new Map<string, readonly Storm[]>();
  const skews = new Map<string, number>();
  let isClear = false;

  function stormsOf(host: string): readonly Storm[] {
    const random = chances(`storms of ${host}`);
    const known = storms.get(host) ?? Array.from({ length: random.between(1, 2) }, () => makeStorm(random));
    storms.set(host, known);
    return known;
  }

  function makeStorm(random: Random): Storm {
    const from = random.between(2, 45);
    return { from, to: from + random.between(2, 6), as: random.pick(['nothing', 'seconds', 'date', 'platform'] as const) };
  }

  return {
    clear() {
      isClear = true;
    },
    fateOf({ host, path }) {
      if (isClear) return { kind: 'fair' };
      const minute = clock.minute();
      const storm = stormsOf(host).find(({ from, to }) => from <= minute && minute < to);
      if (storm !== undefined) return { kind: 'storm', wait: storm.as === 'nothing' ? { as: 'nothing' } : { as: storm.as, untilMinute: storm.to } };
      const random = chances(`${host}${path}`);
      if (!random.chance(ERROR_RATE)) return { kind: 'fair' };
      if (random.chance(DRIP_RATE)) return { kind: 'error', name: 'a body that drips' };
      const possible = ERRORS.filter((name) => name !== 'a body that drips' && (isApi(host) || isMachineRead(path) || !DISGUISED.includes(name)));
      return { kind: 'error', name: random.pick(possible) };
    },
    skewOf(host) {
      const known = skews.get(host) ?? chances(`clock of ${host}`).pick(SKEWS_S) * 1000;
      skews.set(host, known);
      return known;
    },
    revocations: [chances('first revocation').between(10, 20), chances('second revocation').between(30, 40)],
  };
}

function isApi(host: string): boolean {
  return !host.endsWith('.example');
}

/** A feed, a sitemap, or a thread: what is read of it has a form. */
function isMachineRead(path: string): boolean {
  return path.endsWith('.xml') || path.startsWith('/t/');
}
