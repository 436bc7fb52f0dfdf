/**
 * Stands between a pool and Postgres and loses the connection at a chosen step: before the server sees the statement, or after the
 * server has done it and before anybody hears so. A step is one statement: from its first message to the ReadyForQuery that answers its
 * Query or Sync (https://www.postgresql.org/docs/current/protocol-message-formats.html). Statements that the client sends ahead wait
 * here for their turn, so that every run has the same steps.
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

const READY_FOR_QUERY = 'Z';
const [QUERY, SYNC, TERMINATE] = ['Q', 'S', 'X'];

export async function startFaultyProxy(url: string): Promise<FaultyProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let fault: Fault | undefined;
  let steps = 0;
  let happened = false;

  const server = createServer((client) => {
    const backend = connect({ host: target.hostname, port: Number(target.port || 5432) });
    const answers = new MessageReader();
    const statements = new MessageReader();
    /** Whole messages of the client that the server has not been given yet. */
    const waiting: Message[] = [];
    let started = false;
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
    const giveNext = () => {
      const end = waiting.findIndex(({ type }) => type === QUERY || type === SYNC);
      if (!ready || end < 0) return;
      ready = false;
      steps += 1;
      isLast = !happened && fault?.step === steps;
      if (isLast && fault?.when === 'before') return lose();
      for (const { bytes } of waiting.splice(0, end + 1)) backend.write(bytes);
    };
    client.on('data', (data) => {
      // What starts a connection has no type in front; nothing is sent ahead of it.
      if (!started) return backend.write(data);
      for (const message of statements.read(data)) {
        if (message.type === TERMINATE) backend.write(message.bytes);
        else waiting.push(message);
      }
      giveNext();
    });
    backend.on('data', (data) => {
      const isReady = answers.read(data).some(({ type }) => type === READY_FOR_QUERY);
      if (isLast && isReady) return lose();
      if (!isLast) client.write(data);
      if (!isReady) return;
      started = true;
      ready = true;
      giveNext();
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

interface Message {
  readonly type: string;
  readonly bytes: Buffer;
}

/** The whole messages in a stream of them: a byte of type, four of length with themselves, the rest. */
class MessageReader {
  #rest = Buffer.alloc(0);

  read(data: Buffer): Message[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const messages: Message[] = [];
    while (this.#rest.length >= 5) {
      const end = 1 + this.#rest.readInt32BE(1);
      if (this.#rest.length < end) break;
      messages.push({ type: String.fromCharCode(this.#rest[0] as number), bytes: this.#rest.subarray(0, end) });
      this.#rest = this.#rest.subarray(end);
    }
    return messages;
  }
}
