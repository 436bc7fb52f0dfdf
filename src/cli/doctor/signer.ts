/** Checks of the signing: a log that is refused, and one that nobody signs. Proved by test/integration/signing-commands.test.ts. */
import type pg from 'pg';
import type { Config } from '../../config.ts';
import { HearsayError } from '../../errors.ts';
import { openNoteStore } from '../../signer/note-store.ts';
import { listUnsigned, readSigningStatus } from '../../signer/status.ts';
import type { Check } from './check.ts';

/** A signer at work is never so far behind what was counted, in seconds; with a longer HEARSAY_CHECKPOINT_SECONDS, that and some. */
const LATE_S = 60;

export async function checkSigner(pool: pg.Pool, config: Pick<Config, 'signer' | 'origin'>): Promise<readonly Check[]> {
  const { dir, enabled, everySeconds } = config.signer;
  try {
    const rows = await readSigningStatus(pool, { host: config.origin, notes: openNoteStore(dir) });
    const refused = rows.flatMap(({ topic, refusal }) => (refusal ? [{ topic, ...refusal }] : []));
    const late = (await listUnsigned(pool, Math.max(LATE_S, 3 * everySeconds))).filter((topic) => !refused.some((row) => row.topic === topic));
    const checks: Check[] = refused.map(({ topic, code, message, since }) => ({
      name: 'signer',
      ok: false,
      found: `${topic} is not signed since ${since} (${code}): ${message}`,
      doThis: 'nothing is signed until this is settled: docs/operation.md, "When the signer refuses"',
    }));
    if (late.length > 0) {
      const doThis = enabled
        ? 'start hearsay up or worker, or: hearsay ledger sign --all'
        : 'HEARSAY_SIGNER=off here: look after the machine that signs (hearsay signer)';
      checks.push({ name: 'signer', ok: 'warn', found: `what is counted of ${late.join(', ')} is not signed`, doThis });
    }
    if (checks.length > 0) return checks;
    const signed = rows.filter(({ checkpoint }) => checkpoint).length;
    return [
      { name: 'signer', ok: true, found: `${signed} of ${rows.length} logs signed${enabled ? `, own notes in ${dir}` : '; HEARSAY_SIGNER=off: elsewhere'}` },
    ];
  } catch (error) {
    if (!(error instanceof HearsayError)) throw error;
    return [{ name: 'signer', ok: false, found: `${error.code}: ${error.message}`, doThis: 'see the code on the page of errors (docs/errors.md)' }];
  }
}
