/**
 * Who may do what in schema `hearsay` (design section 6, "Guards"): one list, which src/db/roles.ts makes true and
 * `hearsay doctor` compares with the database. A table that is not in it is a failed test: test/integration/guards.test.ts.
 *
 * hearsay_owner owns everything and cannot log in. A login becomes a member of the other roles: the application of
 * hearsay_app, which is all of them but the owner.
 */
export const OWNER = 'hearsay_owner';
export const APP = 'hearsay_app';
/** What hearsay_app is made of. */
export const PARTS = ['hearsay_append', 'hearsay_erase', 'hearsay_sign', 'hearsay_read'] as const;
export const ROLES = [OWNER, ...PARTS, APP] as const;

type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
type Granted = Partial<Record<'append' | 'sign' | 'read' | 'app', readonly Privilege[]>>;

const READ = ['SELECT'] as const;
const ADD = ['SELECT', 'INSERT'] as const;
const CHANGE = ['SELECT', 'INSERT', 'UPDATE'] as const;
const ALL = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

export const TABLES: Readonly<Record<string, Granted>> = {
  // The ledger: added to, never changed. Content is destroyed by hearsay.erase_content alone, which runs as the owner.
  ledger_entry: { append: ADD, sign: READ, read: READ },
  ledger_content: { append: ADD, read: READ },
  ledger_tile: { append: ADD, sign: READ, read: READ },
  ledger_head: { append: CHANGE, sign: READ, read: READ },
  ledger_source: { append: CHANGE, read: READ },
  ledger_erased: { append: READ, read: READ },
  blocked_post: { append: ADD },
  // What is signed, and where it has been sent.
  checkpoint: { append: READ, sign: ADD, read: READ },
  log_key: { sign: ADD, read: READ },
  cosignature: { sign: ADD, read: READ },
  checkpoint_delivery: { sign: CHANGE, read: READ },
  // Caches and the stages before the ledger: work in progress, erasable.
  counts: { sign: READ, read: READ, app: ALL },
  topic: { append: READ, sign: READ, read: READ, app: ALL },
  community: { read: READ, app: ALL },
  crawl: { read: READ, app: ALL },
  source_stop: { read: READ, app: ALL },
  source_switch: { read: READ, app: ADD },
  spending: { read: READ, app: CHANGE },
  request_day: { read: READ, app: ALL },
  coverage: { read: READ, app: ALL },
  coverage_gap: { read: READ, app: ALL },
  capture: { app: ALL },
  post: { app: ALL },
  post_revision: { app: ALL },
  post_sighting: { app: ALL },
  absence: { app: ALL },
  recheck_job: { app: ALL },
  recheck_round: { read: READ, app: ALL },
  citation: { app: ALL },
  citation_miss: { app: ALL },
  topic_post: { app: ALL },
  unannotated: { app: ALL },
  refusal: { read: READ, app: ALL },
  annotation: { app: ALL },
  llm_answer: { app: ALL },
  llm_usage: { read: READ, app: CHANGE },
  // Names of persons beside their pseudonyms.
  reviewer: { app: ADD },
  key_id: { read: READ, app: ADD },
  setting: { read: READ, app: ALL },
  host_turn: { app: ALL },
  migration: { read: READ, app: READ },
};

/** Signature -> who may call it. Trigger functions need nobody's right: the table's owner made the trigger. */
const FUNCTIONS: Readonly<Record<string, readonly (typeof PARTS)[number][]>> = {
  'erase_content(text,bigint)': ['hearsay_erase'],
};

export interface Grant {
  /** Name of a table, or signature of a function. */
  readonly object: string;
  readonly role: string;
  readonly privilege: Privilege | 'EXECUTE';
}

export function listGrants(): readonly Grant[] {
  const tables = Object.entries(TABLES).flatMap(([object, granted]) =>
    Object.entries(granted).flatMap(([part, privileges]) => privileges.map((privilege) => ({ object, role: `hearsay_${part}`, privilege }))),
  );
  const functions = Object.entries(FUNCTIONS).flatMap(([object, roles]) => roles.map((role) => ({ object, role, privilege: 'EXECUTE' as const })));
  return [...tables, ...functions];
}
