/**
 * The body of an `add-checkpoint` request (c2sp.org/tlog-witness), its formatter and its strict parser:
 *
 *   old 3
 *   <base64 of a hash>           none to 63: RFC 6962 section 2.1.2, from the old size to that of the checkpoint
 *
 *   example.com/log              a checkpoint, with its signatures
 *   5
 *   ...
 *
 * Pure; used by the witness and by what submits to one. Proved by test/property/add-checkpoint.test.ts.
 */
import { InvalidInputError } from '../errors.ts';
import { decodeBase64, encodeBase64 } from '../ledger/base64.ts';
import { HASH_BYTES } from '../ledger/chain.ts';

/** "The client MUST NOT send more than 63 consistency proof lines." */
const MAX_PROOF_LINES = 63;

export interface AddCheckpoint {
  /** Size of the last checkpoint the witness is believed to have cosigned; 0 for none. */
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** The signed note, as the log made it. */
  readonly note: string;
}

export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  return `old ${oldSize}\n${proof.map((hash) => `${encodeBase64(hash)}\n`).join('')}\n${note}`;
}

/** The note is not read here. @throws InvalidInputError `bad_request`, saying why. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const end = body.indexOf('\n\n');
  if (end < 0) throw badRequest('the body is an old size line, proof lines, an empty line, and a checkpoint');
  const [first, ...hashes] = body.slice(0, end).split('\n');
  const oldSize = /^old (0|[1-9]\d{0,15})$/.exec(first as string)?.[1];
  if (oldSize === undefined || !Number.isSafeInteger(Number(oldSize)))
    throw badRequest('the first line reads "old SIZE", a decimal without leading zeros, below 2^53');
  if (hashes.length > MAX_PROOF_LINES) throw badRequest(`a proof has at most ${MAX_PROOF_LINES} lines`);
  const proof = hashes.map((line) => {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) throw badRequest('a proof line is one hash of 32 bytes in base64');
    return hash;
  });
  return { oldSize: Number(oldSize), proof, note: body.slice(end + 2) };
}

function badRequest(why: string): InvalidInputError {
  return new InvalidInputError('bad_request', why);
}
