/** One stand-in whose answer is changed from recording to recording, and the context in which a source asks it. */
import { startLoopback } from '../../../src/demo/standins/loopback.ts';
import type { StandInRequest } from '../../../src/demo/standins/stand-in.ts';
import type { SourceContext } from '../../../src/sources/source.ts';
import { clientFor, contextFor } from '../client-for.ts';
import type { RecordedAnswer } from '../recording.ts';

type Handle = (request: StandInRequest) => Pick<RecordedAnswer, 'status' | 'headers'> & { readonly body: Buffer | string };

export interface Desk {
  readonly context: SourceContext;
  /** What is answered from now on. */
  answerWith(handle: Handle): void;
  close(): Promise<void>;
}

export function json(value: unknown, status = 200): ReturnType<Handle> {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export const NOT_FOUND: ReturnType<Handle> = { status: 404, headers: {}, body: '' };

export async function openDesk(...hosts: readonly string[]): Promise<Desk> {
  let handle: Handle = () => NOT_FOUND;
  const server = await startLoopback({ hosts, handle: (request) => handle(request) });
  const http = clientFor(server);
  return {
    context: contextFor(http, { now: () => new Date('2026-06-01T00:00:00Z') }),
    answerWith(next) {
      handle = next;
    },
    async close() {
      await http.close();
      await server.close();
    },
  };
}
