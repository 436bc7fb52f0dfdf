/** Stands between the client and the stand-ins: passes requests on, and answers as the weather is. Every request takes some of the clock's time. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request as send } from 'undici';
import type { Chances } from './random.ts';
import { START_MS, type VirtualClock } from './virtual-clock.ts';
import type { ErrorName, Wait, Weather } from './weather.ts';

export interface FaultProxy {
  /** Host -> address, for the client. */
  readonly routes: Readonly<Record<string, string>>;
  /** What became of how many requests. */
  readonly fates: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A dripping body ends after so many real milliseconds, if nobody has given up before. */
const LONGEST_DRIP_MS = 1_500;
const LATENCY_MS = [40, 1_500] as const;
const MAINTENANCE = '<!doctype html><html><head><title>Maintenance</title></head><body><h1>Back soon</h1><p>We are working on it.</p></body></html>';
const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };
/** Answers of the stand-in that say how the connection is used, not what is said. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'];

export async function startFaultProxy(setup: {
  readonly clock: VirtualClock;
  readonly weather: Weather;
  readonly chances: Chances;
  /** Host -> stand-in. */
  readonly standIns: Readonly<Record<string, string>>;
  /** Called before each request, when its time has passed. */
  readonly onRequest: () => void;
}): Promise<FaultProxy> {
  const { clock, weather, chances, standIns } = setup;
  const agent = new Agent();
  const fates = new Map<string, number>();
  const tokens = createTokens(weather.revocations);
  const count = (fate: string): void => void fates.set(fate, (fates.get(fate) ?? 0) + 1);

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const host = incoming.headers.host ?? '';
    const asked = { host, path: incoming.url ?? '/' };
    clock.pass(chances(`latency of ${host}${asked.path}`).between(...LATENCY_MS));
    setup.onRequest();
    const serverMs = clock.ms() + weather.skewOf(host);
    const date = { date: new Date(serverMs).toUTCString() };
    const write = (given: Answer): void => {
      outgoing.writeHead(given.status, { ...given.headers, ...date, 'content-length': given.body.length });
      outgoing.end(given.body);
    };
    const pass = () => forward({ agent, address: `${standIns[host]}${asked.path}`, incoming, body: Buffer.concat(chunks) });

    const refused = tokens.refuse(host, incoming, clock.minute());
    if (refused !== undefined) {
      count('a token taken back');
      write(refused);
      return;
    }
    const fate = weather.fateOf(asked);
    if (fate.kind === 'fair') {
      count('fair');
      write(await pass());
      return;
    }
    if (fate.kind === 'storm') {
      count(`status 429 that names ${fate.wait.as}`);
      write({
        status: 429,
        headers: { ...JSON_TYPE, ...waitHeaders(fate.wait, { host, serverMs, minute: clock.minute(), skewMs: weather.skewOf(host) }) },
        body: Buffer.from('{"message":"Too Many Requests"}'),
      });
      return;
    }
    count(fate.name);
    await fail(fate.name, { outgoing, date, write, pass, serverMs });
  }

  const server = createServer((incoming, outgoing) => {
    outgoing.sendDate = false;
    answer(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    routes: Object.fromEntries(Object.keys(standIns).map((host) => [host, url])),
    fates,
    async close() {
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), agent.destroy()]);
    },
  };
}

async function forward(request: {
  readonly agent: Agent;
  readonly address: string;
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
}): Promise<Answer> {
  const { incoming, body } = request;
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).filter(([name]) => !['connection', 'content-length', 'transfer-encoding'].includes(name)),
  );
  const response = await send(request.address, {
    dispatcher: request.agent,
    method: incoming.method as 'GET',
    headers: headers as Record<string, string>,
    ...(body.length === 0 ? {} : { body }),
  });
  const kept = Object.entries(response.headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !HOP_HEADERS.includes(entry[0]));
  return { status: response.statusCode, headers: Object.fromEntries(kept), body: Buffer.from(await response.body.arrayBuffer()) };
}

/** By the host's own clock. */
function waitHeaders(
  wait: Wait,
  at: { readonly host: string; readonly serverMs: number; readonly minute: number; readonly skewMs: number },
): Record<string, string> {
  if (wait.as === 'nothing') return {};
  const seconds = Math.max(1, Math.ceil((wait.untilMinute - at.minute) * 60));
  const endMs = START_MS + wait.untilMinute * 60_000 + at.skewMs;
  const epoch = String(Math.ceil(endMs / 1000));
  if (wait.as === 'platform' && at.host === 'api.x.com') return { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': epoch };
  if (wait.as === 'platform' && at.host.endsWith('reddit.com')) return { 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset': String(seconds) };
  if (wait.as === 'platform' && at.host.includes('bsky')) return { 'ratelimit-remaining': '0', 'ratelimit-reset': epoch };
  return { 'retry-after': wait.as === 'date' ? new Date(endMs).toUTCString() : String(seconds) };
}

interface Failing {
  readonly outgoing: ServerResponse;
  readonly date: { readonly date: string };
  readonly write: (answer: Answer) => void;
  readonly pass: () => Promise<Answer>;
  readonly serverMs: number;
}

async function fail(name: ErrorName, { outgoing, date, write, pass, serverMs }: Failing): Promise<void> {
  const plain = (status: number, headers: Readonly<Record<string, string>> = {}): void =>
    write({ status, headers: { ...JSON_TYPE, ...headers }, body: Buffer.from(`{"message":"HTTP ${status}"}`) });
  switch (name) {
    case 'status 500':
      return plain(500);
    case 'status 502':
      return plain(502);
    case 'status 503':
      return plain(503);
    case 'status 503 with a time':
      return plain(503, { 'retry-after': new Date(serverMs + 20_000).toUTCString() });
    case 'status 504':
      return plain(504);
    case 'an HTML page with status 503':
      return write({ status: 503, headers: HTML_TYPE, body: Buffer.from(MAINTENANCE) });
    case 'an HTML page with status 200':
      return write({ status: 200, headers: HTML_TYPE, body: Buffer.from(MAINTENANCE) });
    case 'a hang-up before the request is answered':
      return void outgoing.destroy();
    case 'a hang-up after the request is answered':
      await pass();
      return void outgoing.destroy();
    case 'half a document': {
      const whole = await pass();
      return write({ ...whole, body: whole.body.subarray(0, Math.floor(whole.body.length / 2)) });
    }
    case 'a body that ends early':
    case 'a body that drips': {
      const whole = await pass();
      // Half of what was promised, and one byte at least that does not come.
      outgoing.writeHead(whole.status, { ...whole.headers, ...date, 'content-length': whole.body.length + 1 });
      outgoing.write(whole.body.subarray(0, Math.floor(whole.body.length / 2)));
      if (name === 'a body that drips') await drip(outgoing);
      return void outgoing.destroy();
    }
  }
}

async function drip(outgoing: ServerResponse): Promise<void> {
  for (let ms = 0; ms < LONGEST_DRIP_MS && !outgoing.destroyed; ms += 50) {
    await sleep(50);
    if (!outgoing.destroyed) outgoing.write(' ');
  }
}

/** At a revocation every token that was used before stops being good; at the second one Bluesky's refresh tokens do as well. */
function createTokens(revocations: readonly number[]) {
  const used = new Set<string>();
  const revoked = new Set<string>();
  let done = 0;
  return {
    refuse(host: string, incoming: IncomingMessage, minute: number): Answer | undefined {
      const [scheme, token = ''] = (incoming.headers['authorization'] ?? '').split(' ');
      if (scheme?.toLowerCase() !== 'bearer' || (host !== 'oauth.reddit.com' && host !== 'bsky.social')) return undefined;
      const next = revocations[done];
      if (next !== undefined && minute >= next) {
        done += 1;
        for (const name of used) revoked.add(name);
      }
      const name = `${host} ${token}`;
      const isRefresh = incoming.url?.includes('refreshSession') === true;
      // The one that comes with a token that was taken back.
      if (isRefresh && done > 1 && !revoked.has('refreshed')) {
        revoked.add('refreshed');
        return jsonAnswer(400, { error: 'ExpiredToken', message: 'Token has been revoked' });
      }
      used.add(name);
      if (!revoked.has(name)) return undefined;
      return host === 'bsky.social'
        ? jsonAnswer(400, { error: 'ExpiredToken', message: 'Token has expired' })
        : jsonAnswer(401, { message: 'Unauthorized', error: 401 });
    },
  };
}

function jsonAnswer(status: number, value: object): Answer {
  return { status, headers: JSON_TYPE, body: Buffer.from(JSON.stringify(value)) };
}
