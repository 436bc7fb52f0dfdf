/** `hearsay annotate diff SLUG --candidate ID`: what adopting a candidate would change. Ids only, unless `--items` asks for quotes. */
import { maskDoses } from '../../normalize/mask-doses.ts';
import { diffAnnotator } from '../../pipeline/diff-annotator.ts';
import type { AnnotatorDiff, ChangedPost } from '../../pipeline/diff-tally.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

export async function showDiff(
  edge: Edge,
  slug: string,
  flags: { readonly candidate: string; readonly items?: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const items: ChangedPost[] = [];
    const diff = await diffAnnotator(hearsay, slug, {
      candidate: flags.candidate,
      ...(flags.items ? { onChanged: (post) => items.push(maskPost(post)) } : {}),
    });
    if (flags.json) await edge.out(`${JSON.stringify(flags.items ? { ...diff, items } : diff, null, 2)}\n`);
    else await edge.out([...describeDiff(diff), ...items.flatMap(describePost), ''].join('\n'));
    if (diff.posts.not_judged > 0) {
      edge.talk(
        `note: ${diff.posts.not_judged} posts are not judged by ${diff.candidate} yet; go on with hearsay annotate shadow, or the counts are not the whole`,
      );
    }
    return EXIT.ok;
  });
}

/** Quotes are shown without doses, here as everywhere. */
function maskPost({ claims, ...post }: ChangedPost): ChangedPost {
  return { ...post, claims: claims.map((change) => ({ ...change, claim: { ...change.claim, quote: maskDoses(change.claim.quote) } })) };
}

function describeDiff(diff: AnnotatorDiff): string[] {
  const { posts, effects, claims, decisions } = diff;
  const examples = (list: readonly string[]): string => (list.length > 0 ? `   e.g. ${list.map(printable).join(', ')}` : '');
  return [
    `${diff.topic}: ${diff.candidate} against ${diff.adopted.join(', ')}`,
    `posts      ${posts.same} the same, ${posts.changed} different, ${posts.new} judged by nobody else, ${posts.not_judged} not judged by it`,
    ...diff.flips.map(({ label, from, to, count, examples: some }) => `flip       ${label}: ${from} -> ${to}  ${count}${examples(some)}`),
    ...(['gained', 'lost', 'changed_direction'] as const).map((name) => `effects    ${name}  ${effects[name].count}${examples(effects[name].examples)}`),
    ...diff.flags.filter(({ before, after }) => before !== after).map(({ flag, before, after }) => `flag       ${flag}: ${before} -> ${after}`),
    `machine    accepts ${claims.accepted.before} -> ${claims.accepted.after} claims, holds back ${claims.pending.before} -> ${claims.pending.after}`,
    `decisions  ${decisions.carried} carry over, ${decisions.changed} claims to look at again`,
    ...Object.entries(diff.refused).map(([code, count]) => `refused    ${code}: ${count} posts`),
    `ledger     ${diff.entries} entries would be appended`,
    ...diff.counts.changes.map(({ number, before, after }) => `count      ${number}: ${before} -> ${after}`),
    ...(diff.counts.changes.length === 0 ? ['count      no count would change'] : []),
  ];
}

function describePost({ post, flips, claims }: ChangedPost): string[] {
  return [
    '',
    printable(post),
    ...flips.map(({ label, from, to }) => `  ${label}: ${from} -> ${to}`),
    ...claims.map(({ change, claim, from }) => {
      const direction = from === undefined ? claim.direction : `${from} -> ${claim.direction}`;
      return `  ${change}: ${printable(claim.compound)}, ${printable(claim.effect)} ${direction}: ${printable(claim.quote)}`;
    }),
  ];
}

/** Texts of strangers on a terminal: no control characters, one line, not too long. */
function printable(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/\p{C}/gu, '').slice(0, 300);
}
