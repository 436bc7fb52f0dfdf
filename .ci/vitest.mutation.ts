import { defineConfig } from 'vitest/config';
export default defineConfig({ test: { include: ['test/unit/ledger/**/*.test.ts','test/property/{canonical,export,excerpt,hash-text,header,history,proof,tile,verify,sha,seal}*.test.ts','test/vectors/**/*.test.ts','test/unit/witness/*.test.ts','test/unit/api/proofs.test.ts'], exclude: ['test/vectors/ed25519*'], maxWorkers: 1, root: '/work/main' } });
