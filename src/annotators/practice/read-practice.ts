/** The made-up practice texts beside this file (README.md): lines as the labelled texts have, learned from and never measured on. */
import { readdirSync, readFileSync } from 'node:fs';

export interface PracticeFile {
  /** As the manifest of the weights names it. */
  readonly file: string;
  readonly text: string;
}

const FOLDER = new URL('./', import.meta.url);

export function readPracticeFiles(): PracticeFile[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.ndjson'));
  return names.sort().map((name) => ({ file: `practice/${name}`, text: readFileSync(new URL(name, FOLDER), 'utf8').replaceAll('\r\n', '\n') }));
}
