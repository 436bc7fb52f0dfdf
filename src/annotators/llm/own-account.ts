/** Cache and account of one process, for `hearsay annotate`, which knows no database. The cache may be a file: a rerun asks for nothing again. */
import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { costOf, type LlmLimits, requireRoom, type TokenPrice } from './limits.ts';
import type { Allowance, AnswerCache } from './ports.ts';

const lineSchema = z.object({ key: z.string().regex(/^[0-9a-f]{64}$/), answer: z.string() });

/** One JSON object per line; a line that cannot be read, such as the last of a run that was killed, is passed over. */
export async function openAnswerFile(file: string | undefined): Promise<AnswerCache> {
  const answers = new Map<string, string>();
  for (const line of file === undefined ? [] : (await readIfThere(file)).split('\n')) {
    const read = lineSchema.safeParse(parseJson(line));
    if (read.success && !answers.has(read.data.key)) answers.set(read.data.key, read.data.answer);
  }
  return {
    get: async (key) => answers.get(key),
    async put(key, answer) {
      const known = answers.get(key);
      if (known !== undefined) return known;
      answers.set(key, answer);
      // The line break before: it ends what a killed run has left.
      if (file !== undefined) await appendFile(file, `\n${JSON.stringify({ key, answer })}`, { mode: 0o600 });
      return answer;
    },
  };
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Day and month are those of the run: there is nowhere to remember earlier ones. */
export function ownAllowance(limits: LlmLimits, options: { readonly price: TokenPrice | undefined; readonly now: () => Date }): Allowance {
  const spent = { tokensToday: 0, microUsdThisMonth: 0 };
  return {
    async reserve(most) {
      requireRoom(spent, most, { limits, price: options.price, now: options.now() });
      const cost = costOf(most, options.price);
      spent.tokensToday += most.input + most.output;
      spent.microUsdThisMonth += cost;
      return async (used) => {
        spent.tokensToday += used.input + used.output - most.input - most.output;
        spent.microUsdThisMonth += costOf(used, options.price) - cost;
      };
    },
  };
}
