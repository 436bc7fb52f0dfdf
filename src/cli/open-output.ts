/** Where `--out` leads: a file, or stdout for `-`. A file that cannot be written ends the command with a message and its code. */
import { open } from 'node:fs/promises';
import type { Edge } from './edge.ts';

export interface Output {
  write(text: string): Promise<void>;
  /** What was written is whole only after this. */
  close(): Promise<void>;
}

/** Characters gathered before they are written: lines are short, calls are not cheap. */
const GATHERED = 64 * 1024;

/** `mode` of a new file, default 0644. Raises Node's errors (`ENOENT`, `EISDIR`, `ENOSPC`, ...). */
export async function openOutput(edge: Pick<Edge, 'out'>, file: string, mode = 0o644): Promise<Output> {
  if (file === '-') return { write: (text) => edge.out(text), close: async () => undefined };
  const handle = await open(file, 'w', mode);
  let gathered = '';
  const flush = async (): Promise<void> => {
    const text = gathered;
    gathered = '';
    await handle.appendFile(text);
  };
  return {
    async write(text) {
      gathered += text;
      if (gathered.length >= GATHERED) await flush();
    },
    async close() {
      try {
        await flush();
      } finally {
        await handle.close();
      }
    },
  };
}
