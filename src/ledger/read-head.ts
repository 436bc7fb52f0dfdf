/** The head of a topic's chain, to append to it or to see what an append would do. @throws IntegrityError `unknown_topic` */
import type { ClientBase } from 'pg';
import { IntegrityError } from '../errors.ts';
import { decodeFrontier } from './merkle.ts';
import type { Head } from './seal.ts';

interface HeadRow {
  size: number;
  entry: Buffer;
  frontier: Buffer;
  sources: number;
  questions: number;
}

/** With it the planner is told not to scan: what a batch touches is few rows of many, whatever the statistics of a new table say. */
const READ = `SELECT size, entry, frontier, sources, questions, set_config('enable_seqscan', 'off', true) FROM ledger_head WHERE topic = $1`;

interface ReadHead {
  readonly head: Head;
  /** Running numbers given out so far. */
  readonly sources: number;
  readonly questions: number;
}

/** For an append: until the transaction ends nobody else appends. */
export function lockHead(client: ClientBase, topic: string): Promise<ReadHead> {
  return queryHead(client, topic, { name: 'ledger_lock', text: `${READ} FOR UPDATE` });
}

/** As the transaction sees it. */
export function readHead(client: ClientBase, topic: string): Promise<ReadHead> {
  return queryHead(client, topic, { name: 'ledger_head', text: READ });
}

async function queryHead(client: ClientBase, topic: string, statement: { readonly name: string; readonly text: string }): Promise<ReadHead> {
  const found = await client.query<HeadRow>({ ...statement, values: [topic] });
  const row = found.rows[0];
  if (!row) throw new IntegrityError('unknown_topic', `there is no ledger for topic ${topic}`);
  const { sources, questions } = row;
  return { head: { topic, entry: row.entry, frontier: decodeFrontier(row.size, row.frontier) }, sources, questions };
}
