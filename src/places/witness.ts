/**
 * A C2SP witness as an outside place (c2sp.org/tlog-witness): proves to it that the checkpoint continues the last one it cosigned, and
 * brings back its cosignature. A witness that holds more than we do, or something else, is the alarm it is there for.
 * Proved by test/unit/places/witness.test.ts and, against `hearsay witness`, by test/integration/witness.test.ts.
 */
import { HearsayError, IntegrityError, InvalidInputError, TransientError } from '../errors.ts';
import { addSignatureLines, parseCheckpoint, type VerifierKey } from '../ledger/checkpoint.ts';
import { verifyCosignature } from '../ledger/cosignature.ts';
import { formatAddCheckpoint } from '../witness/add-checkpoint.ts';
import type { WitnessAddress } from './address.ts';
import { requireSuccess } from './http.ts';
import { type CosignatureLine, type OutgoingCheckpoint, type Place, placeAhead, placeContradicts, type TreeView } from './place.ts';
import { createPost, type PostAnswer } from './post.ts';

/** Of an answer that are looked at: a witness has one key, or a few. */
const MAX_LINES = 16;

export function openWitnessPlace({ name, url, key }: WitnessAddress, allowHosts: readonly string[]): Place {
  const post = createPost({ address: `${url}/add-checkpoint`, name, allowHosts });
  return {
    name,
    async deliver(checkpoint, { tree, delivered, signal }) {
      const submit = async (oldSize: number): Promise<PostAnswer> =>
        post(formatAddCheckpoint({ oldSize, proof: await tree.proveFrom(oldSize), note: checkpoint.note }), signal);
      let oldSize = delivered;
      let answer = await submit(oldSize);
      const held = heldSize(answer);
      if (held !== undefined && held !== oldSize) {
        if (held > checkpoint.size) return await explainAhead(name, held, tree);
        oldSize = held;
        answer = await submit(oldSize);
      }
      await requireAccepted({ name, answer, oldSize }, checkpoint, tree);
      return [await findCosignature(name, { note: checkpoint.note, answer: answer.text }, key)];
    },
  };
}

/** Size of the last checkpoint the witness cosigned, where that is its answer. */
function heldSize({ status, contentType, text }: PostAnswer): number | undefined {
  if (status !== 409 || contentType !== 'text/x.tlog.size') return undefined;
  const size = /^(0|[1-9]\d{0,15})\n?$/.exec(text)?.[1];
  return size === undefined || !Number.isSafeInteger(Number(size)) ? undefined : Number(size);
}

/** A process beside this one may have brought it a newer checkpoint of ours: then it needs nothing from us. */
async function explainAhead(name: string, held: number, tree: TreeView): Promise<readonly CosignatureLine[]> {
  const newest = await tree.newestSize();
  if (newest < held) throw placeAhead(name, held, newest);
  return [];
}

interface Submitted {
  readonly name: string;
  readonly answer: PostAnswer;
  readonly oldSize: number;
}

async function requireAccepted({ name, answer, oldSize }: Submitted, checkpoint: OutgoingCheckpoint, tree: TreeView): Promise<void> {
  const held = heldSize(answer);
  // The proof was verified here before it was sent, from our own root of that size: the witness has another one.
  if (answer.status === 422) throw placeContradicts(name, `cosigned a tree of size ${oldSize} that ours does not continue`);
  if (answer.status === 409 && oldSize === checkpoint.size && (held === undefined || held === oldSize)) {
    throw placeContradicts(name, `cosigned another root of size ${oldSize}`);
  }
  if (answer.status === 409 && held !== undefined && held > checkpoint.size) await explainAhead(name, held, tree);
  if (answer.status === 409) throw new TransientError('place_failed', `${name} was given another checkpoint meanwhile`);
  if (answer.status === 404)
    throw new InvalidInputError('place_refused', `${name} does not know ${checkpoint.origin}: give its operator the key of this log (hearsay ledger key)`);
  if (answer.status === 403)
    throw new InvalidInputError(
      'place_refused',
      `${name} does not trust the key of ${checkpoint.origin}: give its operator the key of this log (hearsay ledger key)`,
    );
  requireSuccess(name, answer.status);
}

/** Lines of unknown keys are ignored; one that names the key and does not hold is worth nothing, whoever sent it. */
async function findCosignature(name: string, { note, answer }: { note: string; answer: string }, key: VerifierKey): Promise<CosignatureLine> {
  for (const line of answer.split('\n', MAX_LINES)) {
    const signed = tryAddLine(note, line);
    if (signed !== undefined && (await verifyCosignature(signed, key)) !== undefined) return { name: key.name, line };
  }
  throw new InvalidInputError('bad_cosignature', `${name} answers without a cosignature by the key configured for it`);
}

function tryAddLine(note: string, line: string): ReturnType<typeof parseCheckpoint> | undefined {
  try {
    return parseCheckpoint(addSignatureLines(note, [line]));
  } catch (error) {
    if (error instanceof HearsayError && !(error instanceof IntegrityError)) return undefined;
    throw error;
  }
}
