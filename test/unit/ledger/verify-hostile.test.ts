/** Every entry that is wrong in itself, under hashes and signatures that are right: verification stops there, and names the place. */
import { describe, expect, it } from 'vitest';
import type { Failed } from '../../../src/ledger/verify.ts';
import { HOSTILE } from '../../conformance/python-verifier/hostile-entries.ts';
import { bytesOf, entries, seal, verifyHere } from '../../conformance/python-verifier/sample.ts';
import { commit, sealExport } from '../../conformance/python-verifier/sealed-export.ts';

describe('an export sealed anew around', () => {
  it.each(HOSTILE.map(({ name, where, change }) => ({ name, where, change })))('$name: $where', async ({ where, change }) => {
    const result = await verifyHere(bytesOf(await sealExport(change(entries).map(commit), seal)));
    expect(result.ok ? 'ok' : (result as Failed).where, JSON.stringify(result)).toBe(where);
  });
});
