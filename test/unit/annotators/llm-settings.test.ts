import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';

const BASE = { HEARSAY_LLM_URL: 'https://llm.example/v1/', HEARSAY_LLM_MODEL: 'made-up-1' };

describe('settings of the LLM annotator', () => {
  it('has defaults for all but address and model', () => {
    expect(readConfig(BASE, '/srv').llm).toEqual({ url: 'https://llm.example/v1', model: 'made-up-1', limits: {}, concurrency: 4, timeoutMs: 120_000 });
    expect(readConfig({}, '/srv').llm).toBeUndefined();
  });
  it('reads every variable', () => {
    const config = readConfig(
      {
        ...BASE,
        HEARSAY_ANNOTATOR: 'llm',
        HEARSAY_LLM_KEY: 'key',
        HEARSAY_LLM_TOKENS_PER_DAY: '2000000',
        HEARSAY_LLM_USD_PER_MONTH: '12.50',
        HEARSAY_LLM_USD_PER_MILLION_INPUT: '0.075',
        HEARSAY_LLM_USD_PER_MILLION_OUTPUT: '0.3',
        HEARSAY_LLM_CONCURRENCY: '8',
        HEARSAY_LLM_TIMEOUT_SECONDS: '30',
      },
      '/srv',
    );
    expect(config.annotator).toBe('llm');
    expect(config.llm).toEqual({
      url: 'https://llm.example/v1',
      key: 'key',
      model: 'made-up-1',
      limits: { tokensPerDay: 2_000_000, usdPerMonth: 12.5 },
      price: { input: 0.075, output: 0.3 },
      concurrency: 8,
      timeoutMs: 30_000,
    });
    expect(config.unknownVariables).toEqual([]);
  });
  it('takes http:// for an endpoint that the operator lists', () => {
    const env = { ...BASE, HEARSAY_LLM_URL: 'http://10.0.0.7:8000/v1' };
    expect(readConfig({ ...env, HEARSAY_ALLOW_HOSTS: '10.0.0.7:8000' }, '/srv').llm?.url).toBe('http://10.0.0.7:8000/v1');
    expect(() => readConfig(env, '/srv')).toThrow(/HEARSAY_LLM_URL must be https/);
  });
  it.each([
    [{ HEARSAY_ANNOTATOR: 'llm' }, /HEARSAY_LLM_URL is missing; HEARSAY_LLM_MODEL is missing/],
    [{ ...BASE, HEARSAY_LLM_URL: 'https://someone:secret-word@llm.example/' }, /HEARSAY_LLM_URL must be/],
    [{ ...BASE, HEARSAY_LLM_URL: 'ftp://llm.example/' }, /HEARSAY_LLM_URL must be/],
    [{ ...BASE, HEARSAY_LLM_USD_PER_MONTH: '5' }, /needs HEARSAY_LLM_USD_PER_MILLION_INPUT/],
    [{ ...BASE, HEARSAY_LLM_USD_PER_MILLION_INPUT: '5' }, /go together/],
    [{ ...BASE, HEARSAY_LLM_TOKENS_PER_DAY: '0' }, /HEARSAY_LLM_TOKENS_PER_DAY must be/],
    [{ ...BASE, HEARSAY_LLM_CONCURRENCY: '65' }, /HEARSAY_LLM_CONCURRENCY must be/],
    [{ HEARSAY_ANNOTATOR: 'person' }, /HEARSAY_ANNOTATOR must be/],
  ])('refuses %o', (env, message) => {
    expect(() => readConfig(env, '/srv')).toThrow(message);
  });
  it('prints no value', () => {
    expect(() => readConfig({ ...BASE, HEARSAY_LLM_URL: 'https://someone:secret-word@llm.example/' }, '/srv')).not.toThrow(/secret-word/);
  });
});
