/** `ledger verify SLUG`: every table of the ledger is tampered with, as a superuser who can switch triggers off, and the place is told. */
import type { ClientBase, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/db/pool.ts';
import { parseCheckpoint, signCheckpoint, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { publishTopic } from '../../src/ledger/publish.ts';
import { type TopicVerified, verifyTopic } from '../../src/verify/verify-topic.ts';
import { ANNOTATOR, digest, type LedgerFixture, openLedger, report, review } from './ledger-fixture.ts';

const TABLES = [
  'ledger_entry',
  'ledger_content',
  'ledger_erased',
  'ledger_source',
  'ledger_head',
  'ledger_tile',
  'checkpoint',
  'log_key',
  'cosignature',
  'counts',
];

/** Entries: an annotator, 119 reports of three, review, withhold, question, tombstone. */
const SIZE = 1 + 119 * 3 + 4;

/** What is done to the stored rows, and where verification must find it. */
const TAMPERED: readonly { readonly name: string; readonly sql: string; readonly where: string; readonly why: RegExp }[] = [
  {
    name: 'a header',
    sql: `UPDATE ledger_entry SET header = replace(convert_from(header, 'UTF8'), 'positive', 'negative')::bytea WHERE seq = 1`,
    where: 'seq 1',
    why: /changed/,
  },
  {
    name: 'header and hash together',
    sql: `UPDATE ledger_entry SET header = replace(convert_from(header, 'UTF8'), 'positive', 'negative')::bytea, entry = sha256(header) WHERE seq = 1`,
    where: 'seq 1',
    why: /changed/,
  },
  { name: 'an entry hash', sql: `UPDATE ledger_entry SET entry = sha256(entry) WHERE seq = 300`, where: 'seq 300', why: /changed/ },
  { name: 'bytes that are no text', sql: `UPDATE ledger_entry SET header = '\\xff'::bytea || header WHERE seq = 2`, where: 'seq 2', why: /UTF-8/ },
  { name: 'a missing entry', sql: `DELETE FROM ledger_entry WHERE seq = 5`, where: 'seq 5', why: /missing/ },
  { name: 'a missing last entry', sql: `DELETE FROM ledger_entry WHERE seq = (SELECT max(seq) FROM ledger_entry)`, where: 'ledger_head', why: /size/ },
  { name: 'column type', sql: `UPDATE ledger_entry SET type = 'question' WHERE seq = 3`, where: 'seq 3', why: /ledger_entry\.type/ },
  { name: 'column ref', sql: `UPDATE ledger_entry SET ref = 1 WHERE seq = 5`, where: 'seq 5', why: /ledger_entry\.ref says 1, the header 4/ },
  { name: 'key of a claim', sql: `UPDATE ledger_entry SET key = 'else' WHERE seq = 2`, where: 'seq 2', why: /ledger_entry\.key/ },
  { name: 'key of an annotator', sql: `UPDATE ledger_entry SET key = 'else' WHERE seq = 0`, where: 'seq 0', why: /ledger_entry\.key/ },
  { name: 'key of a tombstone', sql: `UPDATE ledger_entry SET key = 'else' WHERE type = 'tombstone'`, where: 'seq 361', why: /ledger_entry\.key/ },
  {
    name: 'content',
    sql: `UPDATE ledger_content SET content = replace(convert_from(content, 'UTF8'), 'better', 'worse')::bytea WHERE seq = 1`,
    where: 'seq 1',
    why: /commitment/,
  },
  { name: 'a salt', sql: `UPDATE ledger_content SET salt = sha256(salt) WHERE seq = 1`, where: 'seq 1', why: /commitment/ },
  { name: 'missing content', sql: `DELETE FROM ledger_content WHERE seq = 1`, where: 'seq 1', why: /missing without a reason/ },
  {
    name: 'content for an entry that has none',
    sql: `INSERT INTO ledger_content VALUES ('semax', 0, sha256('a'), 'a')`,
    where: 'seq 0',
    why: /commits to none/,
  },
  {
    name: 'content put back after its tombstone',
    sql: `INSERT INTO ledger_content SELECT 'semax', 4, salt, content FROM ledger_content WHERE seq = 1`,
    where: 'seq 4',
    why: /commitment/,
  },
  { name: 'a source number', sql: `UPDATE ledger_source SET number = 1000 WHERE seq = 1`, where: 'seq 1', why: /ledger_source\.number/ },
  { name: 'a thread', sql: `UPDATE ledger_source SET thread = 4 WHERE seq = 7`, where: 'seq 7', why: /ledger_source\.thread/ },
  { name: 'an experience', sql: `UPDATE ledger_source SET experience = 4 WHERE seq = 7`, where: 'seq 7', why: /ledger_source\.experience/ },
  { name: 'a missing source row', sql: `DELETE FROM ledger_source WHERE seq = 7`, where: 'seq 7', why: /ledger_source\.number says null/ },
  {
    name: 'a source row beside a claim',
    sql: `INSERT INTO ledger_source (topic, seq, number, post_key, thread, experience) VALUES ('semax', 2, 999, 'k', 2, 2)`,
    where: 'seq 2',
    why: /ledger_source\.number/,
  },
  {
    name: 'a state: shown though withheld',
    sql: `UPDATE ledger_source SET state = 'live' WHERE seq = 7`,
    where: 'seq 7',
    why: /ledger_source\.state says live, the headers withheld/,
  },
  { name: 'a state: superseded', sql: `UPDATE ledger_source SET state = 'superseded' WHERE seq = 13`, where: 'seq 13', why: /ledger_source\.state/ },
  { name: 'ledger_erased without tombstone', sql: `INSERT INTO ledger_erased VALUES ('semax', 13, 361)`, where: 'seq 13', why: /ledger_erased\.tombstone/ },
  {
    name: 'ledger_erased of another tombstone',
    sql: `UPDATE ledger_erased SET tombstone = 360 WHERE seq = 4`,
    where: 'seq 4',
    why: /ledger_erased\.tombstone/,
  },
  { name: 'missing in ledger_erased', sql: `DELETE FROM ledger_erased WHERE seq = 4`, where: 'seq 4', why: /missing without a reason/ },
  { name: 'head entry', sql: `UPDATE ledger_head SET entry = sha256(entry)`, where: 'ledger_head', why: /column entry/ },
  { name: 'head frontier', sql: `UPDATE ledger_head SET frontier = sha256(frontier) || substr(frontier, 33)`, where: 'ledger_head', why: /column frontier/ },
  { name: 'head sources', sql: `UPDATE ledger_head SET sources = sources + 1`, where: 'ledger_head', why: /column sources/ },
  { name: 'head questions', sql: `UPDATE ledger_head SET questions = questions + 1`, where: 'ledger_head', why: /column questions/ },
  { name: 'head size', sql: `UPDATE ledger_head SET size = size - 1`, where: 'ledger_head', why: /column size/ },
  { name: 'a tile', sql: `UPDATE ledger_tile SET hashes = set_byte(hashes, 8000, get_byte(hashes, 8000) # 1)`, where: 'ledger_tile 0/0', why: /hashes/ },
  { name: 'a missing tile', sql: `DELETE FROM ledger_tile`, where: 'ledger_tile 0/0', why: /not stored/ },
  { name: 'a tile too many', sql: `INSERT INTO ledger_tile SELECT topic, level, 7, hashes FROM ledger_tile`, where: 'ledger_tile 0/7', why: /do not fill/ },
  { name: 'an upper tile too early', sql: `INSERT INTO ledger_tile SELECT topic, 1, 0, hashes FROM ledger_tile`, where: 'ledger_tile 1/0', why: /do not fill/ },
  { name: 'size of a checkpoint', sql: `UPDATE checkpoint SET size = 2 WHERE size = 1`, where: 'checkpoint 2', why: /column size/ },
  { name: 'root of a checkpoint', sql: `UPDATE checkpoint SET root = sha256(root) WHERE size = 1`, where: 'checkpoint 1', why: /column root/ },
  {
    name: 'signature of a checkpoint',
    sql: `UPDATE checkpoint SET note = overlay(note placing 'AAAA' from length(note) - 20) WHERE size = 1`,
    where: 'checkpoint 1',
    why: /does not hold/,
  },
  { name: 'a note that is none', sql: `UPDATE checkpoint SET note = 'x' WHERE size = 1`, where: 'checkpoint 1', why: /note/ },
  { name: 'a missing key', sql: `DELETE FROM log_key`, where: `checkpoint ${SIZE}`, why: /no key/ },
  { name: 'a key that is none', sql: `UPDATE log_key SET vkey = 'x'`, where: 'log_key', why: /verifier key/ },
  {
    name: 'a cosignature that is none',
    sql: `INSERT INTO cosignature SELECT 'semax', size, 'w', 'x' FROM checkpoint WHERE size = 1`,
    where: 'checkpoint 1',
    why: /signature line/,
  },
  {
    name: 'a cosignature under another name',
    sql: `INSERT INTO cosignature SELECT 'semax', size, 'w', '— v AAAAAAAAAA==' FROM checkpoint WHERE size = 1`,
    where: 'checkpoint 1',
    why: /cosignature\.name/,
  },
  { name: 'published counts', sql: `UPDATE counts SET document = replace(document::text, '"posts":', '"posts":1')::json`, where: 'counts', why: /add up/ },
  { name: 'root of the counts', sql: `UPDATE counts SET root = sha256(root)`, where: 'counts', why: /column root/ },
  { name: 'size of the counts', sql: `UPDATE counts SET size = 10000`, where: 'counts', why: /column size/ },
];

describe('a topic in the database', () => {
  let ledger: LedgerFixture;

  beforeAll(async () => {
    ledger = await openLedger();
    await ledger.append(ANNOTATOR);
    await ledger.sign();
    const reports = Array.from({ length: 118 }, (_, post) =>
      report({ post: `p${post}`, text: `post ${post}: it made my focus better, I think`, thread: `t${post % 40}` }),
    );
    await ledger.append(...reports);
    await ledger.append(report({ post: 'p3', revision: 2, text: 'edited: it made my focus better, or so I think' }));
    await ledger.append(review(2, { note: 'clear' }));
    await ledger.append({ type: 'withhold', postKey: digest('post:p2'), reason: 'removed_on_platform' });
    await ledger.append({ type: 'question', id: 'q1', text: 'Does it keep?' });
    await ledger.append({ type: 'tombstone', postKey: digest('post:p1'), reason: 'source_deleted' });
    await ledger.sign();
    await publishTopic(ledger.pool, 'semax', ledger.folds);
  }, 120_000);

  afterAll(() => ledger.close());

  it('verifies, with every checkpoint, tile and the published counts', async () => {
    const result = (await verifyTopic(ledger.pool, 'semax')) as TopicVerified;
    expect(result).toMatchObject({
      ok: true,
      origin: 'ledger.example/semax',
      size: SIZE,
      entries: SIZE,
      unsigned: 0,
      checkpoints: 2,
      tiles: 1,
      counts: 'equal',
      erased: 3,
    });
    expect(result.quotes.checked).toBeGreaterThan(200);
  });

  it('counts entries that nobody has signed yet, and checks them all the same', async () => {
    await inTransaction(ledger.pool, async (client) => {
      await switchGuardsOff(client);
      await client.query('DELETE FROM checkpoint WHERE size > 1');
    });
    expect(await verifyTopic(ledger.pool, 'semax')).toMatchObject({ ok: true, size: 1, entries: SIZE, unsigned: SIZE - 1, checkpoints: 1 });
    await ledger.sign();
    expect(await verifyTopic(ledger.pool, 'semax')).toMatchObject({ ok: true, size: SIZE, unsigned: 0, checkpoints: 2 });
  });

  it.each(TAMPERED)('tells where it was tampered with: $name', async ({ sql, where, why }) => {
    const tampering = await ledger.pool.connect();
    try {
      await tampering.query('BEGIN');
      await switchGuardsOff(tampering);
      expect((await tampering.query(sql)).rowCount).toBeGreaterThan(0);
      // Seen from inside the transaction, which is rolled back: the next case starts from a sound ledger.
      const inside = {
        connect: async () => ({
          query: (text: string, values?: unknown[]) => withoutTransaction(tampering, text, values),
          release: () => undefined,
          on: () => undefined,
          off: () => undefined,
        }),
      };
      const result = await verifyTopic(inside as unknown as Pool, 'semax');
      expect(result).toMatchObject({ ok: false, where });
      expect((result as { why: string }).why).toMatch(why);
    } finally {
      await tampering.query('ROLLBACK');
      tampering.release();
    }
  });

  it('holds it against a key, a kept checkpoint and witnesses', async () => {
    const { rows } = await ledger.pool.query<{ note: string }>('SELECT note FROM checkpoint WHERE size = 1');
    const old = parseCheckpoint(rows[0]?.note as string);
    expect(await verifyTopic(ledger.pool, 'semax', { oldCheckpoint: old })).toMatchObject({ ok: true });
    const other = { ...old, root: new Uint8Array(32) };
    expect(await verifyTopic(ledger.pool, 'semax', { oldCheckpoint: other })).toMatchObject({ ok: false, where: 'checkpoint' });
    const stranger = await verifierKeyOf('ledger.example/semax', new Uint8Array(32).fill(1));
    expect(await verifyTopic(ledger.pool, 'semax', { key: stranger })).toMatchObject({ ok: false, where: 'key' });
    const own = await verifierKeyOf('ledger.example/semax', ledger.signer.seed);
    expect(await verifyTopic(ledger.pool, 'semax', { key: own })).toMatchObject({ ok: true, signer: 'authenticated' });
    expect(await verifyTopic(ledger.pool, 'semax', { witnesses: [stranger] })).toMatchObject({ ok: false, where: 'checkpoint' });
  });

  it("refuses another log's key, though the signature was copied to a line with that key's name", async () => {
    const key = await verifierKeyOf('ledger.example/selank', ledger.signer.seed);
    const { rows } = await ledger.pool.query<{ note: string }>('SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1');
    const own = parseCheckpoint(rows[0]?.note as string).signatures[0]?.signature as Uint8Array;
    const line = `— ${key.name} ${Buffer.concat([Buffer.from(key.id), Buffer.from(own)]).toString('base64')}`;
    await ledger.pool.query('INSERT INTO cosignature (topic, size, name, line) VALUES ($1, $2, $3, $4)', ['semax', SIZE, key.name, line]);
    expect(await verifyTopic(ledger.pool, 'semax', { key })).toMatchObject({ ok: false, where: 'key', why: expect.stringContaining(key.name) });
    await inTransaction(ledger.pool, async (client) => {
      await switchGuardsOff(client);
      await client.query('DELETE FROM cosignature');
    });
  });

  it('tells checkpoints apart whose key nobody kept, as those of an earlier release', async () => {
    await inTransaction(ledger.pool, async (client) => {
      await switchGuardsOff(client);
      const { rows } = await client.query<{ root: Buffer }>('SELECT root FROM checkpoint WHERE size = 1');
      const note = await signCheckpoint({ origin: 'before.example/semax', size: 1, root: new Uint8Array(rows[0]?.root as Buffer) }, new Uint8Array(32).fill(4));
      await client.query('UPDATE checkpoint SET note = $1 WHERE size = 1', [note]);
    });
    expect(await verifyTopic(ledger.pool, 'semax')).toMatchObject({ ok: true, checkpoints: 2, byUnknownKeys: 1 });
  });

  it('says that there is no such topic', async () => {
    await expect(verifyTopic(ledger.pool, 'nothing')).rejects.toMatchObject({ code: 'unknown_topic' });
  });
});

/** Guards and foreign keys stop mistakes and stolen passwords, not who owns the tables: that is what verification is for. */
async function switchGuardsOff(client: ClientBase): Promise<void> {
  for (const table of TABLES) await client.query(`ALTER TABLE hearsay.${table} DISABLE TRIGGER ALL`);
}

function withoutTransaction(client: ClientBase, text: string, values?: unknown[]): Promise<unknown> {
  return /^(?:BEGIN|ROLLBACK)/.test(text) ? Promise.resolve({ rows: [] }) : client.query(text, values);
}
