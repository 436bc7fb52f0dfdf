/**
 * Takes people's names on platforms out of a text before it is stored or shown: `@name`, `u/name`, `/u/name`, and the profile part
 * of x.com and twitter.com addresses. Mail addresses keep their domain only. Communities (`r/name`) stay.
 * Proved by test/unit/normalize/strip-handles.test.ts.
 */

const MAIL = /(?<![\w.+-])[\w.+-]{1,64}@(?=[\w-]{1,63}\.[a-z]{2,})/gi;
const STATUS_ADDRESS = /(\b(?:twitter|x)\.com\/)(?!i\/|search\b|hashtag\b|home\b|intent\b|share\b|explore\b)[A-Za-z0-9_]{1,30}/gi;
const REDDIT_ADDRESS = /(\breddit\.com\/(?:u|user)\/)[A-Za-z0-9_-]{1,40}/gi;
const REDDIT_HANDLE = /(^|[^\w/])(\/?u\/)[A-Za-z0-9_-]{2,40}/g;
const AT_HANDLE = /(^|[^\w@/.\]])@[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?/g;

export function stripHandles(text: string): string {
  return text
    .replace(MAIL, '[user]@')
    .replace(STATUS_ADDRESS, '$1i')
    .replace(REDDIT_ADDRESS, '$1[user]')
    .replace(REDDIT_HANDLE, '$1$2[user]')
    .replace(AT_HANDLE, '$1@[user]');
}
