/** A line of the table of recordings (print.ts): what a source made of one recording, beside what a count without the source's code says is in it. */
import { HearsayError } from '../../../src/errors.ts';
import type { CrawlPage } from '../../../src/sources/source.ts';

type Codes = Readonly<Record<string, number>>;

/** What a source made of one answer. */
export interface Tally {
  readonly posts: number;
  /** Posts of which only the place is left: deleted, removed. */
  readonly absent: number;
  /** Codes of the refused items. */
  readonly refused: readonly string[];
  /** Code of the error the answer ended in, when it ended in one. */
  readonly failure?: string;
}

/** What is in an answer, as it is counted without the source's code. */
export interface ItemCount {
  /** Items a source reads: each has to become a post, or to be refused for what it says. */
  readonly ours: number;
  /** Users, subreddits, numbers of posts and the like: each has to be refused for what it is. */
  readonly others: number;
}

export interface Row {
  /** Path below the folder of recordings. */
  readonly recording: string;
  /** Undefined: no source asks this service. */
  readonly source: string | undefined;
  readonly answers: number;
  readonly posts: number;
  readonly absent: number;
  readonly found: ItemCount;
  readonly expected: ItemCount;
  readonly refusals: Codes;
  /** Codes of the answers that ended in an error. */
  readonly failures: Codes;
}

export interface CountedAnswer {
  readonly tally: Tally;
  readonly expected: ItemCount;
}

/** Refused for what they are. */
const OTHERS: ReadonlySet<string> = new Set(['malformed_item', 'unsupported_item', 'partial_error']);

/** Counts of the whole, which are no items of an answer: what was left out, and stubs of comments that the recording does not fill. */
const NO_ITEMS: ReadonlySet<string> = new Set(['not_fetched', 'comments_not_read']);

type Read = Pick<CrawlPage, 'posts' | 'refusals'>;

/** Reads to the end, or to an error of the four classes; any other is a fault of the source and is thrown. */
export async function tallyPages(pages: AsyncIterable<Read>): Promise<Tally> {
  const read: Read[] = [];
  let failure: string | undefined;
  try {
    for await (const page of pages) read.push(page);
  } catch (error) {
    if (!(error instanceof HearsayError)) throw error;
    failure = error.code;
  }
  const posts = read.flatMap((page) => page.posts);
  const absent = posts.filter((post) => post.absence !== undefined).length;
  const refused = read.flatMap((page) => page.refusals.map(({ code }) => code)).filter((code) => !NO_ITEMS.has(code));
  return { posts: posts.length - absent, absent, refused, ...(failure === undefined ? {} : { failure }) };
}

export async function* onePage(page: Promise<Read>): AsyncGenerator<Read> {
  yield await page;
}

export function rowOf(recording: string, source: string | undefined, answers: readonly CountedAnswer[]): Row {
  const sum = (part: (answer: CountedAnswer) => number): number => answers.reduce((total, answer) => total + part(answer), 0);
  const refused = answers.flatMap(({ tally }) => tally.refused);
  const others = refused.filter((code) => OTHERS.has(code)).length;
  const [posts, absent] = [sum(({ tally }) => tally.posts), sum(({ tally }) => tally.absent)];
  return {
    recording,
    source,
    answers: answers.length,
    posts,
    absent,
    found: { ours: posts + absent + refused.length - others, others },
    expected: { ours: sum(({ expected }) => expected.ours), others: sum(({ expected }) => expected.others) },
    refusals: countCodes(refused),
    failures: countCodes(answers.flatMap(({ tally }) => tally.failure ?? [])),
  };
}

export function isAsExpected({ found, expected }: Row): boolean {
  return found.ours === expected.ours && found.others === expected.others;
}

function countCodes(codes: readonly string[]): Codes {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
