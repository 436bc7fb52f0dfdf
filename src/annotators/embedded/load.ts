/** Makes the embedded annotator from its files. Its id is a digest of everything that decides its answers. */
import { createHash } from 'node:crypto';
import type { Annotation } from '../../model/annotation.ts';
import type { AnnotateInput } from '../../model/post.ts';
import type { Annotator, CompoundScope } from '../annotator.ts';
import { annotateText } from './annotate.ts';
import { namesOfScope } from './bundled.ts';
import { parseLexicon, readLexiconTexts, type Lexicon } from './lexicon.ts';
import { readModelFolder } from './model-folder.ts';
import { parseModels, type Calibration } from './models.ts';

/** Raised by hand whenever code changes what is said of any text; source files are not hashed, since compiled ones differ. */
const EMBEDDED_VERSION = '3';

/** Texts judged before other work of the process gets its turn. */
const TURN = 64;

export interface EmbeddedAnnotator extends Annotator {
  readonly lexicon: Lexicon;
}

/** `models`: the folder of another version of the weights; absent: the shipped ones. @throws InvalidInputError `bad_model_folder`, `bad_weights` */
export async function loadEmbedded({ models: folder }: { readonly models?: string | undefined } = {}): Promise<EmbeddedAnnotator> {
  const [lexiconTexts, files] = await Promise.all([readLexiconTexts(), readModelFolder(folder)]);
  const digest = digestOf([EMBEDDED_VERSION, lexiconTexts.compounds, lexiconTexts.cues, lexiconTexts.effects, files.calibration, files.weights]);
  const lexicon = parseLexicon(lexiconTexts);
  const models = parseModels(files.weights);
  const calibration = JSON.parse(files.calibration) as Calibration;
  const id = `embedded-${digest.slice(0, 8)}`;
  return {
    id,
    kind: 'embedded',
    digest,
    lexicon,
    async annotate(inputs: readonly AnnotateInput[], scope: CompoundScope): Promise<readonly Annotation[]> {
      const annotations: Annotation[] = [];
      for (const input of inputs) {
        annotations.push(annotateText(input, { lexicon, names: namesOfScope(lexicon, scope, input.compounds), models, calibration, annotatorId: id }));
        if (annotations.length % TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      }
      return annotations;
    },
  };
}

/** Sha-256 over length-prefixed parts: no two lists of parts have the same bytes. Line ends are made equal, checkouts differ in them. */
function digestOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part.replaceAll('\r\n', '\n'), 'utf8') : part;
    hash.update(`hearsay/embedded/v1\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}
