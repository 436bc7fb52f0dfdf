/** Base64 (RFC 4648 section 4) with padding, strict: one text per byte string. */

/** `undefined` for anything that is not the canonical encoding of some bytes. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  // RFC 4648 section 3.5: stray bits in the last digit would give one byte string two texts.
  return encodeBase64(bytes) === text ? bytes : undefined;
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
