/** `hearsay duplicates SLUG`: which sources count as one experience, and why. */
import { InvalidInputError } from '../../errors.ts';
import { type DuplicatePair, readBeginnings, readDuplicates } from '../../ledger/duplicates.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

const REASONS: Readonly<Record<DuplicatePair['because'], string>> = {
  same_author: 'same author',
  same_text: 'same text',
  near_duplicate: 'nearly the same text',
};
const EXCERPT_CHARS = 120;

export async function showDuplicates(
  edge: Edge,
  slug: string,
  flags: { readonly limit: string; readonly after: string; readonly json?: boolean },
): Promise<ExitCode> {
  const [limit, after] = [flags.limit, flags.after].map((text) => {
    if (!/^(?:-1|\d{1,9})$/.test(text)) throw new InvalidInputError('bad_seq', `not a number of entries: ${JSON.stringify(text.slice(0, 40))}`);
    return Number(text);
  }) as [number, number];
  return withHearsay(edge, {}, async ({ hearsay }) => {
    if (!hearsay.topics.has(slug)) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}`);
    const pairs = await readDuplicates(hearsay.pool, slug, { limit, after });
    if (flags.json) {
      for (const pair of pairs) await edge.out(`${JSON.stringify(pair)}\n`);
      return EXIT.ok;
    }
    if (pairs.length === 0) edge.talk(`no source of ${slug} repeats another`);
    const texts = await readBeginnings(hearsay.pool, slug, [...new Set(pairs.flatMap(({ later, earlier }) => [later, earlier]))], EXCERPT_CHARS);
    for (const pair of pairs) await edge.out(describePair(pair, texts));
    return EXIT.ok;
  });
}

function describePair({ later, earlier, because, similarity }: DuplicatePair, texts: ReadonlyMap<number, string>): string {
  const shared = similarity === undefined ? '' : `, ${Math.round(similarity * 100)} % of the word sequences in common`;
  const lineOf = (seq: number): string => `  ${String(seq).padStart(9)}  ${(texts.get(seq) ?? '(not here)').replaceAll(/\s+/g, ' ')}\n`;
  return `${later} repeats ${earlier}: ${REASONS[because]}${shared}\n${lineOf(earlier)}${lineOf(later)}`;
}
