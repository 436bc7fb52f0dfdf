/** What each failure of an endpoint comes to, and what it costs. */
import { afterEach, describe, expect, it } from 'vitest';
import { createAsk } from '../../../src/annotators/llm/ask.ts';
import type { Usage } from '../../../src/annotators/llm/ports.ts';
import { type HearsayError, InvalidInputError, RateLimitedError, TransientError } from '../../../src/errors.ts';
import { jsonAnswer } from '../../../src/demo/standins/loopback.ts';
import { completion, type Manner, postOf } from '../../standin/llm.ts';
import { openLlmSetup, type OpenedLlmSetup, SETTINGS } from '../../standin/llm-setup.ts';

const MESSAGES = [
  { role: 'system', content: 'Label it.' },
  { role: 'user', content: '{"text":"canary-text"}' },
] as const;
const PROBE = [MESSAGES[0], { role: 'user', content: '{"text":""}' }] as const;
const SCHEMA = { type: 'object' };

let opened: OpenedLlmSetup;
afterEach(() => opened.close());

/** What comes of asking, with the account of it. */
async function ask(
  manner: Manner,
  times = 1,
  timeoutMs = SETTINGS.timeoutMs,
): Promise<{ readonly said: readonly (string | HearsayError)[]; readonly counted: readonly (Usage | 'most')[] }> {
  opened = await openLlmSetup(manner);
  const counted: (Usage | 'most')[] = [];
  const allowance = {
    async reserve() {
      const at = counted.push('most') - 1;
      return async (used: Usage) => {
        counted[at] = used;
      };
    },
  };
  const act = createAsk({ settings: { ...SETTINGS, timeoutMs }, http: opened.setup.http, allowance, schema: SCHEMA, probe: PROBE });
  const said: (string | HearsayError)[] = [];
  for (let nth = 0; nth < times; nth += 1) said.push(await act(MESSAGES).catch((error: HearsayError) => error));
  return { said, counted };
}

describe('createAsk', () => {
  it('gives the content, and counts what the endpoint says it took', async () => {
    expect(await ask(() => completion('yes'))).toEqual({ said: ['yes'], counted: [{ input: 1_000, output: 100 }] });
  });
  it('leaves the most counted where the endpoint does not say', async () => {
    expect(await ask(() => completion('yes', { usage: null }))).toEqual({ said: ['yes'], counted: ['most'] });
  });

  it.each([
    ['429 that names its end', { status: 429, headers: { 'retry-after': '7' } }, RateLimitedError, 'rate_limited'],
    ['503 that names its end', { status: 503, headers: { 'retry-after': '7' } }, RateLimitedError, 'unavailable'],
    ['500', { status: 500 }, TransientError, 'http_500'],
    ['text too long', jsonAnswer(400, { error: { code: 'context_length_exceeded', message: 'canary-text' } }), InvalidInputError, 'llm_no_answer'],
    ['text refused', jsonAnswer(400, { error: { code: 'content_filter' } }), InvalidInputError, 'llm_no_answer'],
  ])('%s', async (_what, answer, type, code) => {
    const { said, counted } = await ask(() => answer);
    const [error] = said as [HearsayError];
    expect(error).toBeInstanceOf(type);
    expect(error.code).toBe(code);
    expect(error.message).not.toMatch(/canary-text|test-key/);
    expect(counted).toEqual([{ input: 0, output: 0 }]);
  });

  describe('a refusal that does not say why', () => {
    const odd = jsonAnswer(400, { error: { code: 'odd_input', message: 'canary-text' } });
    it.each([
      ['400 without a body', { status: 400 }],
      ['400 with a code nobody knows', odd],
      ['422', { status: 422 }],
      ['403, as of moderation', { status: 403 }],
    ])('%s is this text’s where the endpoint answers without it', async (_what, answer) => {
      const { said, counted } = await ask((request) => (postOf(request).text === 'canary-text' ? answer : completion('yes')));
      expect(said[0]).toBeInstanceOf(InvalidInputError);
      expect(said[0]).toMatchObject({ code: 'llm_no_answer', message: expect.stringContaining(`HTTP ${answer.status}`) });
      expect((said[0] as HearsayError).message).not.toContain('canary-text');
      expect(counted).toEqual([
        { input: 0, output: 0 },
        { input: 1_000, output: 100 },
      ]);
    });
    it.each([
      ['wrong key', { status: 401, body: 'canary-text test-key' }],
      ['wrong model', { status: 404 }],
      ['400 with a code nobody knows', odd],
    ])('%s is everybody’s where the endpoint refuses that too', async (_what, answer) => {
      const { said, counted } = await ask(() => answer);
      expect(said[0]).toBeInstanceOf(InvalidInputError);
      expect(said[0]).toMatchObject({ code: 'llm_refused', message: expect.stringContaining(`HTTP ${answer.status}`) });
      expect((said[0] as HearsayError).message).not.toMatch(/canary-text|test-key/);
      expect(counted).toEqual([
        { input: 0, output: 0 },
        { input: 0, output: 0 },
      ]);
    });
    it('waits where the endpoint cannot say', async () => {
      const { said } = await ask((request) => (postOf(request).text === 'canary-text' ? odd : { status: 429, headers: { 'retry-after': '7' } }));
      expect(said[0]).toMatchObject({ code: 'rate_limited' });
    });
  });

  it('keeps to the wait that was asked for, and asks nothing meanwhile', async () => {
    const { said } = await ask(() => ({ status: 429, headers: { 'retry-after': '7' } }));
    expect(said[0]).toMatchObject({ retryAfterMs: 7_000 });
  });
  it('takes something else than a completion for a passing fault that may have been billed', async () => {
    const { said, counted } = await ask(() => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome</h1>' }));
    expect(said[0]).toMatchObject({ code: 'llm_bad_response' });
    expect(said[0]).toBeInstanceOf(TransientError);
    expect(counted).toEqual(['most']);
  });
  it('gives up on an endpoint that does not answer in time, and leaves the most counted', async () => {
    const { said, counted } = await ask(() => new Promise(() => undefined), 1, 100);
    expect(said[0]).toMatchObject({ code: 'timeout' });
    expect(said[0]).toBeInstanceOf(TransientError);
    expect(counted).toEqual(['most']);
  });

  it('tells the schema in words to a server that takes none, and remembers', async () => {
    const { said } = await ask((request) => (request.response_format ? { status: 400 } : completion('yes')), 2);
    expect(said).toEqual(['yes', 'yes']);
    expect(opened.server.asked.map(({ response_format }) => response_format !== undefined)).toEqual([true, true, false, false]);
    expect(opened.server.asked[3]?.messages[0]?.content).toContain(JSON.stringify(SCHEMA));
  });
  it('speaks to models that take other names of limits', async () => {
    const { said } = await ask((request) => (request.max_tokens === undefined && request.temperature === undefined ? completion('yes') : { status: 400 }));
    expect(said).toEqual(['yes']);
    expect(opened.server.asked.at(-1)).toMatchObject({ max_completion_tokens: 2_000, response_format: { type: 'json_schema' } });
  });
});
