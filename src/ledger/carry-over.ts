/**
 * Human decisions on a post whose text or annotator changed: a decision carries over only if compound, effect,
 * direction and normalized quote are equal, else the claim is flagged `changed` (design section 6).
 */
import { createHash } from 'node:crypto';
import { type ClaimState, type SourceState, stateOf } from '../counts/fold.ts';
import { matchingForm } from '../normalize/matching-form.ts';
import { IntegrityError } from '../errors.ts';
import { decodeHeader } from './fold-reader.ts';
import type { HeaderOf } from './header.ts';
import type { Plan } from './plan-source.ts';
import type { ClaimDraft, SourceRequest } from './request.ts';
import type { HeaderDraft, Sealer } from './seal.ts';

export interface CarriedDecisions {
  /** Ordinals of new claims that a person should look at again. */
  readonly changed: ReadonlySet<number>;
  /** Appends the carried reviews, once the new source and its claims stand. */
  append(sealer: Sealer, source: number): void;
}

interface Carried {
  /** -1: the source itself; else the ordinal of the new claim. */
  readonly ordinal: number;
  readonly review: HeaderOf<'review'>;
}

/**
 * `undefined` when nobody decided anything about the old source or its claims.
 * @throws IntegrityError `bad_batch` when the old source is of this very append and decisions were carried to it: the shared fold
 * does not know them yet, and they must not be lost.
 */
export async function carryDecisions(plan: Plan, oldSeq: number, request: SourceRequest): Promise<CarriedDecisions | undefined> {
  if (oldSeq >= plan.base) {
    if (plan.touched.has(oldSeq)) throw new IntegrityError('bad_batch', 'a post with decisions is superseded twice in one append');
    return undefined;
  }
  const reviewed = await plan.client.query(
    `SELECT 1 FROM ledger_entry r
      WHERE r.topic = $1 AND r.type = 'review'
        AND (r.ref = $2 OR r.ref IN (SELECT c.seq FROM ledger_entry c WHERE c.topic = $1 AND c.type = 'claim' AND c.ref = $2))
      LIMIT 1`,
    [plan.topic, oldSeq],
  );
  if (reviewed.rowCount === 0) return undefined;
  const fold = await plan.folds.foldAt(plan.client, plan.topic, plan.base);
  const source = stateOf(fold, oldSeq) as SourceState;
  const claims = source.claims.map((seq) => stateOf(fold, seq) as ClaimState).filter((claim) => claim.review !== undefined);
  const contents = await readContents(plan, [oldSeq, ...claims.map((claim) => claim.seq)]);

  const carried: Carried[] = [];
  const lost = new Set<number>();
  for (const claim of claims) {
    const review = await readReview(plan, claim.review as number);
    const header = (await readHeaders(plan, [claim.seq]))[0] as HeaderOf<'claim'>;
    const quote = matchingForm(String(contents.get(claim.seq)?.['quote'] ?? ''));
    const ordinal = request.claims.findIndex((draft) => isSame(draft, header, quote));
    if (ordinal >= 0) carried.push({ ordinal, review });
    else lost.add(claim.seq);
  }
  const sourceChanged = source.review !== undefined && contents.get(oldSeq)?.['text'] !== request.content.text;
  if (source.review !== undefined && !sourceChanged) carried.push({ ordinal: -1, review: await readReview(plan, source.review) });

  const kept = new Set(carried.map((item) => item.ordinal));
  const changed = new Set(lost.size > 0 || sourceChanged ? request.claims.map((_, ordinal) => ordinal).filter((ordinal) => !kept.has(ordinal)) : []);
  return {
    changed,
    append(sealer, sourceSeq) {
      for (const { ordinal, review } of carried) appendCarried(sealer, review, sourceSeq + 1 + ordinal);
    },
  };
}

function isSame(draft: ClaimDraft, old: HeaderOf<'claim'>, oldQuote: string): boolean {
  return (
    draft.kind === old.kind &&
    draft.compound === old.compound &&
    draft.effect === old.effect &&
    draft.direction === old.direction &&
    matchingForm(draft.content.quote) === oldQuote
  );
}

function appendCarried(sealer: Sealer, review: HeaderOf<'review'>, ref: number): void {
  const { v: _v, topic: _topic, seq, day: _day, commitment: _commitment, ...rest } = review;
  sealer.add({
    key: createHash('sha256').update(`carried:${seq}:${ref}`).digest(),
    header: { ...rest, ref, expects: -1 } as HeaderDraft,
    content: { note: `carried over from entry ${seq}` },
  });
}

async function readReview(plan: Plan, seq: number): Promise<HeaderOf<'review'>> {
  return (await readHeaders(plan, [seq]))[0] as HeaderOf<'review'>;
}

async function readHeaders(plan: Plan, seqs: readonly number[]) {
  const found = await plan.client.query<{ header: Buffer }>('SELECT header FROM ledger_entry WHERE topic = $1 AND seq = ANY ($2) ORDER BY seq', [
    plan.topic,
    seqs,
  ]);
  return found.rows.map((row) => decodeHeader(row.header));
}

async function readContents(plan: Plan, seqs: readonly number[]): Promise<Map<number, Record<string, unknown>>> {
  const found = await plan.client.query<{ seq: number; content: Buffer }>('SELECT seq, content FROM ledger_content WHERE topic = $1 AND seq = ANY ($2)', [
    plan.topic,
    seqs,
  ]);
  return new Map(found.rows.map((row) => [row.seq, JSON.parse(row.content.toString('utf8'))]));
}
