/** Loads the annotator a command runs with, and gives the LLM one its way out: a client of its own, which alone may reach what HEARSAY_ALLOW_HOSTS lists. */
import { type AnnotatorKind, loadAnnotator } from '../annotators/list.ts';
import type { Annotator } from '../annotators/annotator.ts';
import type { Allowance, AnswerCache } from '../annotators/llm/ports.ts';
import type { LlmSettings } from '../annotators/llm/settings.ts';
import type { Config } from '../config.ts';
import { createHttpClient } from '../fetch/client.ts';
import type { Pacer } from '../fetch/pace.ts';
import { USER_AGENT } from './edge.ts';

export interface AnnotatorKeeping {
  readonly openCache: () => Promise<AnswerCache>;
  readonly openAllowance: (settings: LlmSettings) => Allowance;
  readonly pacer?: Pacer;
}

export interface OpenedAnnotator {
  readonly annotator: Annotator;
  close(): Promise<void>;
}

/** Raises `bad_config` where the annotator lacks its variables. */
export async function openAnnotator(config: Config, kind: AnnotatorKind, keeping: AnnotatorKeeping): Promise<OpenedAnnotator> {
  const settings = config.llm;
  if (kind !== 'llm' || settings === undefined) {
    const annotator = await loadAnnotator(kind, config.modelDir === undefined ? {} : { models: config.modelDir });
    return { annotator, close: async () => undefined };
  }
  const http = createHttpClient({
    userAgent: USER_AGENT,
    allow: config.allowHosts,
    routes: config.routes,
    ...(keeping.pacer === undefined ? {} : { pacer: keeping.pacer }),
  });
  const llm = { settings, http, cache: await keeping.openCache(), allowance: keeping.openAllowance(settings) };
  return { annotator: await loadAnnotator('llm', { llm }), close: () => http.close() };
}
