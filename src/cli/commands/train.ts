/** `hearsay train`: weights from labelled texts, or a candidate from what reviewers decided. Writes a folder and adopts nothing. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { loadEmbedded } from '../../annotators/embedded/load.ts';
import { type Manifest, type ModelFiles, readModelFolder, writeModelFolder } from '../../annotators/embedded/model-folder.ts';
import { parseModels, storeModels } from '../../annotators/embedded/models.ts';
import { readCodeDigest } from '../../annotators/training/code-digest.ts';
import { learnFromReviews } from '../../annotators/training/learn-from-reviews.ts';
import { hasTrainingData, readTrainingData } from '../../annotators/training/read-training-data.ts';
import { trainAll } from '../../annotators/training/train-all.ts';
import { InvalidInputError } from '../../errors.ts';
import { readReviewed } from '../../pipeline/read-reviewed.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

/** Beside a checkout. */
const DATA = '../shared/data';

export interface TrainFlags {
  readonly out: string;
  readonly data?: string;
  readonly fromReviews?: boolean;
  readonly topic?: readonly string[];
}

type Trained = ModelFiles & { readonly manifest: Omit<Manifest, 'weights' | 'calibration'> };

export async function train(edge: Edge, flags: TrainFlags): Promise<ExitCode> {
  if (flags.topic && !flags.fromReviews) throw new InvalidInputError('bad_selection', '--topic chooses decisions: it goes with --from-reviews');
  const base = await readBase(edge, flags);
  const trained = flags.fromReviews ? await learn(edge, base, flags.topic) : base;
  const folder = path.resolve(flags.out);
  await writeModelFolder(folder, trained, trained.manifest);
  const { id } = await loadEmbedded({ models: folder });
  edge.talk('nothing is adopted; to look at it, and then to count by it:');
  edge.talk(`  hearsay annotate shadow SLUG --candidate ${flags.out}`);
  edge.talk(`  hearsay annotate diff SLUG --candidate ${id}`);
  edge.talk(`  HEARSAY_MODEL=${flags.out} hearsay topic adopt SLUG`);
  await edge.out(`${JSON.stringify({ annotator: id, weights_bytes: trained.weights.length, ...trained.manifest })}\n`);
  return EXIT.ok;
}

/** Trained from labelled texts, or, for decisions alone, the weights in use. */
async function readBase(edge: Edge, flags: TrainFlags): Promise<Trained> {
  if (flags.fromReviews && flags.data === undefined) return readModelFolder(edge.config.modelDir);
  const folder = path.resolve(flags.data ?? DATA);
  if (!hasTrainingData(folder))
    throw new InvalidInputError('no_training_data', `no labelled texts in ${flags.data ?? DATA}: gold/dev.jsonl and sentiment/ are read`);
  const data = await readTrainingData(folder);
  return { ...trainAll(data, (line) => edge.talk(line)), manifest: { code: await readCodeDigest(), data: [...data.files] } };
}

async function learn(edge: Edge, base: Trained, topics: readonly string[] | undefined): Promise<Trained> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const { texts, rows, skipped, digest } = await readReviewed(hearsay, topics ?? [...hearsay.topics.keys()]);
    if (texts.length === 0) throw new InvalidInputError('no_decisions', 'nobody has decided anything that could be learned from');
    edge.talk(`learning from ${texts.length} reviewed texts`);
    const { lexicon } = await loadEmbedded();
    const { models, unmatched } = learnFromReviews(parseModels(base.weights), texts, lexicon);
    const lost = unmatched > 0 ? { ...skipped, effect_not_found: unmatched } : skipped;
    return {
      weights: storeModels(models),
      // Measured on the base: too few decisions to measure anew.
      calibration: base.calibration,
      manifest: { code: await readCodeDigest(), data: base.manifest.data, reviews: { base: sha256(base.weights), digest, rows, skipped: lost } },
    };
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
