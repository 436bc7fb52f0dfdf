/**
 * Benchmarks: `npm run bench -- NAME [--json] [--save] [options]`. Every figure that is compared is a ratio of two measurements of one run.
 * `--save` also puts the table into RESULTS.md, with machine and date.
 */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';

const NAMES = ['append', 'verify', 'fold', 'annotate', 'annotate-bulk', 'import', 'crawl', 'extraction'] as const;
const RESULTS = path.join(import.meta.dirname, 'RESULTS.md');

const [name, ...rest] = process.argv.slice(2);
if (!NAMES.some((known) => known === name)) {
  process.stderr.write(`usage: npm run bench -- ${NAMES.join('|')} [--json] [--save]\n`);
  process.exit(2);
}
const save = rest.includes('--save');
const output = await run(
  name as string,
  rest.filter((argument) => argument !== '--save'),
);
if (save) await keep(name as string, output);

/** Each benchmark is a program of its own: what one leaves in memory does not weigh on the next. */
function run(which: string, args: readonly string[]): Promise<string> {
  const script = path.join(import.meta.dirname, `${which}.ts`);
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      if (code !== 0) process.exit(code ?? 1);
      resolve(text);
    });
  });
}

/** Replaces the section of this benchmark, or adds it. */
async function keep(which: string, table: string): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
  const section = `## ${which}\n\n${day}, ${machine}\n\n\`\`\`\n${table.trimEnd()}\n\`\`\`\n`;
  const text = await readFile(RESULTS, 'utf8');
  const parts = text.split(/^(?=## )/m);
  const at = parts.findIndex((part) => part.startsWith(`## ${which}\n`));
  if (at < 0) parts.push(section);
  else parts[at] = at === parts.length - 1 ? section : `${section}\n`;
  await writeFile(RESULTS, parts.join(at < 0 && !text.endsWith('\n\n') ? '\n' : ''));
}
