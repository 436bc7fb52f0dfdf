/**
 * Signing from commands: opens the signer with this installation's key and directory, and signs what is new at the end of commands that
 * append, so that what they print and export next is signed. Proved by test/integration/signing-commands.test.ts.
 */
import { InvalidInputError } from '../errors.ts';
import { loadSigningKey, readSigningKey, signingKeyPath } from '../keys.ts';
import { deliverCheckpoints } from '../places/deliver.ts';
import { newestOutside, openPlaces } from '../places/list.ts';
import { openNoteStore } from '../signer/note-store.ts';
import { listHeads, signLog, type SignReport } from '../signer/sign-logs.ts';
import type { Signer } from '../signer/sign-topic.ts';
import type { Hearsay } from '../pipeline/hearsay.ts';
import type { Edge } from './edge.ts';

/** What signing needs of an opened Hearsay: a signer of its own has no more. */
export type SigningDeps = Pick<Hearsay, 'pool' | 'now' | 'log'>;

/** With HEARSAY_SIGNER=off a key must be there: none is made where it was said that nothing is signed. */
export async function openSigner(edge: Edge, { log }: Pick<SigningDeps, 'log'>, previousKey?: Uint8Array): Promise<Signer> {
  const { config } = edge;
  const seed = config.signer.enabled ? (await loadSigningKey(config)).seed : await readSigningKey(config);
  if (seed === undefined) {
    throw new InvalidInputError('signing_key_missing', `there is no signing key in ${signingKeyPath(config)}, and with HEARSAY_SIGNER=off none is made`);
  }
  const places = openPlaces(config.checkpointPlaces, config.allowHosts);
  return {
    seed,
    host: config.origin,
    notes: openNoteStore(config.signer.dir),
    log,
    newestOutside: (origin) => newestOutside(places, origin, log),
    ...(previousKey ? { previousKey } : {}),
  };
}

/** Signs the topics named, or all, and brings what is new to the outside places. A refusal of one does not hold up the others. */
export async function signNow(edge: Edge, deps: SigningDeps, what: { readonly signer: Signer; readonly topics?: readonly string[] }): Promise<SignReport[]> {
  const { signer, topics } = what;
  const slugs = topics ?? (await listHeads(deps.pool)).map(({ topic }) => topic);
  const reports: SignReport[] = [];
  for (const topic of slugs) reports.push(await signLog(deps.pool, topic, { signer, now: deps.now }));
  const places = openPlaces(edge.config.checkpointPlaces, edge.config.allowHosts);
  // A place that fails is logged, kept for the next time and shown by `doctor`: what was signed is signed.
  if (places.length > 0 && reports.some(({ kind }) => kind === 'signed')) await deliverCheckpoints({ ...deps, places }, edge.signal);
  return reports;
}

/** Where this installation signs: signs what is new. Raises the IntegrityError of the first log that is refused, after the others are signed. */
export async function signAtEnd(edge: Edge, deps: SigningDeps): Promise<void> {
  if (!edge.config.signer.enabled) return;
  for (const report of await signNow(edge, deps, { signer: await openSigner(edge, deps) })) if (report.kind === 'refused') throw report.error;
}
