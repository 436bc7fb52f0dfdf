/** `hearsay annotate --in FILE --out FILE`: no database; one line out per line in, in order (design section 8). */
import { annotateLine, loadAnnotator } from '../../annotators/list.ts';
import { openImport } from '../../sources/formats/open-import.ts';
import { readRecords } from '../../sources/formats/read-lines.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { openOutput } from '../open-output.ts';

export async function annotateFile(edge: Edge, flags: { readonly in: string; readonly out: string }): Promise<ExitCode> {
  const annotator = await loadAnnotator();
  const input = await openImport(flags.in, { stdin: edge.stdin });
  const output = await openOutput(edge, flags.out);
  let lines = 0;
  let bad = 0;
  try {
    for await (const record of readRecords(input, 'ndjson')) {
      if (edge.signal.aborted) break;
      const result =
        'refusal' in record
          ? { id: null, error: { code: record.refusal.code, message: `line ${record.line}: ${record.refusal.detail}` } }
          : await annotateLine(record.value, annotator);
      if ('error' in result) bad++;
      lines++;
      await output.write(`${JSON.stringify(result)}\n`);
    }
  } finally {
    await output.close();
  }
  if (bad > 0) edge.talk(`${bad} of ${lines} lines could not be annotated`);
  if (edge.signal.aborted) return EXIT.interrupted;
  return bad > 0 ? EXIT.partial : EXIT.ok;
}
