/** The signer beside `up` and `worker`, and alone in `hearsay signer`: signs what is new and brings it to the outside places. */
import { deliverCheckpoints, keepDelivering } from '../places/deliver.ts';
import { openPlaces } from '../places/list.ts';
import { runSigner } from '../signer/run-signer.ts';
import { describeError } from '../errors.ts';
import type { Edge } from './edge.ts';
import { openSigner, type SigningDeps } from './signing.ts';

const LAST_DELIVERY_MS = 5_000;

/** Resolves when the key is loaded and signing has begun; `ended` after `signal`, when the last entries are signed and delivered. */
export async function runSigning(edge: Edge, deps: SigningDeps, signal: AbortSignal): Promise<{ readonly ended: Promise<void> }> {
  const { everySeconds, everyEntries } = edge.config.signer;
  const signer = await openSigner(edge, deps);
  const signing = runSigner({ ...deps, signer, schedule: { everyMs: everySeconds * 1_000, everyEntries } }, signal);
  const delivery = { ...deps, places: openPlaces(edge.config.checkpointPlaces, edge.config.allowHosts) };
  const delivering = keepDelivering(delivery, signal);
  const end = async (): Promise<void> => {
    await Promise.all([signing, delivering]);
    // What was signed on the way out; a place that hangs gets it at the next start.
    await deliverCheckpoints(delivery, AbortSignal.timeout(LAST_DELIVERY_MS)).catch((error: unknown) =>
      deps.log.warn({ code: describeError(error).code }, 'the last checkpoint was not delivered'),
    );
  };
  return { ended: end() };
}

/** Undefined where this installation does not sign. `stop` signs what is still new. */
export async function startSigner(edge: Edge, deps: SigningDeps): Promise<{ stop(): Promise<void> } | undefined> {
  if (!edge.config.signer.enabled) return undefined;
  const stop = new AbortController();
  const { ended } = await runSigning(edge, deps, stop.signal);
  return {
    async stop() {
      stop.abort();
      await ended;
    },
  };
}
