/** Byte order marks of import files: UTF-8's is dropped, UTF-16 is re-encoded as UTF-8. Proved by test/unit/sources/formats-read-lines.test.ts. */

type Decoder = InstanceType<typeof TextDecoder>;

const MARKS = [
  { encoding: 'utf-8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'utf-16le', mark: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', mark: Buffer.from([0xfe, 0xff]) },
] as const;
const LONGEST_MARK = 3;

/** Without a mark the bytes come through as they are. Malformed UTF-16 becomes U+FFFD. */
export async function* toUtf8(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let decoder: Decoder | undefined;
  for await (const chunk of stream) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (head !== undefined) {
      head = Buffer.concat([head, bytes]);
      if (head.length < LONGEST_MARK) continue;
      ({ bytes, decoder } = dropMark(head));
      head = undefined;
    }
    yield decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }));
  }
  if (head !== undefined) {
    const rest = dropMark(head);
    yield rest.decoder === undefined ? rest.bytes : Buffer.from(rest.decoder.decode(rest.bytes));
  } else if (decoder !== undefined) yield Buffer.from(decoder.decode());
}

function dropMark(head: Buffer): { bytes: Buffer; decoder: Decoder | undefined } {
  const found = MARKS.find(({ mark }) => head.subarray(0, mark.length).equals(mark));
  if (found === undefined) return { bytes: head, decoder: undefined };
  return { bytes: head.subarray(found.mark.length), decoder: found.encoding === 'utf-8' ? undefined : new TextDecoder(found.encoding) };
}
