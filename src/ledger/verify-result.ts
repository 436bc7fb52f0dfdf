/** What verification is asked, and what it answers (docs/ledger-format.md, "Checking"). Shared by all of verify*.ts. */
import { HearsayError } from '../errors.ts';
import type { Checkpoint, VerifierKey } from './checkpoint.ts';

export interface VerifyOptions {
  /** Trusted key, from outside the export; absent = consistency only. */
  readonly key?: VerifierKey;
  /** An older checkpoint, kept outside: the log must still have exactly this root at its size. */
  readonly oldCheckpoint?: Checkpoint;
  /** Witnesses whose cosignatures must be there and hold (c2sp.org/tlog-cosignature). */
  readonly witnesses?: readonly VerifierKey[];
  /** Told now and then how many entries have been checked. */
  readonly onProgress?: (entries: number) => void;
}

export interface Verified {
  readonly ok: true;
  readonly topic: string;
  readonly origin: string;
  /** Entries the checkpoint covers. */
  readonly size: number;
  /** Entries that were looked at: all of them, but in an excerpt. */
  readonly entries: number;
  readonly excerpt: boolean;
  /** hex */
  readonly root: string;
  /** The last entry's hash, hex; an excerpt has none. */
  readonly head?: string;
  readonly open: number;
  readonly withheld: number;
  readonly erased: number;
  readonly quotes: { readonly checked: number; readonly unchecked: number };
  readonly counts: 'equal' | 'not checked';
  /** Earlier checkpoints that this log was shown to extend. */
  readonly history: number;
  /** Cosignatures of the witnesses asked for; `time` in POSIX seconds. */
  readonly witnesses: readonly { readonly name: string; readonly time: number }[];
  readonly signer: 'authenticated' | 'not authenticated';
  /** Sha-256 of the public key in the export, hex. */
  readonly fingerprint: string;
}

/** `where`: `seq N`, `line N`, `checkpoint`, `key`, `counts`. */
export interface Failed {
  readonly ok: false;
  readonly where: string;
  readonly why: string;
}

/** Stops verification: what is checked is wrong. An own bug is any other error. */
export class Failure extends Error {
  readonly where: string;
  constructor(where: string, why: string) {
    super(why);
    this.where = where;
  }
}

/** Runs a check and says where it failed. */
export function placed<T>(where: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw toFailure(where, error);
  }
}

export function toFailure(where: string, error: unknown): unknown {
  return error instanceof HearsayError ? new Failure(where, error.message) : error;
}

/** The outcome of a verification that raises `Failure`. */
export async function settle<T>(verification: () => Promise<T>): Promise<T | Failed> {
  try {
    return await verification();
  } catch (error) {
    if (error instanceof Failure) return { ok: false, where: error.where, why: error.message };
    throw error;
  }
}
