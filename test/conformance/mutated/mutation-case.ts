/**
 * Platforms change without a word. A case is a recorded conversation, or one made up in a platform's form, which is changed in one place: a field
 * gone, or of another type. A new source adds a file here and a line in list.ts.
 */
import { request } from 'undici';
import { startLoopback } from '../../../src/demo/standins/loopback.ts';
import type { StandIn } from '../../../src/demo/standins/stand-in.ts';
import { HearsayError } from '../../../src/errors.ts';
import type { Source } from '../../../src/sources/source.ts';
import { clientFor, contextFor, readPages, TEST_CREDENTIALS } from '../../standin/client-for.ts';

export type Change = (body: string) => string;

export interface Mutation {
  readonly what: string;
  readonly change: Change;
  /** Of the refusal or the error that has to come. */
  readonly code: string;
}

export interface MutationCase {
  readonly source: Source;
  /** What is changed, in words. */
  readonly recording: string;
  /** False where the recordings beside the checkout are not. */
  readonly isThere: boolean;
  readonly start: () => Promise<{ readonly standIn: Pick<StandIn, 'url' | 'hosts' | 'close'>; readonly query: unknown }>;
  readonly mutations: readonly Mutation[];
}

/** The first place alone, so that what is around it has to come through. */
export function swap(what: string, [from, to]: readonly [from: string | RegExp, to: string], code: string): Mutation {
  return { what, change: (body) => body.replace(from, to), code };
}

export interface MutatedCrawl {
  /** Answers that the change changed. */
  readonly changed: number;
  readonly posts: number;
  /** Codes of refusals, and of the error that ended the crawl. */
  readonly codes: readonly string[];
}

/** @throws whatever is not of the four classes: that is a fault of the source. */
export async function crawlChanged({ source, start }: MutationCase, change: Change): Promise<MutatedCrawl> {
  const { standIn, query } = await start();
  let changed = 0;
  const between = await startLoopback({
    hosts: standIn.hosts,
    async handle({ method, host, path, headers, body }) {
      const { 'content-length': _length, connection: _connection, 'transfer-encoding': _encoding, ...rest } = headers;
      const answer = await request(`${standIn.url}${path}`, {
        method: method === 'POST' ? 'POST' : 'GET',
        headers: { ...rest, host, 'accept-encoding': 'identity' },
        ...(method === 'POST' ? { body } : {}),
      });
      const before = await answer.body.text();
      const after = change(before);
      if (after !== before) changed += 1;
      const { 'content-type': type, etag } = answer.headers as Readonly<Record<string, string | undefined>>;
      return {
        status: answer.statusCode,
        headers: { ...(type === undefined ? {} : { 'content-type': type }), ...(etag === undefined ? {} : { etag }) },
        body: after,
      };
    },
  });
  const http = clientFor(between);
  const context = contextFor(http, { credentials: { ...TEST_CREDENTIALS, YOUTUBE_API_KEY: 'test-key' } });
  try {
    const pages = await readPages(source.crawl({ query: source.querySchema.parse(query), cursor: {} }, context));
    const codes = pages.flatMap((page) => page.refusals.map(({ code }) => code));
    return { changed, posts: pages.flatMap((page) => page.posts).length, codes };
  } catch (error) {
    if (!(error instanceof HearsayError)) throw error;
    return { changed, posts: 0, codes: [error.code] };
  } finally {
    await http.close();
    await between.close();
    await standIn.close();
  }
}
