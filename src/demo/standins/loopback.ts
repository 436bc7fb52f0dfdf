/** The server part of a stand-in: listens on 127.0.0.1, records what it is asked, plays faults, hands the rest to `handle`. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StandIn, StandInOptions, StandInRequest } from './stand-in.ts';

export interface StandInAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface LoopbackOptions extends StandInOptions {
  readonly hosts: readonly string[];
  readonly handle: (request: StandInRequest) => StandInAnswer | Promise<StandInAnswer>;
  /** Default 0: any free port. */
  readonly port?: number;
}

const MAX_REQUEST_BYTES = 1_048_576;

export async function startLoopback(options: LoopbackOptions): Promise<StandIn> {
  const requests: StandInRequest[] = [];

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    requests.push(request);
    const fault = options.fault?.(request, requests.length);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault?.hangUp === true) {
      incoming.socket.destroy();
      return;
    }
    const { status, headers, body }: StandInAnswer = fault ?? (await options.handle(request));
    // Whose time would it be? The world of a stand-in has another one than this machine (RFC 9110 section 6.6.1: a server without a clock sends no Date).
    outgoing.sendDate = false;
    outgoing.writeHead(status, { ...headers });
    outgoing.end(body ?? '');
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' });
      outgoing.end(`stand-in failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hosts: options.hosts,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<StandInRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REQUEST_BYTES) throw new Error('request body too large');
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));
  return {
    method: incoming.method ?? 'GET',
    host: (headers['host'] ?? '').replace(/:\d+$/, '').toLowerCase(),
    path: incoming.url ?? '/',
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): StandInAnswer {
  return { status, headers: { 'content-type': 'application/json; charset=UTF-8', ...headers }, body: JSON.stringify(value) };
}
