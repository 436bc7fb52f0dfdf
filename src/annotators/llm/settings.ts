/**
 * The variables of the LLM annotator, and what they come to. Part of src/config.ts, which reads the environment; proved by
 * test/unit/annotators/llm-settings.test.ts. Messages never print a value: the key is a secret.
 */
import { z } from 'zod';
import type { LlmLimits, TokenPrice } from './limits.ts';

export interface LlmSettings {
  /** Base address, without a slash at the end: `https://llm.example/v1`. */
  readonly url: string;
  /** Sent as a bearer token; absent: none is sent. */
  readonly key?: string;
  readonly model: string;
  readonly limits: LlmLimits;
  readonly price?: TokenPrice;
  /** Answers asked for at the same time by one process. */
  readonly concurrency: number;
  /** For one answer, in milliseconds. */
  readonly timeoutMs: number;
}

const DECIMAL = z.string().regex(/^\d{1,6}(?:\.\d{1,6})?$/, 'must be a number such as 12.50');

function whole(most: number): z.ZodString {
  return z.string().refine((value) => /^\d{1,12}$/.test(value) && Number(value) >= 1 && Number(value) <= most, `must be a whole number from 1 to ${most}`);
}

/** For the schema of the environment. */
export const LLM_VARIABLES = {
  HEARSAY_ANNOTATOR: z.enum(['embedded', 'llm'], 'must be embedded or llm').default('embedded'),
  HEARSAY_LLM_URL: z.string().refine(isBaseAddress, 'must be an http:// or https:// address without user, query or fragment').optional(),
  HEARSAY_LLM_KEY: z.string().optional(),
  HEARSAY_LLM_MODEL: z.string().max(200).optional(),
  HEARSAY_LLM_TOKENS_PER_DAY: whole(999_999_999_999).optional(),
  HEARSAY_LLM_USD_PER_MONTH: DECIMAL.optional(),
  HEARSAY_LLM_USD_PER_MILLION_INPUT: DECIMAL.optional(),
  HEARSAY_LLM_USD_PER_MILLION_OUTPUT: DECIMAL.optional(),
  HEARSAY_LLM_CONCURRENCY: whole(64).default('4'),
  HEARSAY_LLM_TIMEOUT_SECONDS: whole(3_600).default('120'),
};
type LlmValues = z.infer<z.ZodObject<typeof LLM_VARIABLES>>;

function isBaseAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

/** Settings, undefined where none are given, or what is wrong with them. `allowHosts`: `host:port` pairs the operator trusts. */
export function readLlmSettings(values: LlmValues, allowHosts: readonly string[]): LlmSettings | undefined | readonly string[] {
  const { HEARSAY_LLM_URL: address, HEARSAY_LLM_MODEL: model } = values;
  const problems: string[] = [];
  if (address === undefined && model === undefined && values.HEARSAY_ANNOTATOR === 'embedded') return undefined;
  if (address === undefined) problems.push('HEARSAY_LLM_URL is missing');
  if (model === undefined) problems.push('HEARSAY_LLM_MODEL is missing');
  if (address !== undefined && !isPrivateEnough(new URL(address), allowHosts))
    problems.push('HEARSAY_LLM_URL must be https://, or its host:port be in HEARSAY_ALLOW_HOSTS: posts and the key are sent there');
  const [input, output] = [values.HEARSAY_LLM_USD_PER_MILLION_INPUT, values.HEARSAY_LLM_USD_PER_MILLION_OUTPUT];
  if ((input === undefined) !== (output === undefined)) problems.push('HEARSAY_LLM_USD_PER_MILLION_INPUT and HEARSAY_LLM_USD_PER_MILLION_OUTPUT go together');
  if (values.HEARSAY_LLM_USD_PER_MONTH !== undefined && input === undefined)
    problems.push('HEARSAY_LLM_USD_PER_MONTH needs HEARSAY_LLM_USD_PER_MILLION_INPUT and HEARSAY_LLM_USD_PER_MILLION_OUTPUT');
  if (address === undefined || model === undefined || problems.length > 0) return problems;
  return {
    url: address.replace(/\/+$/, ''),
    ...(values.HEARSAY_LLM_KEY !== undefined && { key: values.HEARSAY_LLM_KEY }),
    model,
    limits: {
      ...(values.HEARSAY_LLM_TOKENS_PER_DAY !== undefined && { tokensPerDay: Number(values.HEARSAY_LLM_TOKENS_PER_DAY) }),
      ...(values.HEARSAY_LLM_USD_PER_MONTH !== undefined && { usdPerMonth: Number(values.HEARSAY_LLM_USD_PER_MONTH) }),
    },
    ...(input !== undefined && output !== undefined && { price: { input: Number(input), output: Number(output) } }),
    concurrency: Number(values.HEARSAY_LLM_CONCURRENCY),
    timeoutMs: Number(values.HEARSAY_LLM_TIMEOUT_SECONDS) * 1_000,
  };
}

function isPrivateEnough(url: URL, allowHosts: readonly string[]): boolean {
  return url.protocol === 'https:' || allowHosts.includes(`${url.hostname}:${url.port || '80'}`);
}
