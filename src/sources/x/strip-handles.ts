/**
 * Takes people's names out of texts before anything is stored: `@handle` becomes `@user`, and so does the handle in
 * an address of X. The text stays readable and offsets refer to the stripped text. Proved by test/unit/sources/x-strip-handles.test.ts.
 */

/**
 * X's handles are letters, digits and underscores; `＠` is the full-width sign. They are taken wherever the sign
 * stands, after a letter too (scripts without spaces), and an e-mail address goes with them: it names a person as well.
 */
const MENTION = /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|[@＠]+[A-Za-z0-9_]+/g;
/** First path part of an X address, except X's own pages. */
const PROFILE_ADDRESS =
  /\b((?:www\.|mobile\.|m\.)?(?:twitter|x)\.com\/)(?!(?:i|search|hashtag|home|intent|share|explore|user)(?![A-Za-z0-9_]))@?[A-Za-z0-9_]+(\/status(?:es)?\/\d+)?/gi;

export function stripHandles(text: string): string {
  return text
    .replace(PROFILE_ADDRESS, (_whole, site: string, status: string | undefined) => (status === undefined ? `${site}user` : `${site}i${status}`))
    .replace(MENTION, '@user');
}

/** The same for the address of a search: a handle may follow an operator there (`-from:name`). */
export function stripAddress(address: string): string {
  if (!URL.canParse(address)) return '';
  const url = new URL(address);
  for (const [name, value] of [...url.searchParams]) {
    if (name === 'query') url.searchParams.set(name, stripHandles(value).replace(/\b((?:from|to|retweets_of|in_reply_to_user):)[A-Za-z0-9_]+/gi, '$1user'));
  }
  return url.href;
}
