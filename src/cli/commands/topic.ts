/** `hearsay topic list|check` and `hearsay sources`. */
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { InvalidInputError } from '../../errors.ts';
import { sources, sourcesByName } from '../../sources/list.ts';
import { publicPolicyOf } from '../../sources/policy.ts';
import { recheckDutyOf } from '../../sources/recheck-duty.ts';
import { parseTopic, readTopics } from '../../topics.ts';
import { appendAnnotator, queueForAnnotator } from '../../pipeline/adopt.ts';
import { reconcile } from '../../pipeline/reconcile.ts';
import { withHearsay } from '../open-hearsay.ts';
import { startPipeline } from '../run-pipeline.ts';
import { describeDuty } from '../describe-duty.ts';
import { currentCounts } from './counts.ts';
import { readSwitches } from './source.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';

export async function listTopics(edge: Edge, flags: { readonly json?: boolean }): Promise<ExitCode> {
  for (const topic of await readTopics(edge.topicsDir, { sources: sourcesByName })) {
    const { slug, title, compounds, communities } = topic;
    await edge.out(
      flags.json
        ? `${JSON.stringify({ slug, title, compounds: compounds.map((compound) => compound.name), communities: communities.length })}\n`
        : `${slug.padEnd(16)} ${title}, ${communities.length} communities\n`,
    );
  }
  return EXIT.ok;
}

export async function checkTopic(edge: Edge, file: string): Promise<ExitCode> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new InvalidInputError('file_not_found', `no such file: ${file}`);
  });
  const topic = parseTopic(text, path.relative(process.cwd(), path.resolve(file)), { sources: sourcesByName });
  await edge.out(`${file}: ok, ${topic.compounds.length} compounds, ${topic.communities.length} communities\n`);
  return EXIT.ok;
}

/** Makes the annotator in use the one that counts; safe to repeat after an interruption. */
export async function adoptAnnotator(edge: Edge, slug: string): Promise<ExitCode> {
  return withHearsay(edge, { signs: true }, async (opened) => {
    const { hearsay } = opened;
    if (!hearsay.topics.has(slug)) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
    const before = await currentCounts(hearsay, slug);
    const pipeline = await startPipeline(edge, opened);
    try {
      const queued = await queueForAnnotator(hearsay, slug);
      edge.talk(`annotating ${queued} posts of ${slug} with ${hearsay.annotator.id}`);
      await reconcile(hearsay, pipeline.queues);
      if (!(await pipeline.drain())) return EXIT.interrupted;
      const seq = await appendAnnotator(hearsay, slug);
      await pipeline.queues.addRecount(slug);
      await pipeline.drain();
      const after = await currentCounts(hearsay, slug);
      await edge.out(
        `${hearsay.annotator.id} adopted by entry ${seq}: claims ${before.claims.total} -> ${after.claims.total}, pending sources ${before.sources.pending} -> ${after.sources.pending}\n`,
      );
      return EXIT.ok;
    } finally {
      await pipeline.close();
    }
  });
}

export async function listSources(edge: Edge, flags: { readonly json?: boolean }): Promise<ExitCode> {
  const switches = await readSwitches(edge);
  for (const source of sources) {
    const { name, platforms, description } = source;
    const shown = platforms[0] === undefined ? description.public : publicPolicyOf(platforms[0], edge.config);
    const duty = recheckDutyOf(source);
    if (flags.json) {
      await edge.out(`${JSON.stringify({ name, platforms, ...description, recheck: duty, public: shown, stopped: switches.get(name) ?? [] })}\n`);
      continue;
    }
    const credentials = description.credentials.map(
      ({ env, required, how }) => `    ${env}${required ? '' : ' (optional)'}${edge.config.credentials[env] === undefined ? ', not set' : ', set'}: ${how}`,
    );
    await edge.out(
      [
        `${name}`,
        ...(switches.get(name) ?? []).map((line) => `  STOPPED   ${line}`),
        `  collects  ${description.collects}`,
        `  limits    ${description.limits}`,
        `  caveats   ${description.caveats}`,
        `  keeps     ${description.keep}`,
        `  deletion  ${description.deletion}`,
        `  re-checks ${describeDuty(duty)}`,
        `  shows     ${shown}`,
        ...(credentials.length > 0 ? ['  credentials', ...credentials] : ['  credentials: none']),
        '',
        '',
      ].join('\n'),
    );
  }
  return EXIT.ok;
}
