/** A process that signs one log again and again, to be killed: `tsx signing-process.ts DATABASE_URL NOTES_DIR`. Prints a line per signature. */
import { createPool } from '../../src/db/pool.ts';
import { openNoteStore } from '../../src/signer/note-store.ts';
import { signTopic } from '../../src/signer/sign-topic.ts';

const [url, dir] = process.argv.slice(2) as [string, string];
const pool = createPool(url, { applicationName: 'test-signing-process', max: 2 });
const signer = { seed: new Uint8Array(32).fill(9), host: 'ledger.example', notes: openNoteStore(dir), log: { warn: () => undefined } };
for (;;) {
  const signed = await signTopic(pool, 'semax', signer);
  if (signed.kind === 'signed') process.stdout.write(`${signed.size}\n`);
}
