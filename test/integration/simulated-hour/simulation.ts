/** The worlds of one seed, crawled into a database of its own: through an hour of bad weather, or in a calm one. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type OpenedHearsay, openHearsay } from '../../../src/cli/open-hearsay.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';
import { createPacer } from '../../../src/fetch/pace.ts';
import { communitySchema } from '../../../src/model/topic.ts';
import type { Hearsay } from '../../../src/pipeline/hearsay.ts';
import { parseTopic } from '../../../src/topics.ts';
import { createEdge } from '../edge.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { createPlayer, type Run, type ScheduledCommunity } from './play-queue.ts';
import { createChances, createRandom } from './random.ts';
import { createClock, START_MS } from './virtual-clock.ts';
import { createWeather } from './weather.ts';
import type { RunningWorld, SimulatedWorld } from './world.ts';
import { makeWorlds } from './worlds.ts';

export interface Simulation {
  readonly hearsay: Hearsay;
  readonly worlds: readonly SimulatedWorld[];
  readonly runs: readonly Run[];
  readonly fates: FaultProxy['fates'];
  /** Every five minutes each community, with all the weather there is; then twice without: the first finishes what was begun. */
  hour(): Promise<void>;
  /** Each community once, of the worlds as they are after the hour. */
  calm(): Promise<void>;
  ask<Row extends object>(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const EVERY_MINUTES = 5;
/** Longer than a robots.txt that could not be had is left alone. */
const AFTER_MINUTES = [70, 80] as const;
/** Real milliseconds: the only wait that is. */
const CLIENT_PATIENCE_MS = 600;
/** A budget keeps pages in this thread, one after the other, and so the hour the same each time; reading ahead has its own test (web-read-ahead.test.ts). */
const ENDLESS = { requests_per_run: 100_000 };
const topicFile = path.resolve(import.meta.dirname, '../../../topics/semax.yaml');

export async function openSimulation(seed: number): Promise<Simulation> {
  const clock = createClock();
  const worlds = makeWorlds(createRandom(seed));
  const weather = createWeather(createChances(seed), clock);
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };

  const places: RunningWorld[] = [];
  for (const world of worlds) {
    const place = await world.start(clock, weather.skewOf);
    closing.push(place.close);
    places.push(place);
  }
  let shown = 0;
  function showPresent(): void {
    if (clock.minute() < shown + 1) return;
    shown = Math.floor(clock.minute());
    for (const place of places) place.turnTo(shown);
  }
  const standIns = Object.fromEntries(places.flatMap(({ url, hosts }) => hosts.map((host) => [host, url] as const)));
  const proxy = await startFaultProxy({ clock, weather, chances: createChances(seed), standIns, onRequest: showPresent });
  closing.push(proxy.close);

  const edge = await createEdge();
  closing.push(edge.close);
  const bundled = parseTopic(await readFile(topicFile, 'utf8'), topicFile);
  const schedule = { every: `${EVERY_MINUTES}m` };
  const communities = worlds.flatMap((world) => world.communities.map((community) => communitySchema.parse({ ...community, schedule, budget: ENDLESS })));
  const credentials = Object.assign({}, ...worlds.map((world) => world.credentials ?? {})) as Record<string, string>;
  const opened: OpenedHearsay = await openHearsay(edge, { topics: [{ ...bundled, communities }], credentials });
  closing.push(opened.close);
  const http = createHttpClient({
    userAgent: 'Hearsay/test',
    routes: proxy.routes,
    now: clock.now,
    timeoutMs: CLIENT_PATIENCE_MS,
    pacer: createPacer({ now: clock.ms, sleep: clock.sleep }),
  });
  closing.push(http.close);
  const hearsay: Hearsay = { ...opened.hearsay, http, now: clock.now };
  const player = createPlayer({ hearsay, clock, random: createRandom(seed + 3) });
  const ask = async <Row extends object>(sql: string): Promise<Row[]> => (await hearsay.pool.query<Row>(sql)).rows;
  const scheduled = await ask<ScheduledCommunity>('SELECT id, source FROM community WHERE active ORDER BY id');
  const allAt = (minute: number) => scheduled.map((community) => ({ ...community, dueMs: START_MS + minute * MINUTE_MS }));

  return {
    hearsay,
    worlds,
    runs: player.runs,
    fates: proxy.fates,
    ask,
    close,
    async hour() {
      // Each community has a minute and second of its own.
      const slots = Array.from({ length: HOUR_MINUTES / EVERY_MINUTES }, (_, at) => at * EVERY_MINUTES);
      let finished = 0;
      await player.play(
        slots.flatMap((minute) =>
          scheduled.map((community, at) => ({ ...community, dueMs: START_MS + (minute + (at * EVERY_MINUTES) / scheduled.length) * MINUTE_MS })),
        ),
        async () => {
          if (clock.minute() >= HOUR_MINUTES) weather.clear();
          if (clock.minute() < finished + 10) return;
          finished = clock.minute();
          await player.finishStages();
        },
      );
      weather.clear();
      for (const minute of AFTER_MINUTES) await player.play(allAt(Math.max(minute, clock.minute())));
      await player.finishStages();
    },
    async calm() {
      weather.clear();
      await player.play(allAt(HOUR_MINUTES));
      await player.finishStages();
    },
  };
}
