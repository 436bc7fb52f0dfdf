/** `hearsay extract --html FILE --url URL`: what the web source would read from a page; no database, no network. */
import { readFile } from 'node:fs/promises';
import { InvalidInputError } from '../../errors.ts';
import { decodeBody } from '../../fetch/decode.ts';
import { extractPage } from '../../sources/web/extract.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';

export async function extractFile(edge: Edge, flags: { readonly html: string; readonly url: string }): Promise<ExitCode> {
  if (!URL.canParse(flags.url)) throw new InvalidInputError('bad_url', '--url must be a whole address, such as https://example.org/page');
  const body = await readFile(flags.html).catch(() => {
    throw new InvalidInputError('file_not_found', `no such file: ${flags.html}`);
  });
  const { text } = decodeBody(body, undefined);
  await edge.out(`${JSON.stringify(extractPage(text, flags.url), null, 2)}\n`);
  return EXIT.ok;
}
