/** A signing process is killed again and again while entries are appended: afterwards file, table and log are of one history. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseCheckpoint } from '../../src/ledger/checkpoint.ts';
import { proveConsistency, verifyConsistency } from '../../src/ledger/proof.ts';
import { createNodeReader } from '../../src/ledger/tile.ts';
import { createTileReader } from '../../src/ledger/tile-reader.ts';
import { ANNOTATOR, openLedger } from './ledger-fixture.ts';

const PROCESS = path.resolve(import.meta.dirname, 'signing-process.ts');
const KILLS = 8;

it(`${KILLS} killed signers leave one history, and the next one goes on`, { timeout: 300_000 }, async () => {
  const ledger = await openLedger();
  try {
    const { pool, url, signer, sign, append, verify } = ledger;
    await append(ANNOTATOR);
    let killing = true;
    const appending = (async () => {
      for (let at = 0; killing; at++) await append({ type: 'question', id: `q${at}`, text: 'does it keep?' });
    })();
    let signatures = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), PROCESS, url, signer.notes.dir], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'close');
      const target = signatures + 1 + (kill % 3);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        signatures += text.split('\n').length - 1;
        // Wherever it is by then: proving, writing the file, between file and table, committing.
        if (signatures >= target) setTimeout(() => child.kill('SIGKILL'), kill % 5);
      });
      expect(await ended).toEqual([null, 'SIGKILL']);
    }
    killing = false;
    await appending;

    await sign();
    const own = parseCheckpoint((await signer.notes.read('ledger.example/semax')) ?? '');
    const rows = await pool.query<{ size: number; note: string }>('SELECT size, note FROM checkpoint ORDER BY size');
    const checkpoints = rows.rows.map(({ note }) => parseCheckpoint(note));
    expect(checkpoints.length).toBeGreaterThan(KILLS);
    expect(checkpoints.at(-1)).toEqual(own);
    const reader = createNodeReader(createTileReader(pool, 'semax'), own.size);
    for (const { size, root } of checkpoints) {
      const proof = await proveConsistency(reader, { from: size, to: own.size });
      verifyConsistency({ from: size, fromRoot: root, to: own.size, toRoot: own.root, proof });
    }
    expect(await verify()).toMatchObject({ ok: true, size: own.size });
    // A killed one may leave a draft; the notes are whole.
    const files = await readdir(signer.notes.dir);
    expect(files.filter((name) => !name.endsWith('.draft'))).toHaveLength(1);
  } finally {
    await ledger.close();
  }
});
