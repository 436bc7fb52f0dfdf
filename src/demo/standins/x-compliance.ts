/**
 * Batch compliance of the X stand-in: one job at a time, ids put to an upload address for 15 minutes, a result in lines of JSON
 * (docs/sources/x.md). Proved by test/unit/sources/x-compliance.test.ts.
 */
import { jsonAnswer, type StandInAnswer } from './loopback.ts';
import type { StandInRequest } from './stand-in.ts';

/** Where ids are put and results are fetched: not X's own host. */
export const TRANSFER_HOST = 'compliance-transfer.example';
const UPLOAD_MS = 900_000;

export interface ComplianceOptions {
  /** Times that a job is asked about before it is complete; default 1. */
  readonly pollsUntilDone?: number;
  /** What a job ends as; default `complete`. */
  readonly end?: 'complete' | 'failed';
  /** Base of the addresses that are handed out; default `https://` and the transfer host. */
  readonly transferBase?: string;
}

interface Job {
  readonly id: string;
  readonly uploadUntil: number;
  ids: readonly string[] | undefined;
  pollsLeft: number;
}

export function createComplianceJobs(options: ComplianceOptions & { readonly now: () => Date; readonly reasonOf: (id: string) => string | undefined }): {
  answer(request: StandInRequest): StandInAnswer;
  transfer(request: StandInRequest): StandInAnswer;
} {
  const base = options.transferBase ?? `https://${TRANSFER_HOST}`;
  const jobs = new Map<string, Job>();

  const statusOf = (job: Job): string => (job.ids === undefined ? 'created' : job.pollsLeft > 0 ? 'in_progress' : (options.end ?? 'complete'));
  const describe = (job: Job): unknown => ({
    data: {
      id: job.id,
      type: 'tweets',
      status: statusOf(job),
      resumable: false,
      upload_url: `${base}/upload/${job.id}?signature=up`,
      upload_expires_at: new Date(job.uploadUntil).toISOString(),
      download_url: `${base}/download/${job.id}?signature=down`,
    },
  });

  function create(request: StandInRequest): StandInAnswer {
    const { type } = JSON.parse(request.body) as { type?: string };
    if (type !== 'tweets') return jsonAnswer(400, { title: 'Invalid Request', type: 'https://api.x.com/2/problems/invalid-request' });
    if ([...jobs.values()].some((job) => ['created', 'in_progress'].includes(statusOf(job))))
      return jsonAnswer(409, { title: 'ConcurrentJobsLimitExceeded', detail: 'one concurrent job per type' });
    const id = String(1_400_000_000_000_000_000n + BigInt(jobs.size));
    const job: Job = { id, uploadUntil: options.now().getTime() + UPLOAD_MS, ids: undefined, pollsLeft: options.pollsUntilDone ?? 1 };
    jobs.set(id, job);
    return jsonAnswer(200, describe(job));
  }

  function resultOf(job: Job): string {
    const lines = (job.ids ?? []).flatMap((id) => {
      const reason = options.reasonOf(id);
      const at = options.now().toISOString();
      return reason === undefined ? [] : [JSON.stringify({ id, action: 'delete', created_at: at, redacted_at: at, reason })];
    });
    return lines.map((line) => `${line}\n`).join('');
  }

  return {
    answer(request) {
      if (request.method === 'POST') return create(request);
      const job = jobs.get(request.path.split('/').at(-1) ?? '');
      if (job === undefined) return jsonAnswer(404, { title: 'Not Found Error', type: 'https://api.x.com/2/problems/resource-not-found' });
      const answer = jsonAnswer(200, describe(job));
      if (job.ids !== undefined) job.pollsLeft -= 1;
      return answer;
    },
    transfer(request) {
      const url = new URL(request.path, base);
      const [, way, id = ''] = url.pathname.split('/');
      const job = jobs.get(id);
      if (job === undefined || url.searchParams.get('signature') !== (way === 'upload' ? 'up' : 'down')) return { status: 403, body: 'denied' };
      if (way === 'upload') {
        if (request.method !== 'PUT' || request.headers['content-type'] !== 'text/plain' || options.now().getTime() > job.uploadUntil) return { status: 403 };
        job.ids = request.body.split('\n').filter((line) => line !== '');
        return { status: 200 };
      }
      return statusOf(job) === 'complete' ? { status: 200, headers: { 'content-type': 'text/plain' }, body: resultOf(job) } : { status: 404 };
    },
  };
}
