/** The LLM annotator in the pipeline: what it says waits for a person, its answers go with their posts, and its account is one of all processes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedHearsay, openHearsay } from '../../src/cli/open-hearsay.ts';
import { runCli } from '../../src/cli/run.ts';
import { jsonAnswer } from '../../src/demo/standins/loopback.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import { annotateBatch, annotateOneByOne } from '../../src/pipeline/annotate.ts';
import { importItems } from '../../src/pipeline/import.ts';
import { createAnswerCache } from '../../src/pipeline/llm-answers.ts';
import { createLlmAllowance } from '../../src/pipeline/llm-usage.ts';
import { readMetrics } from '../../src/pipeline/read-metrics.ts';
import { completion, good, LLM_HOST, type LlmStandIn, type Manner, postOf, startLlm } from '../standin/llm.ts';
import type { ImportedItem } from '../../src/sources/formats/read-import.ts';
import { backUpDatabase } from './database.ts';
import { createEdge, type TestEdge } from './edge.ts';

const TEXTS = [
  'I took Semax for three weeks and my focus got much better. I would use it again.',
  'Semax gave me terrible headaches, so I stopped using it after a week.',
  'Where do people order Semax these days? My usual place is out of stock.',
];

let manner: Manner;
let server: LlmStandIn;
let edge: TestEdge;
let dir: string;
let opened: OpenedHearsay | undefined;
beforeEach(async () => {
  manner = good;
  server = await startLlm((request, nth) => manner(request, nth));
  edge = await createEdge({
    env: {
      HEARSAY_ANNOTATOR: 'llm',
      HEARSAY_LLM_URL: `https://${LLM_HOST}/v1`,
      HEARSAY_LLM_MODEL: 'made-up-1',
      HEARSAY_LLM_TOKENS_PER_DAY: '500000',
      HEARSAY_LLM_USD_PER_MILLION_INPUT: '1',
      HEARSAY_LLM_USD_PER_MILLION_OUTPUT: '10',
      HEARSAY_ROUTES: `${LLM_HOST}=${server.url}`,
      // A signer would refuse, and be right, what a restored database goes on with (signer.test.ts).
      HEARSAY_SIGNER: 'off',
    },
  });
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-llm-'));
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await server.close();
  await edge.close();
  await rm(dir, { recursive: true, force: true });
});

async function run(...argv: string[]): Promise<string> {
  const before = edge.written.out.length;
  expect(await runCli(argv, edge), `${argv.join(' ')}\n${edge.written.talk}`).toBe(0);
  return edge.written.out.slice(before);
}

async function importTexts(number = TEXTS.length): Promise<void> {
  const file = path.join(dir, 'posts.ndjson');
  await writeFile(
    file,
    TEXTS.slice(0, number)
      .map((text, at) => `${JSON.stringify({ id: `p${at}`, platform: 'web', text })}\n`)
      .join(''),
  );
  await run('import', file, '--format', 'ndjson', '--topic', 'semax');
}

async function open(): Promise<OpenedHearsay> {
  opened = await openHearsay(edge);
  return opened;
}

async function* items(): AsyncGenerator<ImportedItem> {
  for (const [at, text] of TEXTS.entries()) yield { line: at + 1, post: { platform: 'web', nativeId: `p${at}`, kind: 'page', text } };
}

/** Stores the texts, and leaves them to be annotated; returns their revisions. */
async function store(): Promise<number[]> {
  const { hearsay } = await open();
  const revisions: number[] = [];
  const onRevisions = async (_topic: string, ids: readonly number[]): Promise<void> => void revisions.push(...ids);
  await importItems(hearsay, items(), { topic: 'semax', name: 'made up', onRevisions });
  return revisions;
}

async function ask<Row extends object>(sql: string): Promise<Row[]> {
  return (await (opened as OpenedHearsay).hearsay.pool.query<Row>(sql)).rows;
}

describe('a topic annotated by a model', () => {
  it('has every claim wait for a person', async () => {
    await importTexts();
    const counts = JSON.parse(await run('counts', 'semax', '--json')) as PublishedCounts;
    expect(counts.claims).toMatchObject({ human: 0, preclinical: 0, anecdotal: 0, mechanistic: 0, speculative: 0 });
    expect(counts.effects).toEqual([]);
    await open();
    const annotators = await ask(
      `SELECT convert_from(header, 'UTF8')::jsonb ->> 'kind' AS kind FROM ledger_entry WHERE type = 'annotator' AND topic = 'semax'`,
    );
    expect(annotators).toEqual([{ kind: 'llm' }]);
    const flags = await ask<{ flags: string[] }>(
      `SELECT convert_from(header, 'UTF8')::jsonb -> 'flags' AS flags FROM ledger_entry WHERE topic = 'semax' AND type IN ('source', 'claim')`,
    );
    expect(flags.length).toBeGreaterThan(3);
    for (const entry of flags) expect(entry.flags).toContain('auto_generated');
    expect(await run('ledger', 'verify', 'semax')).toContain('OK');
  });

  it('keeps answers beside their posts, without the text, and erases them with it', async () => {
    await importTexts();
    await open();
    const kept = await ask<{ native_id: string; answer: string }>('SELECT p.native_id, a.answer FROM llm_answer a JOIN post p ON p.id = a.post_id ORDER BY 1');
    expect(kept.map((row) => row.native_id)).toEqual(['p0', 'p1', 'p2']);
    for (const { answer } of kept) expect(answer).not.toMatch(/three weeks|terrible|usual place/);
    await run('erase', 'web', 'p1', '--reason', 'request', '--no-scrub');
    expect(await ask('SELECT p.native_id FROM llm_answer a JOIN post p ON p.id = a.post_id ORDER BY 1')).toEqual([{ native_id: 'p0' }, { native_id: 'p2' }]);
  });

  it('counts what each answer took, not what it might have taken', async () => {
    await importTexts();
    await open();
    // 1,000 and 100 tokens an answer at 1 and 10 dollars a million.
    expect(await ask('SELECT model, requests, input_tokens, output_tokens, micro_usd FROM llm_usage')).toEqual([
      { model: 'made-up-1', requests: 3, input_tokens: 3_000, output_tokens: 300, micro_usd: 6_000 },
    ]);
  });
});

describe('hearsay crawl status', () => {
  it('shows what is used of what is allowed', async () => {
    await importTexts();
    expect(await run('crawl', 'status', 'semax')).toMatch(
      /^llm made-up-1, this UTC day: 3 requests, 3,300 of 500,000 tokens, \$0\.0060; this month \$0\.0060 \(no limit\)$/m,
    );
    expect((JSON.parse(await run('crawl', 'status', '--json')) as { llm: object }).llm).toEqual({
      model: 'made-up-1',
      requests_today: 3,
      tokens_today: 3_300,
      tokens_per_day: 500_000,
      micro_usd_today: 6_000,
      micro_usd_this_month: 6_000,
      usd_per_month: null,
    });
  });
});

describe('a restored backup', () => {
  const account = 'SELECT requests, input_tokens, output_tokens, micro_usd FROM llm_usage';
  const entries = `SELECT type, count(*)::int AS count FROM ledger_entry WHERE topic = 'semax' GROUP BY type ORDER BY type`;

  /** What is counted, what is kept of the model, and what it took. The root differs from run to run, for salts are random. */
  async function takeStock(): Promise<object> {
    const { head, ...counts } = JSON.parse(await run('counts', 'semax', '--json')) as PublishedCounts;
    await open();
    const stock = {
      counts,
      size: head.size,
      entries: await ask(entries),
      answers: await ask('SELECT count(*)::int AS kept FROM llm_answer'),
      account: await ask(account),
    };
    await opened?.close();
    opened = undefined;
    return stock;
  }

  it('has the answers and the account of its time, and asks again only for what came after it', async () => {
    await importTexts(2);
    const then = await takeStock();
    expect(then).toMatchObject({ answers: [{ kept: 2 }], account: [{ requests: 2, input_tokens: 2_000, output_tokens: 200, micro_usd: 4_000 }] });
    const restore = await backUpDatabase(edge.databaseUrl);
    await importTexts();
    const whole = await takeStock();
    expect(whole).toMatchObject({ answers: [{ kept: 3 }], account: [{ requests: 3, micro_usd: 6_000 }] });

    await restore();
    expect(await takeStock()).toEqual(then);
    const asked = server.asked.length;
    await importTexts();
    expect(server.asked.slice(asked).map((request) => postOf(request).text)).toEqual([TEXTS[2]]);
    expect(await takeStock()).toEqual(whole);
    expect(await run('ledger', 'verify', 'semax')).toContain('OK');
    await run('recount', 'semax');
  });
  it('brings no answer back of a post that was erased since', async () => {
    await importTexts();
    const restore = await backUpDatabase(edge.databaseUrl);
    await run('erase', 'web', 'p1', '--reason', 'request', '--no-scrub');
    const erased = await takeStock();
    await restore();
    // The next command erases again what the file beside the database names.
    expect(await takeStock()).toEqual(erased);
    await open();
    expect(await ask('SELECT p.native_id FROM llm_answer a JOIN post p ON p.id = a.post_id ORDER BY 1')).toEqual([{ native_id: 'p0' }, { native_id: 'p2' }]);
  });
  it('needs no answer that is lost for what is annotated already', async () => {
    await importTexts();
    const before = await takeStock();
    await open();
    await ask('DELETE FROM llm_answer');
    await opened?.close();
    opened = undefined;
    const asked = server.asked.length;
    await importTexts();
    // Annotated once is annotated: answers are for replays.
    expect(server.asked).toHaveLength(asked);
    expect(await takeStock()).toEqual({ ...before, answers: [{ kept: 0 }] });
  });
});

describe('hearsay annotate --annotator llm', () => {
  it('keeps answers in a file, so that a rerun gives the same bytes without the endpoint', async () => {
    const [file, answers] = [path.join(dir, 'in.ndjson'), path.join(dir, 'answers.ndjson')];
    await writeFile(file, TEXTS.map((text, at) => `${JSON.stringify({ id: `p${at}`, platform: 'web', text })}\n`).join(''));
    const argv = ['annotate', '--in', file, '--annotator', 'llm', '--answers', answers];
    const first = await run(...argv);
    expect(first.split('\n').map((line) => (line === '' ? undefined : (JSON.parse(line) as { id: string }).id))).toEqual(['p0', 'p1', 'p2', undefined]);
    manner = () => ({ status: 500 });
    expect(await run(...argv)).toBe(first);
  });
  it('says in the line what could not be asked, and goes on', async () => {
    manner = (request, nth) => (postOf(request).text === TEXTS[1] ? { status: 500 } : good(request, nth));
    const file = path.join(dir, 'in.ndjson');
    await writeFile(file, TEXTS.map((text, at) => `${JSON.stringify({ id: `p${at}`, platform: 'web', text })}\n`).join(''));
    expect(await runCli(['annotate', '--in', file, '--annotator', 'llm'], edge)).toBe(3);
    const lines = edge.written.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; error?: { code: string } });
    expect(lines.map(({ id, error }) => [id, error?.code])).toEqual([
      ['p0', undefined],
      ['p1', 'http_500'],
      ['p2', undefined],
    ]);
  });
});

describe('what cannot be answered', () => {
  it('is refused alone, with the reason, where it is the text', async () => {
    manner = (request, nth) => (postOf(request).text === TEXTS[1] ? completion('I had rather not.') : good(request, nth));
    const revisions = await store();
    const { hearsay } = opened as OpenedHearsay;
    expect(await annotateBatch(hearsay, 'semax', revisions)).toEqual({ kept: 2, offTopic: 0 });
    expect(await ask('SELECT stage, code, detail FROM refusal')).toMatchObject([
      { stage: 'annotate', code: 'annotate_failed', detail: expect.stringMatching(/^llm_no_answer: /) },
    ]);
    expect(await ask('SELECT revision_id FROM unannotated')).toEqual([]);
  });
  it('is refused alone where the endpoint will not have the text, whatever its reason', async () => {
    const odd = jsonAnswer(400, { error: { code: 'odd_input' } });
    manner = (request, nth) => (postOf(request).text === TEXTS[1] ? odd : good(request, nth));
    const revisions = await store();
    const { hearsay } = opened as OpenedHearsay;
    expect(await annotateBatch(hearsay, 'semax', revisions)).toEqual({ kept: 2, offTopic: 0 });
    expect(await ask('SELECT stage, code, detail FROM refusal')).toMatchObject([
      { stage: 'annotate', code: 'annotate_failed', detail: expect.stringMatching(/^llm_no_answer: .*HTTP 400/) },
    ]);
    expect(await ask('SELECT revision_id FROM unannotated')).toEqual([]);
  });
  it.each([
    ['every request is refused, for no known reason', { status: 422 }, 'llm_refused'],
    ['the key is wrong', { status: 401 }, 'llm_refused'],
    ['the endpoint is down', { status: 500 }, 'http_500'],
    ['the endpoint asks for a wait', { status: 429, headers: { 'retry-after': '600' } }, 'rate_limited'],
  ])('waits, and gives no post up, where %s', async (_what, answer, code) => {
    manner = () => answer;
    const revisions = await store();
    const { hearsay } = opened as OpenedHearsay;
    await expect(annotateBatch(hearsay, 'semax', revisions)).rejects.toMatchObject({ code });
    await expect(annotateOneByOne(hearsay, 'semax', revisions)).rejects.toMatchObject({ code });
    expect(await ask('SELECT code FROM refusal')).toEqual([]);
    expect(await ask('SELECT revision_id FROM unannotated')).toHaveLength(3);
  });
});

describe('createAnswerCache', () => {
  const KEY = 'ab'.repeat(32);

  it('keeps the first of two answers to one request, and tells the second', async () => {
    await store();
    const cache = createAnswerCache((opened as OpenedHearsay).hearsay.pool);
    const put = await Promise.all(['one', 'two'].map((answer, at) => cache.put(KEY, answer, { platform: 'web', id: `p${at}` })));
    expect(new Set([...put, await cache.get(KEY)]).size).toBe(1);
  });
  it('keeps none for a post that was erased while the answer came', async () => {
    await store();
    const cache = createAnswerCache((opened as OpenedHearsay).hearsay.pool);
    await run('erase', 'web', 'p0', '--reason', 'request', '--no-scrub');
    expect(await cache.put(KEY, 'late', { platform: 'web', id: 'p0' })).toBe('late');
    expect(await cache.get(KEY)).toBeUndefined();
  });
});

describe('createLlmAllowance', () => {
  const most = { input: 900, output: 100 };

  it('hands out no more than there is to rivals', async () => {
    const { hearsay } = await open();
    const account = { model: 'made-up-1', limits: { tokensPerDay: 3_500 }, now: () => new Date('2026-05-04T12:00:00Z') };
    const rivals = Array.from({ length: 8 }, () => createLlmAllowance(hearsay.pool, account).reserve(most));
    const outcomes = await Promise.allSettled(rivals);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'llm_budget_spent' });
  });
  it('is shown in /metrics', async () => {
    await importTexts();
    const { hearsay } = await open();
    const metrics = new Map((await readMetrics(hearsay.pool)).map(({ name, samples }) => [name, samples]));
    expect(metrics.get('hearsay_llm_day_tokens')).toEqual([
      { labels: { model: 'made-up-1', kind: 'input' }, value: 3_000 },
      { labels: { model: 'made-up-1', kind: 'output' }, value: 300 },
    ]);
    expect(metrics.get('hearsay_llm_month_usd')).toEqual([{ labels: { model: 'made-up-1' }, value: 0.006 }]);
  });
  it('begins anew with the UTC day for tokens, and with the month for money', async () => {
    const { hearsay } = await open();
    let now = new Date('2026-05-30T12:00:00Z');
    const account = { model: 'made-up-1', limits: { tokensPerDay: 1_500, usdPerMonth: 0.004 }, price: { input: 1, output: 10 }, now: () => now };
    const allowance = createLlmAllowance(hearsay.pool, account);
    await allowance.reserve(most);
    await expect(allowance.reserve(most)).rejects.toMatchObject({ code: 'llm_budget_spent', message: expect.stringContaining('tokens') });
    now = new Date('2026-05-31T12:00:00Z');
    await allowance.reserve(most);
    now = new Date('2026-05-31T13:00:00Z');
    await expect(createLlmAllowance(hearsay.pool, { ...account, limits: { usdPerMonth: 0.004 } }).reserve(most)).rejects.toMatchObject({
      retryAfterMs: 11 * 3_600_000,
    });
    now = new Date('2026-06-01T00:00:00Z');
    await allowance.reserve(most);
  });
});
