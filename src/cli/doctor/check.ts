/** What a check of the doctor finds, and what it is given. */
import type { openDatabase } from '../../db/embedded.ts';
import type { Source } from '../../sources/source.ts';

/** `false`: hearsay cannot work so. `'warn'`: it works, but something is missing or unwise. */
export interface Check {
  readonly name: string;
  readonly ok: boolean | 'warn';
  readonly found: string;
  readonly doThis?: string;
}

export interface DoctorDeps {
  /** `process.version`. */
  readonly nodeVersion: string;
  readonly now: () => Date;
  readonly sources: readonly Pick<Source, 'name' | 'description'>[];
  /** Slugs of the topic files; raises with file, line and key where one is wrong. */
  readonly readTopics: () => Promise<readonly string[]>;
  readonly openDatabase: typeof openDatabase;
}
