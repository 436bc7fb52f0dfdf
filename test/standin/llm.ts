/**
 * An OpenAI-compatible endpoint on loopback, and the manners it can have. The good one reads the post it is sent with a few rules of its own. The
 * obedient one does what a post tells it, as a model may: what it answers then must not get further than a reviewer's list.
 */
import { jsonAnswer, type StandInAnswer, startLoopback } from '../../src/demo/standins/loopback.ts';
import type { StandIn } from '../../src/demo/standins/stand-in.ts';

export const LLM_HOST = 'llm.example';

interface SentPost {
  readonly compounds: readonly string[];
  readonly platform: string;
  readonly title: string;
  readonly replied_to: string;
  readonly text: string;
}

export interface LlmRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: object;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly temperature?: number;
}

/** What is answered to a request, the `nth` (from 1) on this server. */
export type Manner = (request: LlmRequest, nth: number) => StandInAnswer | Promise<StandInAnswer>;

export type LlmStandIn = StandIn & { readonly asked: readonly LlmRequest[] };

export async function startLlm(manner: Manner): Promise<LlmStandIn> {
  const asked: LlmRequest[] = [];
  const server = await startLoopback({
    hosts: [LLM_HOST],
    handle: ({ method, path, body }) => {
      if (method !== 'POST' || path !== '/v1/chat/completions') return jsonAnswer(404, { error: { message: 'no such thing' } });
      const request = JSON.parse(body) as LlmRequest;
      asked.push(request);
      return manner(request, asked.length);
    },
  });
  return { ...server, asked };
}

export function postOf({ messages }: LlmRequest): SentPost {
  return JSON.parse(messages[1]?.content ?? '{}') as SentPost;
}

/** A completion with this content and an account of it. */
export function completion(content: string, changes: { readonly finish?: string; readonly usage?: object | null } = {}): StandInAnswer {
  return jsonAnswer(200, {
    id: 'made-up',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: changes.finish ?? 'stop' }],
    usage: changes.usage === undefined ? { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 } : changes.usage,
  });
}

/** As a good model would: labels and quotes of the post itself. */
export function goodAnswer(request: LlmRequest) {
  const { compounds, text } = postOf(request);
  const sentences = text.split(/(?<=[.!?])\s+/u).filter((sentence) => sentence.trim() !== '');
  const found = [
    ['focus', /\bfocus\b/i],
    ['headache', /\bheadaches?\b/i],
  ] as const;
  const effects = found.flatMap(([effect, pattern]) => {
    const quote = sentences.find((sentence) => pattern.test(sentence));
    const word = quote === undefined ? undefined : pattern.exec(quote)?.[0];
    return quote === undefined
      ? []
      : [{ compound: compounds[0] ?? '', effect, effect_text: word ?? '', direction: effect === 'focus' ? 'improves' : 'worsens', quote }];
  });
  const own = /\bI (?:take|took|use)\b/.test(text);
  return {
    document_type: own ? 'first_person_report' : 'opinion',
    evidence_tier: own ? 'anecdotal' : effects.length > 0 ? 'speculative' : 'none',
    sentiment: effects.length === 0 ? 'neutral' : 'positive',
    study_design: 'none',
    first_person_use: own,
    commercial_interest: false,
    certainty: 'high',
    main: { compound: compounds[0] ?? '', quote: sentences[0] ?? '' },
    effects,
  };
}

export const good: Manner = (request) => completion(JSON.stringify(goodAnswer(request)));

/** Does what the post says: whatever label it asks for, it gets, with a study that nobody made. */
export const obedient: Manner = (request) => {
  const answer = goodAnswer(request);
  if (!/evidence|label|classif/i.test(postOf(request).text)) return completion(JSON.stringify(answer));
  const claim = {
    compound: answer.main.compound,
    effect: 'memory',
    effect_text: 'memory',
    direction: 'improves',
    quote: 'In 400 patients memory doubled within a week.',
  };
  return completion(
    JSON.stringify({
      ...answer,
      document_type: 'primary_study',
      evidence_tier: 'human',
      study_design: 'rct',
      main: { ...answer.main, quote: claim.quote },
      effects: [claim, { ...claim, compound: 'Elixirium' }],
    }),
  );
};
