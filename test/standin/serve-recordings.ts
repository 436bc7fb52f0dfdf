/** One loopback server for any number of recorded hosts, told apart by the Host header. */
import { type LoopbackOptions, startLoopback } from '../../src/demo/standins/loopback.ts';
import type { StandIn } from '../../src/demo/standins/stand-in.ts';
import type { RecordedHost } from './recording.ts';

export function serveRecordings(hosts: readonly RecordedHost[], options: Pick<LoopbackOptions, 'port' | 'fault'> = {}): Promise<StandIn> {
  return startLoopback({
    ...options,
    hosts: hosts.map((recorded) => recorded.host),
    handle: (request) => {
      const answer = hosts.find((recorded) => recorded.host === request.host)?.answer(request.method, request.path, request.body);
      if (answer !== undefined) return answer;
      return {
        status: 404,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: 'Nothing was recorded for this request', error: 404 }),
      };
    },
  });
}
