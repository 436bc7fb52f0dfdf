/** Splits an export into lines, strictly: every line ends with one newline, and bytes that are not UTF-8 show up as such. */
const MAX_LINE = 64 * 1024 * 1024;

/** Yields lines without their newline; a last line without one is yielded with a mark that no valid line can hold. */
export async function* readExportLines(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  // Not fatal: a replacement character changes the line, and the line's own check then says where.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const chunk of stream) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() as string;
    yield* lines;
    if (rest.length > MAX_LINE) break;
  }
  rest += decoder.decode();
  if (rest !== '') yield `${rest}\u0000`;
}
