/** `hearsay annotate shadow SLUG --candidate DIR|llm`: lets a candidate judge a topic's posts outside the chain. */
import path from 'node:path';
import { InvalidInputError } from '../../errors.ts';
import { shadowTopic } from '../../pipeline/shadow.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { openStoredAnnotator } from '../open-stored-annotator.ts';
import { withHearsay } from '../open-hearsay.ts';

export async function runShadow(
  edge: Edge,
  slug: string,
  flags: { readonly candidate: string; readonly limit?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const limit = parseLimit(flags.limit);
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const isLlm = flags.candidate === 'llm';
    const config = isLlm ? edge.config : { ...edge.config, modelDir: path.resolve(flags.candidate) };
    const opened = await openStoredAnnotator(config, isLlm ? 'llm' : 'embedded', hearsay);
    try {
      const candidate = opened.annotator;
      if (candidate.id === hearsay.annotator.id) throw new InvalidInputError('unknown_candidate', `${candidate.id} is the annotator in use, and no candidate`);
      const report = await shadowTopic(hearsay, slug, {
        candidate,
        limit,
        signal: edge.signal,
        onProgress: (done) => edge.progress(`${candidate.id} has judged ${done} posts of ${slug}`),
      });
      edge.progress('');
      const failed = Object.values(report.failed).reduce((sum, count) => sum + count, 0);
      for (const [code, count] of Object.entries(report.failed)) edge.talk(`${count} posts could not be annotated: ${code}`);
      await edge.out(
        flags.json
          ? `${JSON.stringify({ topic: slug, candidate: candidate.id, ...report })}\n`
          : `${candidate.id}: ${report.annotated} posts of ${slug} annotated, ${report.offTopic} off topic, ${report.left} left\n` +
              `see what would change: hearsay annotate diff ${slug} --candidate ${candidate.id}\n`,
      );
      if (edge.signal.aborted) return EXIT.interrupted;
      return failed > 0 ? EXIT.partial : EXIT.ok;
    } finally {
      await opened.close();
    }
  });
}

function parseLimit(text: string | undefined): number {
  if (text === undefined) return Number.MAX_SAFE_INTEGER;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidInputError('bad_limit', `--limit is a number of posts, not ${JSON.stringify(text.slice(0, 40))}`);
  return Number(text);
}
