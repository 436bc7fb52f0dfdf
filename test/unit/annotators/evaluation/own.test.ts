/** The whole way over the made-up posts: the command, its table, its files. Nothing is drawn by chance, so two runs are equal. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../../src/cli/run.ts';
import type { Edge } from '../../../../src/cli/edge.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hearsay-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `evaluate` touches streams and the stop signal only. */
async function evaluate(...flags: string[]): Promise<{ code: number; out: string; talk: string }> {
  const written: string[] = [];
  const talked: string[] = [];
  const edge = {
    out: async (text: string) => void written.push(text),
    talk: (line: string) => void talked.push(line),
    progress: () => undefined,
    signal: new AbortController().signal,
  } as unknown as Edge;
  const code = await runCli(['evaluate', '--data', folder, ...flags], edge);
  return { code, out: written.join(''), talk: talked.join('\n') };
}

/** Models are loaded and a thousand draws made per label: slow on a busy machine. */
const TIMEOUT_MS = 300_000;

describe('hearsay evaluate', { timeout: TIMEOUT_MS }, () => {
  it('prints the table of what the repository holds, and says which sets are absent', async () => {
    const { code, out } = await evaluate();
    expect(code).toBe(0);
    expect(out).toMatch(/^document_type +\d+ /mu);
    expect(out).toMatch(/^effect claims: precision/mu);
    expect(out).toContain('gold: skipped, gold/dev.jsonl');
    const [, found, claims] = /^quotes found verbatim: (\d+) of (\d+)$/mu.exec(out) ?? [];
    expect(Number(claims)).toBeGreaterThan(20);
    expect(found).toBe(claims);
  });
  it('gives the same figures to machines, twice', async () => {
    const first = await evaluate('--set', 'own', '--json');
    const figures = JSON.parse(first.out) as { sets: { set: string; measures: { name: string; n: number; interval: [number, number]; figure: number }[] }[] };
    expect(figures.sets.map(({ set }) => set)).toEqual(['own']);
    for (const { n, figure, interval } of figures.sets[0]?.measures ?? []) {
      expect(n).toBeGreaterThan(30);
      expect(figure).toBeGreaterThanOrEqual(interval[0]);
      expect(figure).toBeLessThanOrEqual(interval[1]);
    }
    expect((await evaluate('--set', 'own', '--json')).out).toBe(first.out);
  });
  it('freezes predictions without texts, and finds what differs from them', async () => {
    const file = path.join(folder, 'frozen.ndjson');
    expect((await evaluate('--set', 'own', '--predictions', file)).code).toBe(0);
    const frozen = readFileSync(file, 'utf8');
    expect(frozen).not.toContain('morning fog');
    expect((await evaluate('--set', 'own', '--against', file)).out).toBe('');
    const line = JSON.parse(frozen.split('\n')[0] as string) as { set: string; id: string; labels: Record<string, [string, string]> };
    const other = path.join(folder, 'other.ndjson');
    writeFileSync(other, `${JSON.stringify({ ...line, labels: { sentiment: [line.labels['sentiment']?.[0], 'invented'] } })}\n`);
    expect((await evaluate('--set', 'own', '--against', other)).out).toContain(`own ${line.id} sentiment: invented -> `);
  });
  it('an unknown set is a mistake on the command line', async () => {
    const { code, talk } = await evaluate('--set', 'nothing');
    expect(code).toBe(2);
    expect(talk).toContain('(unknown_set)');
  });
});
