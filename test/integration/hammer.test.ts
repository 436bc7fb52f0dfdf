/**
 * Eight writers on one ledger and four readers outside it, for a minute: the readers know the verifier key and the files that are
 * served, and hold every inclusion and consistency proof they make of them against one common checkpoint, which only moves to one that
 * extends it. HEARSAY_TEST_HAMMER_SECONDS sets another time.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTransaction } from '../../src/db/pool.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { type Checkpoint, isSignedBy, parseCheckpoint, type VerifierKey, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { createDatabaseLog } from '../../src/ledger/database-log.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import { GroupAppender } from '../../src/ledger/group-append.ts';
import { leafHashOf } from '../../src/ledger/merkle.ts';
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts';
import { publishTopic } from '../../src/ledger/publish.ts';
import { createNodeReader, decodeEntryBundle, formatLogPath, TILE_WIDTH, widthAt } from '../../src/ledger/tile.ts';
import { verifyTopic } from '../../src/verify/verify-topic.ts';
import { serve } from '../unit/api/serve.ts';
import { MemoryLedger } from '../unit/api/memory-ledger.ts';
import { ANNOTATOR, digest, type LedgerFixture, openLedger, report, review } from './ledger-fixture.ts';

const SECONDS = Number(process.env['HEARSAY_TEST_HAMMER_SECONDS'] || 60);
const WRITERS = 8;
const READERS = 4;

let ledger: LedgerFixture;
let appends: GroupAppender;
let app: ReturnType<typeof serve>['app'];
let key: VerifierKey;
beforeAll(async () => {
  ledger = await openLedger();
  await ledger.append(ANNOTATOR);
  appends = new GroupAppender(ledger.pool, { folds: ledger.folds, now: () => new Date() });
  app = serve(new MemoryLedger(), { logOf: (slug) => createDatabaseLog(ledger.pool, slug) }).app;
  key = await verifierKeyOf('ledger.example/semax', ledger.signer.seed);
});
afterAll(() => ledger.close());

async function fetchBytes(path: string): Promise<Uint8Array> {
  const answer = await app.request(`/log/semax/${path}`);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Proofs out of the served tiles. */
function readerAt(size: number) {
  return createNodeReader({ readTiles: (tiles) => Promise.all(tiles.map((tile) => fetchBytes(formatLogPath({ kind: 'tile', ...tile })))) }, size);
}

interface Tally {
  appended: number;
  moved: number;
  inclusions: number;
  consistencies: number;
}

/** Writers differ in what they do most: whole batches, single requests that share transactions, edits of one and the same post, erasures. */
async function write(writer: number, until: number, tally: Tally): Promise<void> {
  for (let turn = 0; Date.now() < until; turn++) {
    const name = (nth: number) => `w${writer}-${turn}-${nth}`;
    if (writer < 4) {
      const reports = Array.from({ length: randomInt(1, 60) }, (_, nth) => report({ post: name(nth), thread: `t${nth % 5}` }));
      const outcomes = await inTransaction(ledger.pool, (client) => appendEntries(client, { topic: 'semax', now: new Date(), folds: ledger.folds }, reports));
      tally.appended += outcomes.length;
    } else if (writer < 6) {
      const questions = Array.from({ length: randomInt(1, 20) }, (_, nth) =>
        appends.append('semax', { type: 'question', id: name(nth), text: `Is it so? ${name(nth)}` }),
      );
      tally.appended += (await Promise.all(questions)).length;
    } else {
      const [outcome] = await ledger.append(report({ post: `common-${writer}`, revision: turn + 1 }));
      if (outcome?.outcome === 'appended') await appends.append('semax', review(outcome.seq, { decision: turn % 2 ? 'accept' : 'reject' }));
      if (turn % 20 === 19) await appends.append('semax', { type: 'withhold', postKey: digest(`post:common-${writer}`), reason: 'removed_on_platform' });
      if (turn % 20 === 19) await appends.append('semax', { type: 'restore', postKey: digest(`post:common-${writer}`), reason: 'back_on_platform' });
      tally.appended += 1;
    }
  }
}

it(
  'never shows anybody a proof that fails',
  async () => {
    await ledger.sign();
    const tally: Tally = { appended: 0, moved: 0, inclusions: 0, consistencies: 0 };
    const until = Date.now() + SECONDS * 1_000;
    let common: Checkpoint = parseCheckpoint(new TextDecoder().decode(await fetchBytes('checkpoint')));

    async function sign(): Promise<void> {
      for (; Date.now() < until; await sleep(200)) {
        await ledger.sign();
        await publishTopic(ledger.pool, 'semax', ledger.folds);
      }
    }

    /** Moves the common checkpoint on, if the newest one extends it. Whoever saw an older one meanwhile changes nothing. */
    async function advance(): Promise<void> {
      const from = common;
      const next = parseCheckpoint(new TextDecoder().decode(await fetchBytes('checkpoint')));
      expect(await isSignedBy(next, key)).toBe(true);
      const [older, newer] = next.size < from.size ? [next, from] : [from, next];
      const proof = await proveConsistency(readerAt(newer.size), { from: older.size, to: newer.size });
      verifyConsistency({ from: older.size, fromRoot: older.root, to: newer.size, toRoot: newer.root, proof });
      tally.consistencies += 1;
      if (next.size <= common.size) return;
      common = next;
      tally.moved += 1;
    }

    async function read(): Promise<void> {
      while (Date.now() < until) {
        await advance();
        const { size, root } = common;
        const index = randomInt(size);
        const page = { index: Math.floor(index / TILE_WIDTH), width: widthAt(size, { level: 0, index: Math.floor(index / TILE_WIDTH) }) };
        const bundle = decodeEntryBundle(await fetchBytes(formatLogPath({ kind: 'entries', ...page })));
        const proof = await proveInclusion(readerAt(size), { index, size });
        verifyInclusion({ index, size, leaf: leafHashOf(bundle[index % TILE_WIDTH] as Uint8Array), root, proof });
        tally.inclusions += 1;
      }
    }

    await Promise.all([
      sign(),
      ...Array.from({ length: WRITERS }, (_, writer) => write(writer, until, tally)),
      ...Array.from({ length: READERS }, () => read()),
    ]);
    await ledger.sign();
    await advance();
    const verified = await verifyTopic(ledger.pool, 'semax', { key });
    expect(verified).toMatchObject({ ok: true, unsigned: 0, signer: 'authenticated' });
    expect(verified).toMatchObject({ root: bytesToHex(common.root), size: common.size });
    expect((await new FoldReader().foldAt(ledger.pool, 'semax')).size).toBe(common.size);
    for (const many of Object.values(tally)) expect(many).toBeGreaterThan(3);
    console.info(`hammer: ${common.size} entries, ${tally.inclusions} inclusion and ${tally.consistencies} consistency proofs, ${tally.moved} checkpoints`);
  },
  (SECONDS + 120) * 1_000,
);
