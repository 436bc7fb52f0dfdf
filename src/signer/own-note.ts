/**
 * Which notes are the signer's own: of this log, signed by this key, or by the one before it where a person said so. What is not own is
 * no memory, and what looks like it and is not is a reason to stop. Proved by test/integration/signer.test.ts.
 */
import { HearsayError, IntegrityError } from '../errors.ts';
import { type Checkpoint, isSignedBy, namesKey, parseCheckpoint, type VerifierKey } from '../ledger/checkpoint.ts';

/** A note with what it says. */
export interface Note extends Checkpoint {
  readonly note: string;
}

/** A log and the keys that sign it: the present one first, then, for one run, the one before. */
export interface OwnLog {
  readonly origin: string;
  readonly keys: readonly [VerifierKey, ...VerifierKey[]];
}

/** Raises IntegrityError `signer_note_damaged`. `where` begins the message. */
export function parseNote(note: string, origin: string, where: string): Note {
  let parsed: Checkpoint;
  try {
    parsed = parseCheckpoint(note);
  } catch (error) {
    if (!(error instanceof HearsayError)) throw error;
    throw new IntegrityError('signer_note_damaged', `${where} cannot be read: restore it, or compare with the newest checkpoint kept elsewhere`, {
      cause: error,
    });
  }
  if (parsed.origin !== origin) throw new IntegrityError('signer_note_damaged', `${where} is of ${parsed.origin}: files were exchanged`);
  return { ...parsed, note };
}

export async function isOwnNote(note: Note, { keys }: OwnLog): Promise<boolean> {
  for (const key of keys) if (await isSignedBy(note, key)) return true;
  return false;
}

/** Raises IntegrityError: `signer_note_damaged` for a signature of an own key that does not hold, `signer_key_changed` for another's. */
export async function requireOwnNote(note: Note, own: OwnLog, where: string): Promise<void> {
  if (await isOwnNote(note, own)) return;
  if (note.signatures.some((signature) => own.keys.some((key) => namesKey(signature, key))))
    throw new IntegrityError('signer_note_damaged', `${where} was changed: its signature does not hold`);
  throw new IntegrityError(
    'signer_key_changed',
    `${where} is signed by another key. Where that key signs, HEARSAY_SIGNER=off belongs here; if the key was changed on purpose: hearsay ledger sign --previous-key VKEY`,
  );
}
