/**
 * Reads what is verified over HTTP. The address was typed by the person who runs this, so it may lead anywhere they can reach; what
 * comes from there is bounded in size and in the time it may stay silent.
 */
import { InvalidInputError, TransientError } from '../errors.ts';

/** Without one byte. */
const SILENCE_MS = 60_000;

export type Address = { readonly kind: 'export'; readonly url: string } | { readonly kind: 'log'; readonly prefix: string; readonly slug: string };

/** An article leads to its export, `/log/<slug>` to the log's files, anything else is taken for an export. @throws InvalidInputError `bad_url` */
export function parseAddress(text: string): Address {
  if (!URL.canParse(text)) throw new InvalidInputError('bad_url', `${text} is not an address`);
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  const article = /^(?<before>.*)\/t\/(?<slug>[a-z0-9-]+)(?:\/verify)?$/.exec(path)?.groups;
  if (article) return { kind: 'export', url: `${url.origin}${article['before']}/api/topics/${article['slug']}/export` };
  const log = /^(?<prefix>.*\/log\/(?<slug>[a-z0-9-]+))(?:\/checkpoint)?$/.exec(path)?.groups;
  if (log) return { kind: 'log', prefix: `${url.origin}${log['prefix']}`, slug: log['slug'] as string };
  return { kind: 'export', url: url.href };
}

/** @throws InvalidInputError `not_found`, TransientError `network` */
export async function* streamAddress(url: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const silence = startSilence();
  try {
    const response = await open(url, AbortSignal.any([signal, silence.signal]));
    // The types know only the browser's stream; Node's is iterable.
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      silence.heard();
      yield piece;
    }
  } catch (error) {
    throw describe(error, url, signal);
  } finally {
    silence.stop();
  }
}

/** The whole body, of at most `maxBytes`. @throws InvalidInputError `not_found`, `body_too_large`, TransientError `network` */
export async function readAddress(url: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of streamAddress(url, signal)) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new InvalidInputError('body_too_large', `${url} answers with more than ${maxBytes} bytes`);
    parts.push(piece);
  }
  return new Uint8Array(Buffer.concat(parts));
}

async function open(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal });
  if (response.ok && response.body) return response;
  await response.body?.cancel();
  if (response.status >= 500 || response.status === 429) throw new TransientError('network', `${url} answers ${response.status}`);
  throw new InvalidInputError('not_found', `${url} answers ${response.status}`);
}

function describe(error: unknown, url: string, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof InvalidInputError || error instanceof TransientError) return error;
  const why = error instanceof DOMException ? `${url} was silent for ${SILENCE_MS / 1000} s` : `cannot read ${url}`;
  return new TransientError('network', why, { cause: error });
}

function startSilence(): { readonly signal: AbortSignal; heard(): void; stop(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException('silent', 'TimeoutError')), SILENCE_MS);
  return { signal: controller.signal, heard: () => timer.refresh(), stop: () => clearTimeout(timer) };
}
