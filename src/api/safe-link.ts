/**
 * Addresses come from posts and pages, so they are hostile until shown otherwise: only http and https are linked, and
 * nothing with a user name in it, which makes one host look like another (WHATWG URL, section 4.4 `username`).
 */
export function safeLink(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? url.href : undefined;
}
