/** A person's decisions: appended to the ledger under the reviewer's pseudonym, with those of others who decide at the same time, and published. */
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { z } from 'zod';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import { amendedLabels } from '../ledger/header.ts';
import type { ReviewRequest, UndoRequest } from '../ledger/request.ts';
import type { Hearsay } from './hearsay.ts';
import { recountTopic } from './recount.ts';

/** `request.reviewer` is the reviewer's name; the ledger gets a random pseudonym of this topic. @throws InvalidInputError `stale_decision`, `unknown_ref`, ... */
export async function decide(hearsay: Hearsay, topic: string, request: Omit<ReviewRequest, 'type'>): Promise<number> {
  checkLabels(request.amended);
  return append(hearsay, topic, { ...request, type: 'review', reviewer: await pseudonymOf(hearsay.pool, topic, request.reviewer) });
}

export async function undoDecision(hearsay: Hearsay, topic: string, request: Omit<UndoRequest, 'type'>): Promise<number> {
  return append(hearsay, topic, { ...request, type: 'undo', reviewer: await pseudonymOf(hearsay.pool, topic, request.reviewer) });
}

const labelsSchema = z.strictObject(amendedLabels);

/** Labels come from people: a wrong one is their mistake, not broken integrity as it would be inside the append. */
function checkLabels(amended: ReviewRequest['amended']): void {
  const parsed = labelsSchema.safeParse(amended);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  throw new InvalidInputError('bad_amendment', `${issue?.path.join('.') || 'labels'}: ${issue?.message ?? 'not valid'}`);
}

async function append(hearsay: Hearsay, topic: string, request: ReviewRequest | UndoRequest): Promise<number> {
  const outcome = await hearsay.appends.append(topic, request);
  if (outcome.outcome === 'refused') throw new InvalidInputError(outcome.code, outcome.message);
  if (outcome.outcome === 'nothing') throw new IntegrityError('no_outcome', 'the ledger did not answer');
  await recountTopic(hearsay, topic);
  return outcome.seq;
}

/** Random, so that it says nothing of the name, and another one in every topic. */
async function pseudonymOf(client: Pool, topic: string, name: string): Promise<string> {
  if (name.trim() === '' || name.length > 200) throw new InvalidInputError('bad_reviewer', 'a reviewer has a name of up to 200 characters');
  await client.query('INSERT INTO reviewer (topic, name, pseudonym) VALUES ($1, $2, $3) ON CONFLICT (topic, name) DO NOTHING', [
    topic,
    name,
    `r-${randomBytes(4).toString('hex')}`,
  ]);
  const found = await client.query<{ pseudonym: string }>('SELECT pseudonym FROM reviewer WHERE topic = $1 AND name = $2', [topic, name]);
  return (found.rows[0] as { pseudonym: string }).pseudonym;
}
