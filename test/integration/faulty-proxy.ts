/**
 * Stands between a pool and Postgres and loses the connection at a chosen step: before the server sees the statement, or after the
 * server has done it and before anybody hears so. A step is one statement: from what the client sends while the server is ready to the
 * ReadyForQuery that ends it (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

interface Fault {
  /** From 1, counted since `arm`. */
  readonly step: number;
  readonly when: 'before' | 'after';
}

export interface FaultyProxy {
  /** The address given, by way of the proxy. */
  readonly url: string;
  /** Counts steps anew; the fault happens once. */
  arm(fault: Fault | undefined): void;
  /** Steps since `arm`, and whether its fault has happened. */
  state(): { readonly steps: number; readonly happened: boolean };
  close(): Promise<void>;
}

const READY_FOR_QUERY = 'Z'.charCodeAt(0);

export async function startFaultyProxy(url: string): Promise<FaultyProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let fault: Fault | undefined;
  let steps = 0;
  let happened = false;

  const server = createServer((client) => {
    const backend = connect({ host: target.hostname, port: Number(target.port || 5432) });
    const reader = new MessageReader();
    let ready = false;
    let isLast = false;
    const lose = () => {
      happened = true;
      client.destroy();
      backend.destroy();
    };
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        backend.destroy();
      });
    }
    client.on('data', (data) => {
      if (ready) {
        ready = false;
        steps += 1;
        isLast = !happened && fault?.step === steps;
        if (isLast && fault?.when === 'before') return lose();
      }
      backend.write(data);
    });
    backend.on('data', (data) => {
      const isReady = reader.read(data).includes(READY_FOR_QUERY);
      if (isReady) ready = true;
      if (!isLast) client.write(data);
      else if (isReady) lose();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = new URL(url);
  address.hostname = '127.0.0.1';
  address.port = String((server.address() as AddressInfo).port);
  return {
    url: address.href,
    arm(next) {
      fault = next;
      steps = 0;
      happened = false;
    },
    state: () => ({ steps, happened }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Types of the whole messages in a stream of them: a byte of type, four of length with themselves, the rest. */
class MessageReader {
  #rest = Buffer.alloc(0);

  read(data: Buffer): number[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const types: number[] = [];
    while (this.#rest.length >= 5) {
      const end = 1 + this.#rest.readInt32BE(1);
      if (this.#rest.length < end) break;
      types.push(this.#rest[0] as number);
      this.#rest = this.#rest.subarray(end);
    }
    return types;
  }
}
