/** A database with one empty topic, and short ways to ask things of its ledger. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pool } from 'pg';
import { createPool, inTransaction } from '../../src/db/pool.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { exportTopic } from '../../src/ledger/export.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import type { AppendOutcome, AppendRequest, ReviewRequest, SourceRequest } from '../../src/ledger/request.ts';
import { type Failed, type Verified, verifyExport } from '../../src/ledger/verify.ts';
import { openNoteStore } from '../../src/signer/note-store.ts';
import { type Signed, type Signer, signTopic } from '../../src/signer/sign-topic.ts';
import { createTestDatabase } from './database.ts';

export const NOW = new Date('2026-03-04T05:06:07Z');

export interface LedgerFixture {
  /** A superuser's address of the database. */
  readonly url: string;
  readonly pool: Pool;
  readonly folds: FoldReader;
  /** Signs as ledger.example, with its notes in a folder of its own. */
  readonly signer: Signer;
  append(...requests: AppendRequest[]): Promise<AppendOutcome[]>;
  sign(): Promise<Signed>;
  /** Signs what is new, exports, and verifies the export. */
  verify(options?: { withContent?: boolean }): Promise<Verified | Failed>;
  close(): Promise<void>;
}

export async function openLedger(topic = 'semax'): Promise<LedgerFixture> {
  const database = await createTestDatabase();
  const pool = createPool(database.url, { applicationName: 'test-ledger', max: 12 });
  await pool.query(`INSERT INTO topic (slug, title, document) VALUES ($1, $1, '{}')`, [topic]);
  await pool.query('INSERT INTO ledger_head (topic) VALUES ($1)', [topic]);
  const folds = new FoldReader();
  const notes = await mkdtemp(path.join(tmpdir(), 'hearsay-notes-'));
  const signer: Signer = { seed: new Uint8Array(32).fill(9), host: 'ledger.example', notes: openNoteStore(notes), log: { warn: () => undefined } };
  const sign = (): Promise<Signed> => signTopic(pool, topic, signer);
  return {
    url: database.url,
    pool,
    folds,
    signer,
    sign,
    append: (...requests) => inTransaction(pool, (client) => appendEntries(client, { topic, now: NOW, folds }, requests)),
    async verify(options = {}) {
      await sign();
      return verifyExport(linesOf(pool, topic, options.withContent ?? true));
    },
    async close() {
      await pool.end();
      await rm(notes, { recursive: true, force: true });
      await database.drop();
    },
  };
}

async function* linesOf(pool: Pool, topic: string, withContent: boolean): AsyncGenerator<string> {
  for await (const line of exportTopic(pool, topic, { withContent, policyOf: () => 'summary' })) yield line.slice(0, -1);
}

export function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export const ANNOTATOR: AppendRequest = { type: 'annotator', annotator: 'embedded-00000001', kind: 'embedded', digest: 'b'.repeat(64) };

interface SourceOptions {
  readonly post: string;
  readonly revision?: number;
  readonly text?: string;
  readonly author?: string;
  readonly thread?: string;
  readonly flags?: SourceRequest['labels']['flags'];
  readonly direction?: 'improves' | 'worsens';
}

/** A first-person report with one main and one effect claim. */
export function report(options: SourceOptions): SourceRequest {
  const { post, revision = 1, text = `${post}: it made my focus better, I think`, direction = 'improves' } = options;
  const content = { statement: 'Focus improved.', quote: text.slice(0, 20), start: 0, end: Math.min(20, text.length), effect_text: 'focus' };
  return {
    type: 'source',
    key: digest(`source:${post}:${revision}`),
    postKey: digest(`post:${post}`),
    revisionId: revision,
    labels: {
      platform: 'reddit',
      document_type: 'first_person_report',
      tier: 'anecdotal',
      sentiment: 'positive',
      study_design: 'none',
      language: 'en',
      first_person: 1,
      commercial: 0,
      confidence_ppm: 900_000,
      flags: options.flags ?? [],
      annotator: 'embedded-00000001',
    },
    ...(options.thread ? { threadKey: digest(`thread:${options.thread}`) } : {}),
    ...(options.author ? { authorKey: digest(`author:${options.author}`) } : {}),
    textDigest: digest(text),
    bands: [],
    content: { native_id: post, text, summary: 'A person reports better focus.' },
    claims: [
      {
        kind: 'main',
        compound: 'semax',
        effect: 'none',
        direction: 'none',
        tier: 'anecdotal',
        confidencePpm: 900_000,
        flags: [],
        content: { ...content, effect_text: '' },
      },
      { kind: 'effect', compound: 'semax', effect: 'focus', direction, tier: 'anecdotal', confidencePpm: 900_000, flags: [], content },
    ],
  };
}

export function review(ref: number, more: Partial<ReviewRequest> = {}): ReviewRequest {
  return { type: 'review', id: randomUUID(), ref, role: 'primary', decision: 'accept', amended: {}, reviewer: 'r-test', expects: -1, note: '', ...more };
}
