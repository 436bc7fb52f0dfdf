/** A model as candidate beside the embedded annotator: asked once per post, in no count and no ledger, and what `annotate diff` promises is what adoption makes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentCounts } from '../../src/cli/commands/counts.ts';
import { withHearsay } from '../../src/cli/open-hearsay.ts';
import { runCli } from '../../src/cli/run.ts';
import { measureBacklog } from '../../src/pipeline/backlog.ts';
import type { AnnotatorDiff } from '../../src/pipeline/diff-tally.ts';
import type { ShadowReport } from '../../src/pipeline/shadow.ts';
import { completion, good, LLM_HOST, type LlmStandIn, type Manner, postOf, startLlm } from '../standin/llm.ts';
import { createEdge, type TestEdge } from './edge.ts';

const FOCUS = 'I took Semax for three weeks and my focus got much better. I would use it again.';
const HEADACHES = 'Semax gave me terrible headaches every single day, so I stopped using it after a week.';
const ORDER = 'Where do people order Semax these days? My usual place is out of stock.';
const BROTHER = 'My brother swears that Semax helped his memory, but I have not tried it myself.';
const POSTS = [FOCUS, HEADACHES, ORDER, BROTHER, 'The weather was awful all week and nobody came to the meeting.'];
/** The last one names no compound, and is sent to nobody. */
const SENT = POSTS.slice(0, -1);

let manner: Manner;
let server: LlmStandIn;
let edge: TestEdge;
let dir: string;
beforeEach(async () => {
  manner = good;
  server = await startLlm((request, nth) => manner(request, nth));
  edge = await createEdge({
    env: { HEARSAY_LLM_URL: `https://${LLM_HOST}/v1`, HEARSAY_LLM_MODEL: 'made-up-1', HEARSAY_ROUTES: `${LLM_HOST}=${server.url}` },
  });
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-shadow-llm-'));
  const file = path.join(dir, 'posts.ndjson');
  await writeFile(file, POSTS.map((text, at) => `${JSON.stringify({ id: `p${at}`, platform: 'web', text, author: `a${at}` })}\n`).join(''));
  await run('import', file, '--format', 'ndjson', '--topic', 'semax');
  expect(server.asked).toEqual([]);
});
afterEach(async () => {
  await server.close();
  await edge.close();
  await rm(dir, { recursive: true, force: true });
});

async function run(...argv: string[]): Promise<string> {
  const before = edge.written.out.length;
  expect(await runCli(argv, edge), `${argv.join(' ')}\n${edge.written.talk}`).toBe(0);
  return edge.written.out.slice(before);
}

async function shadow(...flags: string[]): Promise<ShadowReport & { readonly candidate: string }> {
  return JSON.parse(await run('annotate', 'shadow', 'semax', '--candidate', 'llm', '--json', ...flags));
}

function textsAsked(): string[] {
  return server.asked.map((request) => postOf(request).text).sort();
}

async function diff(candidate: string): Promise<AnnotatorDiff> {
  return JSON.parse(await run('annotate', 'diff', 'semax', '--candidate', candidate, '--json'));
}

/** All that could change unseen: counts, the head, each entry by its bytes, and what waits for a stage. */
function takeStock() {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const { topic: _topic, head, ...counts } = await currentCounts(hearsay, 'semax');
    const entries = await hearsay.pool.query<{ header: string }>(
      `SELECT convert_from(header, 'UTF8') AS header FROM ledger_entry WHERE topic = 'semax' ORDER BY seq`,
    );
    return { counts, head, entries: entries.rows, backlog: await measureBacklog(hearsay.pool), inUse: hearsay.annotator.id };
  });
}

function countShadows(): Promise<number | undefined> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const found = await hearsay.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM annotation WHERE shadow');
    return found.rows[0]?.count;
  });
}

describe('a model in shadow', () => {
  it('is asked once per post, and reaches no count and no ledger', async () => {
    const before = await takeStock();
    const first = await shadow('--limit', '2');
    expect(first).toMatchObject({ candidate: expect.stringMatching(/^llm-[0-9a-f]{8}$/), annotated: 2, left: POSTS.length - 2 });
    expect(await shadow()).toMatchObject({ annotated: SENT.length - 2, left: 0, failed: {} });
    expect(textsAsked()).toEqual([...SENT].sort());
    expect(await takeStock()).toEqual(before);

    // Nobody answers any more: a second run has to do without.
    manner = () => ({ status: 500 });
    expect(await shadow()).toEqual({ topic: 'semax', candidate: first.candidate, annotated: 0, offTopic: 0, failed: {}, left: 0 });
    // It was in no count, and yet used tokens.
    expect(await run('crawl', 'status')).toMatch(/^llm made-up-1, this UTC day: 4 requests, [\d,]+ \(no limit\) tokens$/m);
    expect(await run('annotate', 'shadow', 'semax', '--candidate', 'llm')).toContain(`hearsay annotate diff semax --candidate ${first.candidate}\n`);
    expect(server.asked).toHaveLength(SENT.length);
    expect(await takeStock()).toEqual(before);
  });

  it('is compared label by label, with what every count would become', async () => {
    const before = await takeStock();
    const { candidate } = await shadow('--limit', '3');
    await run('annotate', 'diff', 'semax', '--candidate', candidate);
    expect(edge.written.talk).toContain(`2 posts are not judged by ${candidate} yet`);
    await shadow();
    const shown = await run('annotate', 'diff', 'semax', '--candidate', candidate);
    expect(shown).toContain(`semax: ${candidate} against ${before.inUse}\n`);
    expect(shown).toMatch(/^flip {7}document_type: question -> opinion {2}1 {3}e\.g\. web p2$/m);
    expect(shown).toMatch(/^flip {7}sentiment: negative -> positive {2}1 {3}e\.g\. web p1$/m);
    expect(shown).toMatch(/^count {6}sources\.pending: \d -> 4$/m);
    expect(shown).toMatch(/^count {6}effects\.semax\.headache\.worsens\.anecdotal: 1 -> 0$/m);
    for (const text of POSTS) expect(shown).not.toContain(text);
    const promised = await diff(candidate);
    expect(promised.posts).toMatchObject({ new: 0, not_judged: 0 });
    expect(promised.posts.same + promised.posts.changed).toBe(POSTS.length);
    expect(promised.counts.before).toEqual(before.counts);
    // All that a model says waits for a person.
    expect(promised.claims.accepted).toEqual({ before: expect.any(Number), after: 0 });
    expect(promised.counts.after).toMatchObject({ sources: { total: 0, pending: SENT.length }, claims: { total: 0 }, effects: [] });
    expect(await run('annotate', 'diff', 'semax', '--candidate', candidate, '--items')).toContain('\nweb p1\n');
    expect(await takeStock()).toEqual(before);
    expect(server.asked).toHaveLength(SENT.length);
  });

  it('is adopted with the counts that were promised, without being asked again', async () => {
    const { candidate } = await shadow();
    const promised = await diff(candidate);
    const adopting: TestEdge = { ...edge, config: { ...edge.config, annotator: 'llm' } };
    expect(await runCli(['topic', 'adopt', 'semax'], adopting), edge.written.talk).toBe(0);
    expect(server.asked).toHaveLength(SENT.length);
    expect((await takeStock()).counts).toEqual(promised.counts.after);
    expect(await run('ledger', 'verify', 'semax')).toContain('OK');
    expect(await runCli(['annotate', 'diff', 'semax', '--candidate', candidate], edge)).toBe(2);
  });

  it('says nothing more of a post that is erased', async () => {
    const { candidate } = await shadow();
    expect(await countShadows()).toBe(POSTS.length);
    await run('erase', 'web', 'p1', '--reason', 'request', '--no-scrub');
    expect(await countShadows()).toBe(POSTS.length - 1);
    expect((await diff(candidate)).flips).not.toContainEqual(expect.objectContaining({ examples: expect.arrayContaining(['web p1']) }));
    expect(await shadow()).toMatchObject({ annotated: 0, left: 0 });
    expect(server.asked).toHaveLength(SENT.length);
  });
});

describe('a model in shadow that does not answer', () => {
  const argv = ['annotate', 'shadow', 'semax', '--candidate', 'llm', '--json'];

  it('fails at one text alone, and the next run asks about that one', async () => {
    manner = (request, nth) => (postOf(request).text === HEADACHES ? completion('I had rather not.') : good(request, nth));
    expect(await runCli(argv, edge)).toBe(3);
    expect(edge.written.talk).toContain('1 posts could not be annotated: llm_no_answer');
    manner = good;
    const asked = server.asked.length;
    expect(await shadow()).toMatchObject({ annotated: 1, left: 0, failed: {} });
    expect(server.asked.slice(asked).map((request) => postOf(request).text)).toEqual([HEADACHES]);
  });

  it.each([
    // A refusal is asked about once more, without the text.
    ['the key is wrong', { status: 401 }, 'llm_refused', 2],
    ['the endpoint is down', { status: 500 }, 'http_500', 1],
    ['the endpoint asks for a wait', { status: 429, headers: { 'retry-after': '600' } }, 'rate_limited', 1],
  ])('ends the run, and tries no post alone, where %s', async (_what, answer, code, requests) => {
    manner = () => answer;
    const before = await takeStock();
    expect(await runCli(argv, edge), edge.written.talk).toBe(1);
    expect(edge.written.talk).toContain(`(${code})`);
    expect(server.asked.length).toBeLessThanOrEqual(SENT.length * requests);
    expect(await takeStock()).toEqual(before);
  });

  it('goes on from the answers it got', async () => {
    manner = (request, nth) => (postOf(request).text === BROTHER ? { status: 500 } : good(request, nth));
    expect(await runCli(argv, edge), edge.written.talk).toBe(1);
    manner = good;
    const asked = server.asked.length;
    expect(await shadow()).toMatchObject({ annotated: SENT.length, left: 0, failed: {} });
    expect(server.asked.slice(asked).map((request) => postOf(request).text)).toEqual([BROTHER]);
  });

  it('is no candidate without an endpoint', async () => {
    const { llm: _llm, ...config } = edge.config;
    expect(await runCli(argv, { ...edge, config })).toBe(2);
    expect(edge.written.talk).toContain('bad_config');
  });
});
