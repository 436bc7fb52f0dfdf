/** The LLM annotator's surroundings with a stand-in for the endpoint: the real client, answers and account kept in memory. */
import { openAnswerFile, ownAllowance } from '../../src/annotators/llm/own-account.ts';
import type { LlmSetup } from '../../src/annotators/llm/load.ts';
import type { LlmSettings } from '../../src/annotators/llm/settings.ts';
import { clientFor } from './client-for.ts';
import { LLM_HOST, type LlmStandIn, type Manner, startLlm } from './llm.ts';

export interface OpenedLlmSetup {
  readonly setup: LlmSetup;
  readonly server: LlmStandIn;
  close(): Promise<void>;
}

export const SETTINGS: LlmSettings = {
  url: `https://${LLM_HOST}/v1`,
  key: 'test-key',
  model: 'made-up-1',
  limits: {},
  concurrency: 4,
  timeoutMs: 10_000,
};

export async function openLlmSetup(
  manner: Manner,
  changes: Partial<LlmSettings> & { readonly answers?: string; readonly now?: () => Date } = {},
): Promise<OpenedLlmSetup> {
  const { answers, now = () => new Date(), ...settings } = { ...SETTINGS, ...changes };
  const server = await startLlm(manner);
  const http = clientFor(server);
  return {
    setup: { settings, http, cache: await openAnswerFile(answers), allowance: ownAllowance(settings.limits, { price: settings.price, now }) },
    server,
    async close() {
      await http.close();
      await server.close();
    },
  };
}
