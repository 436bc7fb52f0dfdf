/**
 * Bytes to text. Order: byte order mark > charset of the content type > meta or XML declaration in the first 1024 bytes >
 * UTF-8 if the bytes are valid UTF-8 > windows-1252 (https://html.spec.whatwg.org/#determining-the-character-encoding).
 * iconv-lite decodes, because Node 20's TextDecoder reads windows-1252 as latin1 and lacks some of the standard's encodings.
 * Proved by test/unit/fetch/decode.test.ts.
 */
import { isUtf8 } from 'node:buffer';
import { getEncoding } from 'encoding-sniffer';
import iconv from 'iconv-lite';

/** `encoding` is the name from the WHATWG Encoding Standard. Malformed bytes become U+FFFD, as in a browser. */
export function decodeBody(body: Buffer, contentType: string | undefined): { readonly text: string; readonly encoding: string } {
  const charset = charsetOf(contentType);
  // RFC 8259 section 8.1: JSON between systems is UTF-8, whatever a charset parameter says (RFC 8259 section 11: there is none).
  const options = isJson(contentType)
    ? { defaultEncoding: 'utf-8' }
    : { ...(charset === undefined ? {} : { transportLayerEncodingLabel: charset }), defaultEncoding: guess(body) };
  const encoding = getEncoding(body, options).toLowerCase();
  if (!iconv.encodingExists(encoding)) return { text: body.toString('utf8'), encoding: 'utf-8' };
  return { text: iconv.decode(body, encoding), encoding };
}

function guess(body: Buffer): string {
  return isUtf8(body) ? 'utf-8' : 'windows-1252';
}

function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(contentType ?? '')?.[1];
}

/** `text/html; charset=x` -> `text/html`. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function isJson(contentType: string | undefined): boolean {
  return /[/+]json$/.test(mediaTypeOf(contentType));
}
