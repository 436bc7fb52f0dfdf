/**
 * Brings each topic's newest checkpoint to every outside place; those in between are skipped, since a consistency proof covers them. A
 * place that fails holds up no other and is tried again later; one that contradicts us is logged as an error and stays in the
 * table, where `hearsay doctor` shows it. Proved by test/integration/deliver.test.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { describeError, HearsayError, IntegrityError } from '../errors.ts';
import { proveConsistency, readRoot, verifyConsistency } from '../ledger/proof.ts';
import { createNodeReader } from '../ledger/tile.ts';
import { createTileReader } from '../ledger/tile-reader.ts';
import { type Claim, claimDelivery, listDue, readNewestCheckpoint, recordDelivered, recordFailure, returnClaim } from './deliveries.ts';
import type { OutgoingCheckpoint, Place, TreeView } from './place.ts';

/** For one delivery. Less than the first wait of deliveries.ts, which keeps others from the place meanwhile. */
const DELIVERY_MS = 25_000;
/** Between looks for something to deliver. */
const LOOK_MS = 2_000;
const MAX_PAUSE_MS = 30_000;

export interface DeliveryDeps {
  readonly pool: Pool;
  readonly places: readonly Place[];
  readonly now: () => Date;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

export interface DeliveryReport {
  readonly delivered: number;
  readonly failed: number;
}

/** One round over what is due, all places at once. Rejects only when the database fails. */
export async function deliverCheckpoints(deps: DeliveryDeps, signal: AbortSignal): Promise<DeliveryReport> {
  const reports = await Promise.all(deps.places.map((place) => deliverTo(deps, place, signal)));
  return {
    delivered: reports.reduce((sum, report) => sum + report.delivered, 0),
    failed: reports.reduce((sum, report) => sum + report.failed, 0),
  };
}

/** Until `signal`, each place at its own pace. Never rejects: what fails is logged and tried again. */
export async function keepDelivering(deps: DeliveryDeps, signal: AbortSignal): Promise<void> {
  await Promise.all(deps.places.map((place) => serve(deps, place, signal)));
}

async function serve(deps: DeliveryDeps, place: Place, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      await deliverTo(deps, place, signal);
      failures = 0;
    } catch (error) {
      const { code, message } = describeError(error);
      if (++failures === 1) deps.log.warn({ place: place.name, code }, `outside places: ${message}`);
    }
    await sleep(Math.min(LOOK_MS * 2 ** failures, MAX_PAUSE_MS), undefined, { signal }).catch(() => undefined);
  }
}

async function deliverTo(deps: DeliveryDeps, place: Place, signal: AbortSignal): Promise<DeliveryReport> {
  let delivered = 0;
  let failed = 0;
  for (const topic of await listDue(deps.pool, place.name, deps.now())) {
    if (signal.aborted) break;
    const claim = await claimDelivery(deps.pool, { place: place.name, topic }, deps.now());
    const checkpoint = claim && (await readNewestCheckpoint(deps.pool, topic));
    if (!claim || !checkpoint) continue;
    if (await deliverOne(deps, { place, claim, checkpoint }, signal)) delivered += 1;
    else if (!signal.aborted) failed += 1;
  }
  return { delivered, failed };
}

async function deliverOne(
  { pool, log }: DeliveryDeps,
  { place, claim, checkpoint }: { place: Place; claim: Claim; checkpoint: OutgoingCheckpoint },
  signal: AbortSignal,
): Promise<boolean> {
  const { topic } = claim;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(DELIVERY_MS)]);
  try {
    const lines = await place.deliver(checkpoint, { tree: viewTree(pool, checkpoint), delivered: Math.max(claim.size, 0), signal: limited });
    await recordDelivered(pool, { place: place.name, topic, size: checkpoint.size, lines });
    if (claim.error !== undefined) log.info({ place: place.name, topic, size: checkpoint.size }, 'outside place took the checkpoint after all');
    return true;
  } catch (failure) {
    if (signal.aborted) {
      await returnClaim(pool, claim);
      return false;
    }
    const { code, message } = describeError(failure);
    const error = `${code}: ${message}`;
    await recordFailure(pool, { ...claim, error });
    // Once: the next attempts will most likely say the same.
    if (error !== claim.error) log[failure instanceof IntegrityError ? 'error' : 'warn']({ place: place.name, topic, code }, `outside place: ${message}`);
    return false;
  }
}

function viewTree(pool: Pool, checkpoint: OutgoingCheckpoint): TreeView {
  const { topic, size: to, root: toRoot } = checkpoint;
  const tiles = createTileReader(pool, topic);
  const rootAt = (size: number): Promise<Uint8Array> => readRoot(createNodeReader(tiles, size), size);
  return {
    rootAt,
    newestSize: async () => (await readNewestCheckpoint(pool, topic))?.size ?? 0,
    async proveFrom(from) {
      if (from === 0 || from === to) return [];
      const proof = await proveConsistency(createNodeReader(tiles, to), { from, to });
      const fromRoot = await rootAt(from);
      requireProof(topic, () => verifyConsistency({ from, fromRoot, to, toRoot, proof }));
      return proof;
    },
  };
}

/** A proof that does not hold here is our own tree's fault, and must not be taken for the witness's. */
function requireProof(topic: string, verify: () => void): void {
  try {
    verify();
  } catch (cause) {
    if (!(cause instanceof HearsayError)) throw cause;
    throw new IntegrityError('tree_differs', `the stored tree of ${topic} does not lead to its own checkpoint`, { cause });
  }
}
