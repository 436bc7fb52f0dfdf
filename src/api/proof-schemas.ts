/** Shapes of the proofs of the JSON API. The values come from ledger/log.ts. */
import { z } from '@hono/zod-openapi';
import { count, hex, text, wholeNumber } from './schemas.ts';

const size = (description: string) => wholeNumber.openapi({ type: 'integer', description });
const hashes = z.array(z.base64().length(44)).readonly().openapi({ description: 'Hashes of 32 bytes, in the order of RFC 9162' });
const note = text.openapi({ description: 'The signed note, where this size was signed' });

export const inclusionQuery = z.object({
  seq: size('entry'),
  size: size('of the tree; default: that of the newest checkpoint').optional(),
});
export const consistencyQuery = z.object({
  from: size('of the older tree, at least 1'),
  to: size('of the newer tree; default: that of the newest checkpoint').optional(),
});
export const inclusionBody = z
  .object({ seq: count, size: count, entry: hex, leaf: hex, root: hex, proof: hashes, checkpoint: note.optional() })
  .openapi('InclusionProof');
export const consistencyBody = z
  .object({ from: count, to: count, from_root: hex, to_root: hex, proof: hashes, from_checkpoint: note.optional(), to_checkpoint: note.optional() })
  .openapi('ConsistencyProof');
