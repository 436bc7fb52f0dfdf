/** `hearsay ledger export`: what is signed of a topic, whole or in excerpts, into a file. */
import { describeError, InvalidInputError } from '../../errors.ts';
import { exportTopic } from '../../ledger/export.ts';
import { publicPolicyOf } from '../../sources/policy.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { type OpenedHearsay, withHearsay } from '../open-hearsay.ts';
import { openOutput, type Output } from '../open-output.ts';
import { openSigner, signNow } from '../signing.ts';

export interface ExportFlags {
  readonly out: string;
  readonly entries?: string;
  readonly withContent?: boolean;
}

export async function exportLedger(edge: Edge, slug: string, flags: ExportFlags): Promise<ExitCode> {
  const entries = flags.entries === undefined ? undefined : parseSeqs(flags.entries);
  return withHearsay(edge, {}, async (opened) => {
    await signFirst(edge, opened, slug);
    const lines = exportTopic(opened.hearsay.pool, slug, {
      withContent: flags.withContent ?? false,
      policyOf: (platform) => publicPolicyOf(platform, edge.config),
      ...(entries ? { entries } : {}),
    });
    const exported = await writeLines(edge, lines, flags);
    edge.talk(`exported ${exported} entries of ${slug}${flags.withContent ? ', with content: for the operator only' : ''}`);
    return EXIT.ok;
  });
}

/** What is new is signed first, where this installation signs. A refusal is said, and the last checkpoint exported: it is the evidence. */
async function signFirst(edge: Edge, { hearsay }: OpenedHearsay, slug: string): Promise<void> {
  if (!edge.config.signer.enabled || !hearsay.topics.has(slug)) return;
  for (const report of await signNow(edge, hearsay, { signer: await openSigner(edge, hearsay), topics: [slug] })) {
    if (report.kind !== 'refused') continue;
    const { code, message } = describeError(report.error);
    edge.talk(`not signed: ${message} (${code}); exporting the last checkpoint`);
  }
}

/** Returns how many entries were written. */
async function writeLines(edge: Edge, lines: AsyncIterable<string>, flags: ExportFlags): Promise<number> {
  let output: Output | undefined;
  // Neither the first line nor the last is an entry.
  let entries = -2;
  try {
    for await (const line of lines) {
      // Not before the first line: a topic that is not there leaves no file behind.
      output ??= await openOutput(edge, flags.out, flags.withContent ? 0o600 : 0o644);
      await output.write(line);
      entries++;
    }
  } finally {
    await output?.close();
  }
  return entries;
}

/** `5,6,10-12` to ascending numbers without repeats. */
function parseSeqs(text: string): number[] {
  const seqs = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,15})(?:-(\d{1,15}))?\s*$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (!match || last < first || last - first > MAX_RANGE)
      throw new InvalidInputError(
        'bad_seq',
        `--entries wants numbers of entries and ranges of them, such as 5,6,10-12, not ${JSON.stringify(part.slice(0, 40))}`,
      );
    for (let seq = first; seq <= last; seq++) seqs.add(seq);
  }
  return [...seqs].sort((a, b) => a - b);
}

/** Far beyond what an excerpt holds; keeps a slip from filling the memory. */
const MAX_RANGE = 1_000_000;
