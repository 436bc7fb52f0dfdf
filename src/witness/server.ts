/**
 * The HTTP face of a witness: `POST /add-checkpoint` as c2sp.org/tlog-witness has it, and three pages for people and monitors, which
 * the specification leaves open. Small bodies and short waits: anybody may ask. Described in docs/witness.md.
 * Proved by test/unit/witness/server.test.ts, which asks it without a socket.
 */
import { serve, type ServerType } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { InvalidInputError } from '../errors.ts';
import { encodeBase64 } from '../ledger/base64.ts';
import { formatVerifierKey } from '../ledger/checkpoint.ts';
import { logIdOf } from './state.ts';
import type { Answer, Witness } from './witness.ts';

/** A proof is under 3 KiB; the rest is for the signatures of a note, of which post-quantum ones have 5 kB each. */
const MAX_BODY_BYTES = 64 * 1024;
/** Milliseconds for a whole request, for its headers, and between two of them on one connection. */
const REQUEST_MS = 10_000;
const HEADERS_MS = 5_000;
const KEEP_ALIVE_MS = 60_000;
/** How often the two above are enforced. */
const CHECK_MS = 2_000;

export interface WitnessAppDeps {
  readonly witness: Witness;
  /** Verifier key of the witness, as text. */
  readonly vkey: string;
  readonly report: (error: unknown) => void;
}

export function createWitnessApp({ witness, vkey, report }: WitnessAppDeps): Hono {
  const app = new Hono();
  const tooLarge = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.text(`a request has at most ${MAX_BODY_BYTES} bytes\n`, 413) });
  app.post('/add-checkpoint', tooLarge, async (c) => answer(c, await witness.addCheckpoint(decodeBody(await c.req.arrayBuffer()))));
  app.all('/add-checkpoint', (c) => c.text('POST a checkpoint: https://c2sp.org/tlog-witness\n', 405, { allow: 'POST' }));
  app.get('/', (c) => c.text(describeWitness(witness, vkey)));
  app.get('/logs', (c) => c.json(listLogs(witness)));
  app.get('/logs/:id/checkpoint', (c) => {
    const origin = [...witness.logs.keys()].find((known) => logIdOf(known) === c.req.param('id'));
    const last = origin === undefined ? undefined : witness.lastOf(origin);
    return last === undefined ? c.text('no checkpoint of such a log was cosigned\n', 404) : c.text(last.note);
  });
  app.notFound((c) => c.text('there is nothing here\n', 404));
  app.onError((error, c) => {
    if (error instanceof InvalidInputError && (error.code === 'bad_request' || error.code === 'bad_checkpoint')) return c.text(`${error.message}\n`, 400);
    report(error);
    return c.text('the witness failed; nothing was cosigned\n', 500);
  });
  return app;
}

function answer(c: Context, result: Answer): Response {
  switch (result.kind) {
    case 'cosigned':
      return c.text(`${result.line}\n`);
    case 'stale':
      return c.body(`${result.size}\n`, 409, { 'content-type': 'text/x.tlog.size' });
    case 'contradiction':
      return c.text('another root of this size was cosigned before\n', 409);
    case 'unproved':
      return c.text(`${result.why}\n`, 422);
    case 'unknown_log':
      return c.text('this witness does not follow a log of this origin\n', 404);
    case 'not_signed':
      return c.text('no signature by a key of this log holds\n', 403);
    case 'bad_request':
      return c.text(`${result.why}\n`, 400);
  }
}

/** Notes are UTF-8 (c2sp.org/signed-note); a byte order mark is no part of one, and is kept to be refused. */
function decodeBody(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidInputError('bad_request', 'the body is not UTF-8', { cause });
  }
}

function describeWitness(witness: Witness, vkey: string): string {
  const logs = [...witness.logs.keys()].map((origin) => `  ${origin}: ${witness.lastOf(origin)?.checkpoint.size ?? 'nothing yet'}`);
  return [
    'A witness of transparency logs (https://c2sp.org/tlog-witness).',
    '',
    `verifier key: ${vkey}`,
    '',
    'Logs it follows, and the size of each that it last cosigned:',
    ...logs,
    '',
    'POST /add-checkpoint            cosigns a checkpoint',
    'GET  /logs                      this list as JSON',
    'GET  /logs/LOG/checkpoint       the last cosigned checkpoint; LOG is the SHA-256 of the origin, in hex',
    '',
  ].join('\n');
}

function listLogs(witness: Witness): object[] {
  return [...witness.logs].map(([origin, keys]) => {
    const last = witness.lastOf(origin)?.checkpoint;
    return {
      origin,
      id: logIdOf(origin),
      keys: keys.map(formatVerifierKey),
      ...(last === undefined ? {} : { size: last.size, root: encodeBase64(last.root) }),
    };
  });
}

export interface ServedWitness {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws InvalidInputError `port_in_use`; Node's errors for an address that is not this machine's */
export async function serveWitness(app: Hono, { host, port }: { readonly host: string; readonly port: number }): Promise<ServedWitness> {
  const serverOptions = { requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS, connectionsCheckingInterval: CHECK_MS };
  const server = serve({ fetch: app.fetch, hostname: host, port, serverOptions });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new InvalidInputError('port_in_use', `port ${port} of ${host} is taken: choose another with --port`) : error);
    });
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`, close: () => closeServer(server) };
}

/** Answers that are under way are given; connections that only wait are cut. */
function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
}
