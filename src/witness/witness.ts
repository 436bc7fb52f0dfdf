/**
 * A witness of transparency logs (c2sp.org/tlog-witness): cosigns a log's new checkpoint when it agrees with the last one it cosigned.
 * It knows nothing of what the logs hold, works for any C2SP log, and needs no database. Requests for one log are taken one after the
 * other, and what is cosigned is on disk before anybody is told: so no checkpoint can roll another back.
 * HTTP is server.ts. Proved by test/unit/witness/, test/property/witness.test.ts and test/integration/witness.test.ts.
 */
import { type Checkpoint, isSignedBy, namesKey, type VerifierKey } from '../ledger/checkpoint.ts';
import { signCosignature, type WitnessKey } from '../ledger/cosignature.ts';
import { type AddCheckpoint, formatAddCheckpoint, parseAddCheckpoint } from './add-checkpoint.ts';
import { judgeCheckpoint, type Verdict } from './judge.ts';
import { parseLogCheckpoint } from './log-checkpoint.ts';
import type { LogList } from './log-list.ts';
import type { Cosigned, WitnessState } from './state.ts';

export type Answer =
  | Exclude<Verdict, { kind: 'consistent' }>
  | { readonly kind: 'unknown_log' | 'not_signed' }
  | { readonly kind: 'cosigned'; readonly line: string };

/** A log that should be asked about: its signature holds, and it does not agree with what was cosigned. */
export interface Suspicion {
  readonly kind: 'contradiction' | 'unproved';
  readonly origin: string;
  readonly size: number;
  /** Whether it was written to the evidence folder; at most so many are. */
  readonly kept: boolean;
}

export interface WitnessDeps {
  readonly key: WitnessKey;
  readonly logs: LogList;
  readonly state: WitnessState;
  readonly now: () => Date;
  readonly onSuspicion: (suspicion: Suspicion) => void;
}

export interface Witness {
  readonly logs: LogList;
  /** The last cosigned checkpoint of a log, if there is one. */
  lastOf(origin: string): Cosigned | undefined;
  /** `body` of an add-checkpoint request. @throws InvalidInputError `bad_request`, `bad_checkpoint` */
  addCheckpoint(body: string): Promise<Answer>;
}

export function createWitness(deps: WitnessDeps): Witness {
  const last = new Map(deps.state.logs);
  const takeTurn = createTurns();

  async function decide(checkpoint: Checkpoint, request: AddCheckpoint): Promise<Answer> {
    const before = last.get(checkpoint.origin);
    const verdict = judgeCheckpoint(checkpoint, request, before?.checkpoint);
    if (verdict.kind === 'contradiction' || verdict.kind === 'unproved') await suspect(verdict.kind, { checkpoint, request, before });
    if (verdict.kind !== 'consistent') return verdict;
    const line = await signCosignature(checkpoint.body, { ...deps.key, time: Math.floor(deps.now().getTime() / 1000) });
    const cosigned = { checkpoint, note: `${checkpoint.body}\n${[...linesOf(request.note, checkpoint, deps.logs), line].join('\n')}\n` };
    // Cosigning what was cosigned says nothing new that must not be forgotten.
    if (before === undefined || before.checkpoint.size !== checkpoint.size) await deps.state.save(cosigned);
    last.set(checkpoint.origin, cosigned);
    return { kind: 'cosigned', line };
  }

  async function suspect(
    kind: Suspicion['kind'],
    { checkpoint, request, before }: { checkpoint: Checkpoint; request: AddCheckpoint; before: Cosigned | undefined },
  ): Promise<void> {
    const text = `${kind}, noted ${deps.now().toISOString()}\n\nthe last checkpoint cosigned:\n\n${before?.note ?? 'none\n'}\nthe request:\n\n${formatAddCheckpoint(request)}`;
    const kept = await deps.state.keepEvidence({ kind, checkpoint, text });
    deps.onSuspicion({ kind, origin: checkpoint.origin, size: checkpoint.size, kept });
  }

  return {
    logs: deps.logs,
    lastOf: (origin) => last.get(origin),
    async addCheckpoint(body) {
      const request = parseAddCheckpoint(body);
      const checkpoint = parseLogCheckpoint(request.note);
      const keys = deps.logs.get(checkpoint.origin);
      if (keys === undefined) return { kind: 'unknown_log' };
      if (!(await isSignedByOne(checkpoint, keys))) return { kind: 'not_signed' };
      return await takeTurn(checkpoint.origin, () => decide(checkpoint, request));
    },
  };
}

async function isSignedByOne(checkpoint: Checkpoint, keys: readonly VerifierKey[]): Promise<boolean> {
  for (const key of keys) if (await isSignedBy(checkpoint, key)) return true;
  return false;
}

/** Signature lines of the log itself. What others added is not checked here, and must not make a note longer than one that is read. */
function linesOf(note: string, checkpoint: Checkpoint, logs: LogList): string[] {
  const keys = logs.get(checkpoint.origin) ?? [];
  const lines = note.slice(checkpoint.body.length + 1, -1).split('\n');
  return lines.filter((_, at) => keys.some((key) => namesKey(checkpoint.signatures[at] as Checkpoint['signatures'][number], key)));
}

/** Runs the works of one name one after the other, in the order they came. */
function createTurns(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work, work);
    tails.set(name, turn);
    return turn;
  };
}
