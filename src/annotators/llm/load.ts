/**
 * The LLM annotator: any OpenAI-compatible endpoint, asked once per post and at most twice more where the answer cannot be used. What is taken
 * of an answer is decided by code (check.ts), and kept by the digest of all that was asked, so that a replay gives the same bytes without
 * a server. docs/annotators.md says what it sends and what it costs.
 * Proved by test/unit/annotators/llm-annotate.test.ts and test/conformance/annotators.test.ts, against a server on loopback.
 */
import { createHash } from 'node:crypto';
import { describeError, InvalidInputError } from '../../errors.ts';
import type { HttpClient } from '../../fetch/http.ts';
import type { Annotation } from '../../model/annotation.ts';
import type { AnnotateInput } from '../../model/post.ts';
import { withoutOrders } from '../../normalize/machine-orders.ts';
import type { Annotator, CompoundScope } from '../annotator.ts';
import { bundledLexicon } from '../mentions-of.ts';
import { annotationOf, offTopic } from './annotation-of.ts';
import { answerJsonSchema, answerSchema, readAnswer } from './answer.ts';
import { createAsk } from './ask.ts';
import { type Asked, checkAnswer, checkedSchema, type CheckedAnswer } from './check.ts';
import { namesIn } from './names.ts';
import type { Allowance, AnswerCache } from './ports.ts';
import { INSTRUCTIONS, type Message, writeMessages, writeRepeat } from './prompt.ts';
import type { LlmSettings } from './settings.ts';
import { createTurns } from './turns.ts';

/** Raised by hand whenever code changes what is sent, or what is made of an answer: kept answers of another version are not used. */
const LLM_VERSION = '1';
/** After an answer that cannot be used. */
const MAX_REPEATS = 2;
/** In the place of an order to the machine; normalized texts have none, so that no quote runs over it. */
const NOT_QUOTABLE = '\u0000';
/** Nothing to refuse. */
const NOTHING: AnnotateInput = { id: '', platform: 'web', text: '' };

export interface LlmSetup {
  readonly settings: LlmSettings;
  readonly http: HttpClient;
  readonly cache: AnswerCache;
  readonly allowance: Allowance;
}

export function loadLlm({ settings, http, cache, allowance }: LlmSetup): Annotator {
  const effects = [...bundledLexicon().effects.keys(), 'overall', 'other'];
  const schema = answerSchema(effects);
  const jsonSchema = answerJsonSchema(effects);
  const digest = digestOf([LLM_VERSION, settings.model, INSTRUCTIONS, JSON.stringify(jsonSchema)]);
  const id = `llm-${digest.slice(0, 8)}`;
  const ask = createAsk({ settings, http, allowance, schema: jsonSchema, probe: writeMessages(NOTHING, []) });
  const inTurn = createTurns(settings.concurrency);

  async function askUntilUsable(messages: readonly Message[], asked: Asked): Promise<CheckedAnswer> {
    let next = messages;
    for (let repeats = 0; ; repeats += 1) {
      const content = await ask(next);
      const read = readAnswer(content, schema);
      if ('answer' in read) return checkAnswer(read.answer, asked);
      if (repeats === MAX_REPEATS) throw new InvalidInputError('llm_no_answer', `no usable answer in ${MAX_REPEATS + 1} attempts; the last: ${read.problem}`);
      next = writeRepeat(messages, content, read.problem);
    }
  }

  async function annotateOne(input: AnnotateInput, scope: CompoundScope): Promise<Annotation> {
    const blanked = withoutOrders(input);
    const names = namesIn(blanked, scope);
    if (names.length === 0) return offTopic(input, id);
    const messages = writeMessages(blanked, names);
    const key = digestOf([digest, ...messages.map(({ content }) => content)]);
    const kept = readKept(await cache.get(key));
    if (kept) return annotationOf(kept, input, id);
    const checked = await askUntilUsable(messages, { input: blanked, scope, names, quotable: quotableOf(input.text, blanked.text) });
    const stored = readKept(await cache.put(key, JSON.stringify(checked), input));
    return annotationOf(stored ?? checked, input, id);
  }

  return {
    id,
    kind: 'llm',
    digest,
    /** Raises what a request raises; what was answered till then is kept, so that a repeat goes on from there. */
    async annotate(inputs, scope) {
      const failures: unknown[] = [];
      const annotations = await Promise.all(
        inputs.map((input) =>
          inTurn(async () => {
            if (failures.some(stopsAll)) return undefined;
            return annotateOne(input, scope).catch((error: unknown) => void failures.push(error));
          }),
        ),
      );
      if (failures.length > 0) throw failures.find(stopsAll) ?? failures[0];
      return annotations as readonly Annotation[];
    },
  };
}

/** One text without a usable answer says nothing of the next. */
function stopsAll(error: unknown): boolean {
  return describeError(error).code !== 'llm_no_answer';
}

function quotableOf(text: string, blanked: string): string {
  if (text === blanked) return text;
  let quotable = '';
  for (let at = 0; at < text.length; at += 1) quotable += text[at] === blanked[at] ? text[at] : NOT_QUOTABLE;
  return quotable;
}

/** Whatever is kept elsewhere is read as strictly as an answer. */
function readKept(stored: string | undefined): CheckedAnswer | undefined {
  if (stored === undefined) return undefined;
  try {
    return checkedSchema.parse(JSON.parse(stored));
  } catch {
    return undefined;
  }
}

/** Sha-256 over length-prefixed parts: no two lists of parts have the same bytes. */
function digestOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8');
    hash.update(`hearsay/llm/v1\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}
