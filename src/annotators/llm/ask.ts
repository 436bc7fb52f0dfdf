/**
 * One request to an OpenAI-compatible endpoint: `POST <base>/chat/completions` (https://platform.openai.com/docs/api-reference/chat). Servers
 * differ in what they accept, so that a refused request is tried in the next dialect, and the first that works is kept to. Where none does,
 * the same request without the text decides whether the endpoint refuses this text, or everything.
 * Messages of errors hold statuses alone: bodies repeat what was sent. Proved by test/unit/annotators/llm-ask.test.ts.
 */
import { z } from 'zod';
import { InvalidInputError, RateLimitedError, TransientError } from '../../errors.ts';
import type { HttpClient, HttpResponse } from '../../fetch/http.ts';
import { requireOk } from '../../fetch/require-ok.ts';
import type { Allowance, Usage } from './ports.ts';
import type { Message } from './prompt.ts';
import type { LlmSettings } from './settings.ts';

/** Longest answer, in tokens: twenty effects with their quotes. */
const MAX_ANSWER_TOKENS = 2_000;
const MAX_BODY_BYTES = 1_048_576;
/** What a message costs beside its text, in tokens, generously. */
const TOKENS_PER_MESSAGE = 16;

/** From the strictest to what every server knows. Newer models take `max_completion_tokens` alone, and no temperature. */
const DIALECTS: readonly ((schema: object) => object)[] = [
  (schema) => ({ response_format: formatOf(schema), temperature: 0, max_tokens: MAX_ANSWER_TOKENS }),
  (schema) => ({ response_format: formatOf(schema), max_completion_tokens: MAX_ANSWER_TOKENS }),
  () => ({ temperature: 0, max_tokens: MAX_ANSWER_TOKENS }),
];
/** No schema reaches the server in it, so that the model has to be told. */
const PLAIN = DIALECTS.length - 1;

function formatOf(schema: object): object {
  return { type: 'json_schema', json_schema: { name: 'labels', strict: true, schema } };
}

const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() })).min(1),
  usage: z.object({ prompt_tokens: z.number().int().nonnegative(), completion_tokens: z.number().int().nonnegative() }).nullish(),
});
const refusalSchema = z.object({ error: z.object({ code: z.string().nullish() }) });
/** Codes of a 400 that speak of this text and of no other. */
const OF_THIS_TEXT = new Set(['context_length_exceeded', 'string_above_max_length', 'content_filter', 'content_policy_violation']);

/** Content of the first choice; empty where the model refused. */
export type Ask = (messages: readonly Message[]) => Promise<string>;

export interface AskContext {
  readonly settings: LlmSettings;
  readonly http: HttpClient;
  readonly allowance: Allowance;
  readonly schema: object;
  /** A request that is refused only if all are: the instructions, and no text. */
  readonly probe: readonly Message[];
}

/** The content, or the status of a refusal that does not say what it is of. */
type Answered = { readonly content: string } | { readonly refused: number };

/**
 * Raises `RateLimitedError` (`rate_limited`, `unavailable`, `llm_budget_spent`), `TransientError` (what the client raises, `http_5xx`,
 * `llm_bad_response`), `InvalidInputError` (`llm_refused`: key, model or address; `llm_no_answer`: this text).
 */
export function createAsk({ settings, http, allowance, schema, probe }: AskContext): Ask {
  let dialect = 0;

  async function send(messages: readonly Message[], at: number): Promise<HttpResponse> {
    return http.fetch({
      url: `${settings.url}/chat/completions`,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(settings.key === undefined ? {} : { authorization: `Bearer ${settings.key}` }) },
      body: JSON.stringify({ model: settings.model, messages: at === PLAIN ? withSchema(messages, schema) : messages, ...DIALECTS[at]?.(schema) }),
      maxBytes: MAX_BODY_BYTES,
      timeoutMs: settings.timeoutMs,
      turn: { intervalMs: 0 },
    });
  }

  async function request(messages: readonly Message[]): Promise<Answered> {
    const settle = await allowance.reserve(mostOf(withSchema(messages, schema)));
    for (let at = dialect; ; at += 1) {
      const response = await sendOrSettle(() => send(messages, at), settle);
      if (isDialectRefused(response) && at < PLAIN) continue;
      if (response.status !== 200) {
        // An answer that says so was not made.
        await settle({ input: 0, output: 0 });
        throwExplained(response);
        return { refused: response.status };
      }
      dialect = at;
      const completion = readCompletion(response);
      const { usage } = completion;
      if (usage) await settle({ input: usage.prompt_tokens, output: usage.completion_tokens });
      const [choice] = completion.choices;
      // What was cut off is no answer, however it looks.
      return { content: choice?.finish_reason === 'length' ? '' : (choice?.message.content ?? '') };
    }
  }

  return async (messages) => {
    const answered = await request(messages);
    if ('content' in answered) return answered.content;
    // Of a text (moderation is a 400 or a 403), or of key and model (a 400 too, at some servers)? Taken for the one, all posts would be given
    // up; for the other, one would hold up all.
    const probed = await request(probe);
    if ('refused' in probed)
      throw new InvalidInputError(
        'llm_refused',
        `the LLM endpoint refuses requests: HTTP ${probed.refused}; look at HEARSAY_LLM_URL, HEARSAY_LLM_KEY and HEARSAY_LLM_MODEL`,
      );
    throw new InvalidInputError('llm_no_answer', `the endpoint refuses this text, and answers without it: HTTP ${answered.refused}`);
  };
}

async function sendOrSettle(send: () => Promise<HttpResponse>, settle: (used: Usage) => Promise<void>): Promise<HttpResponse> {
  try {
    return await send();
  } catch (error) {
    // The client's own word that nothing was asked. After any other failure the answer may have been made, and billed: the most stays counted.
    if (error instanceof RateLimitedError || error instanceof InvalidInputError) await settle({ input: 0, output: 0 });
    throw error;
  }
}

function withSchema(messages: readonly Message[], schema: object): Message[] {
  return messages.map((message, at) =>
    at === 0 ? { ...message, content: `${message.content}\nThe object has this JSON schema: ${JSON.stringify(schema)}` } : message,
  );
}

/** No token of a byte-level vocabulary is shorter than a byte, so there are no more tokens than bytes. */
function mostOf(messages: readonly Message[]): Usage {
  const input = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content, 'utf8') + TOKENS_PER_MESSAGE, 0);
  return { input, output: MAX_ANSWER_TOKENS };
}

function isDialectRefused(response: HttpResponse): boolean {
  return (response.status === 400 || response.status === 422) && !OF_THIS_TEXT.has(codeOf(response));
}

function codeOf(response: HttpResponse): string {
  const parsed = refusalSchema.safeParse(parseJson(response.body));
  return parsed.success ? (parsed.data.error.code ?? '') : '';
}

/** Raises what the status or its code says; a refusal of anything is left to the caller. */
function throwExplained(response: HttpResponse): void {
  const { status } = response;
  if (status === 413 || OF_THIS_TEXT.has(codeOf(response)))
    throw new InvalidInputError('llm_no_answer', `the endpoint takes this text for none to answer: HTTP ${status}`);
  try {
    requireOk(response, 'the LLM endpoint');
  } catch (error) {
    if (error instanceof RateLimitedError || error instanceof TransientError) throw error;
  }
}

function readCompletion(response: HttpResponse): z.infer<typeof completionSchema> {
  const parsed = completionSchema.safeParse(parseJson(response.body));
  if (parsed.success) return parsed.data;
  throw new TransientError('llm_bad_response', 'the LLM endpoint answered something that is no chat completion');
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
