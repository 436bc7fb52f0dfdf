/** A program of its own, whose memory and time are nobody else's: what it prints. Raises when it ends with anything but 0. */
import { spawn } from 'node:child_process';

export function runChild(name: string, args: readonly string[], options: { readonly cwd?: string } = {}): Promise<string> {
  const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`${name} ended with ${code}`))));
  });
}
