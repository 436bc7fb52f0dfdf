/** `hearsay annotate --in FILE --out FILE`: no database; one line out per line in, in order (design section 8). */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { once } from 'node:events';
import { annotateLine, loadAnnotator } from '../../annotators/list.ts';
import { openImport } from '../../sources/formats/open-import.ts';
import { readRecords } from '../../sources/formats/read-lines.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';

export async function annotateFile(edge: Edge, flags: { readonly in: string; readonly out: string }): Promise<ExitCode> {
  const annotator = await loadAnnotator();
  const file = flags.out === '-' ? undefined : createWriteStream(flags.out);
  const write = async (line: string): Promise<void> => {
    if (!file) return edge.out(line);
    if (!file.write(line)) await once(file, 'drain');
  };
  let lines = 0;
  let bad = 0;
  for await (const record of readRecords(await openImport(flags.in, { stdin: edge.stdin }), 'ndjson')) {
    if (edge.signal.aborted) break;
    const result =
      'refusal' in record
        ? { id: null, error: { code: record.refusal.code, message: `line ${record.line}: ${record.refusal.detail}` } }
        : await annotateLine(record.value, annotator);
    if ('error' in result) bad++;
    lines++;
    await write(`${JSON.stringify(result)}\n`);
  }
  if (file) {
    file.end();
    await finished(file);
  }
  if (bad > 0) edge.talk(`${bad} of ${lines} lines could not be annotated`);
  if (edge.signal.aborted) return EXIT.interrupted;
  return bad > 0 ? EXIT.partial : EXIT.ok;
}
