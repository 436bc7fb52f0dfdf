/** `hearsay ledger sign`, `hearsay ledger status` and `hearsay signer`: signing once, looking at what is signed, and signing all the time. */
import { InvalidInputError } from '../../errors.ts';
import { parseVerifierKey } from '../../ledger/checkpoint.ts';
import { openNoteStore } from '../../signer/note-store.ts';
import type { SignReport } from '../../signer/sign-logs.ts';
import { readSigningStatus, type SigningStatus } from '../../signer/status.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { openSigner, signNow } from '../signing.ts';
import { openSigningDatabase, type SigningDatabase } from '../signing-database.ts';
import { runSigning } from '../start-signer.ts';

export interface SignFlags {
  readonly all?: boolean;
  readonly previousKey?: string;
  readonly json?: boolean;
}

/** Exit 1 when a log was refused: the others are signed. */
export async function signLedger(edge: Edge, slug: string | undefined, flags: SignFlags): Promise<ExitCode> {
  if ((slug === undefined) === (flags.all !== true)) throw new InvalidInputError('bad_target', 'name a topic, or say --all');
  const previousKey = flags.previousKey === undefined ? undefined : parseVerifierKey(flags.previousKey.trim()).publicKey;
  return withSigningDatabase(edge, async (database) => {
    const signer = await openSigner(edge, database, previousKey);
    const reports = await signNow(edge, database, { signer, ...(slug === undefined ? {} : { topics: [slug] }) });
    for (const report of reports) {
      const { topic, kind } = report;
      if (flags.json)
        await edge.out(`${JSON.stringify(kind === 'refused' ? { topic, kind, code: report.error.code, message: report.error.message } : report)}\n`);
      else await edge.out(`${topic.padEnd(16)} ${describeReport(report)}\n`);
    }
    return reports.some(({ kind }) => kind === 'refused') ? EXIT.failed : EXIT.ok;
  });
}

function describeReport(report: SignReport): string {
  switch (report.kind) {
    case 'empty':
      return 'no entries yet: nothing to sign';
    case 'signed':
      return `signed ${report.size} entries`;
    case 'unchanged':
      return `${report.size} entries, signed before`;
    case 'refused':
      return `REFUSED (${report.error.code}): ${report.error.message}`;
  }
}

/** Needs the database and the directory of notes; no key. */
export async function showStatus(edge: Edge, slug: string | undefined, flags: { readonly json?: boolean }): Promise<ExitCode> {
  return withSigningDatabase(edge, async ({ pool }) => {
    const rows = await readSigningStatus(pool, { host: edge.config.origin, notes: openNoteStore(edge.config.signer.dir) });
    const wanted = rows.filter(({ topic }) => slug === undefined || topic === slug);
    if (slug !== undefined && wanted.length === 0) throw new InvalidInputError('unknown_topic', `there is no ledger for topic ${slug}`);
    for (const row of wanted) await edge.out(flags.json ? `${JSON.stringify(row)}\n` : describeStatus(row));
    return EXIT.ok;
  });
}

function describeStatus(row: SigningStatus): string {
  const { checkpoint, refusal } = row;
  const lines = [
    `${row.topic}: ${row.entries} entries, ${row.unsigned} not signed yet`,
    checkpoint ? `  checkpoint  ${checkpoint.size} entries, signed ${checkpoint.signed_at}, ${checkpoint.cosignatures} cosignatures` : '  checkpoint  none yet',
    ...(checkpoint ? [`  key         ${checkpoint.vkey}`] : []),
    `  own note    ${row.own_size === undefined ? 'none here' : `${row.own_size} entries`}`,
    ...(refusal ? [`  REFUSED     since ${refusal.since} (${refusal.code}): ${refusal.message}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The signer alone: the one machine with the key. Runs until stopped. */
export async function runSignerAlone(edge: Edge): Promise<ExitCode> {
  return withSigningDatabase(edge, async (database) => {
    const { dir, everySeconds, everyEntries } = edge.config.signer;
    const running = await runSigning(edge, database, edge.signal);
    edge.talk(`signing for ${edge.config.origin}: every ${everySeconds} s or ${everyEntries} entries, own notes in ${dir}`);
    await running.ended;
    return EXIT.ok;
  });
}

async function withSigningDatabase<T>(edge: Edge, run: (database: SigningDatabase) => Promise<T>): Promise<T> {
  const database = await openSigningDatabase(edge);
  try {
    return await run(database);
  } finally {
    await database.close();
  }
}
