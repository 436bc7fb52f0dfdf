/** Lower-case hex of 32 bytes, read without an intermediate string: verification does it three times per entry. */

/** The text must be hex digits in lower case, an even number of them. */
export function readHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = digit(text.charCodeAt(2 * at)) * 16 + digit(text.charCodeAt(2 * at + 1));
  return bytes;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** ASCII: digits from 48, letters from 97. */
function digit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}
