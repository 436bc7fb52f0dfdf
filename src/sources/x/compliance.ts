/**
 * Batch compliance: one job tells which of all kept posts are gone, and why. Create, upload the ids, ask until it is complete, download
 * (docs.x.com, Compliance, Batch compliance). The two addresses come from the answer, so they are somebody else's word: fetched by the
 * same guarded client, over https only, and never with the token. Proved by test/unit/sources/x-compliance.test.ts.
 */
import { z } from 'zod';
import { InvalidInputError, TransientError } from '../../errors.ts';
import { requireOk } from '../../fetch/require-ok.ts';
import type { BulkRecheck, RecheckOutcome, SourceContext } from '../source.ts';
import { readJson } from './answer.ts';
import { askX } from './ask.ts';

const transferUrl = z.url({ protocol: /^https$/ }).max(8_000);
const jobSchema = z.object({
  data: z.object({
    id: z.string().regex(/^\d{1,20}$/),
    status: z.enum(['created', 'in_progress', 'failed', 'complete', 'expired']),
    upload_url: transferUrl.optional(),
    download_url: transferUrl.optional(),
  }),
});
type Job = z.infer<typeof jobSchema>['data'];

const lineSchema = z.object({ id: z.string().regex(/^\d{1,20}$/), action: z.string().max(50).optional(), reason: z.string().max(50) });

/** Why X asks to act on a post. `scrub_geo` asks to forget a place, and none is kept. What is not known here is hidden and not erased. */
const OUTCOMES: Readonly<Record<string, RecheckOutcome>> = {
  deleted: 'deleted',
  deactivated: 'removed',
  protected: 'removed',
  suspended: 'removed',
  bounced: 'removed',
  scrub_geo: 'live',
};
/** A post may be named twice: the strictest counts. */
const STRICTNESS: readonly RecheckOutcome[] = ['live', 'removed', 'deleted'];

const MAX_RESULT_BYTES = 256 * 1024 * 1024;
const TRANSFER_TIMEOUT_MS = 300_000;
/** As X writes its ids; others can have no answer. */
const POST_ID = /^\d{1,19}$/;

export const xCompliance: BulkRecheck = {
  from(context) {
    const given = context.credentials['X_COMPLIANCE_FROM'];
    if (given === undefined || given === '') return undefined;
    if (!/^[1-9]\d{0,8}$/.test(given)) throw new InvalidInputError('bad_config', 'X_COMPLIANCE_FROM must be a number of posts, from 1');
    return Number(given);
  },

  async start(nativeIds, context) {
    const job = await askJob(context, { path: '/2/compliance/jobs', body: { type: 'tweets' } });
    if (job.upload_url === undefined) throw unexpected('names no place for the ids');
    const response = await context.http.fetch({
      url: job.upload_url,
      method: 'PUT',
      headers: { 'content-type': 'text/plain' },
      body: nativeIds.filter((id) => POST_ID.test(id)).join('\n'),
      timeoutMs: TRANSFER_TIMEOUT_MS,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    requireTransfer(response, 'upload of a compliance job');
    return job.id;
  },

  async poll(id, context) {
    const job = await askJob(context, { path: `/2/compliance/jobs/${encodeURIComponent(id)}` });
    if (job.status === 'created' || job.status === 'in_progress') return 'pending';
    if (job.status !== 'complete') return 'failed';
    if (job.download_url === undefined) throw unexpected('names no place of its result');
    const response = await context.http.fetch({
      url: job.download_url,
      maxBytes: MAX_RESULT_BYTES,
      timeoutMs: TRANSFER_TIMEOUT_MS,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    requireTransfer(response, 'result of a compliance job');
    return readResult(response.body.toString('utf8'));
  },
};

async function askJob(context: SourceContext, request: { readonly path: string; readonly body?: object }): Promise<Job> {
  const json = readJson(await askX(context, request), { what: 'compliance job' });
  const parsed = jobSchema.safeParse(json);
  if (!parsed.success) throw unexpected('is not understood');
  return parsed.data.data;
}

/** Of a transfer only its body is used: a place that is not there, or is no longer, is no result. */
function requireTransfer(response: Parameters<typeof requireOk>[0], what: string): void {
  const { status } = requireOk(response, what);
  if (status >= 300) throw new TransientError(`http_${status}`, `${what}: HTTP ${status}`);
}

/** One JSON object per line. One that cannot be read may hide a deletion: then nothing is believed, for what is not named counts as live. */
export function readResult(ndjson: string): ReadonlyMap<string, RecheckOutcome> {
  const outcomes = new Map<string, RecheckOutcome>();
  for (const line of ndjson.split('\n')) {
    if (line.trim() === '') continue;
    const parsed = lineSchema.safeParse(parseJson(line));
    if (!parsed.success) throw unexpected('has a line that is not understood');
    const { id, reason } = parsed.data;
    const outcome = (Object.hasOwn(OUTCOMES, reason) ? OUTCOMES[reason] : undefined) ?? 'removed';
    const before = outcomes.get(id) ?? 'live';
    outcomes.set(id, STRICTNESS.indexOf(outcome) > STRICTNESS.indexOf(before) ? outcome : before);
  }
  return outcomes;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function unexpected(what: string): TransientError {
  return new TransientError('x_unexpected_answer', `X’s answer about a compliance job ${what}.`);
}
