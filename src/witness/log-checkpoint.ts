/**
 * A checkpoint of any log (c2sp.org/tlog-checkpoint): that of src/ledger/checkpoint.ts, and extension lines, which this project's logs
 * do not have and a witness must cosign as they are. Pure. Proved by test/unit/witness/log-checkpoint.test.ts.
 */
import { InvalidInputError } from '../errors.ts';
import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint.ts';

/** Lines of the body that every checkpoint has: origin, size, root. */
const HEAD_LINES = 3;

/** `body` holds the extension lines too: they are signed. @throws InvalidInputError `bad_checkpoint` */
export function parseLogCheckpoint(note: string): Checkpoint {
  // No line of a checkpoint is empty, so the first empty one ends the body.
  const end = note.indexOf('\n\n');
  if (end < 0) return parseCheckpoint(note);
  const lines = note.slice(0, end).split('\n');
  const extensions = lines.slice(HEAD_LINES);
  if (extensions.some((line) => /[\u0000-\u001f]/.test(line))) throw new InvalidInputError('bad_checkpoint', 'an extension line holds a control character');
  const plain = parseCheckpoint(`${lines.slice(0, HEAD_LINES).join('\n')}${note.slice(end)}`);
  return { ...plain, body: `${lines.join('\n')}\n` };
}
