/**
 * State of each source and who erased what, folded from headers, to compare with the lookup tables ledger_source and ledger_erased.
 * Two bits and, of what is erased, a number per entry.
 */
import type { ClientBase } from 'pg';
import { ByteColumn } from '../ledger/byte-column.ts';
import type { Header } from '../ledger/header.ts';
import { Failure } from '../ledger/verify-result.ts';

const STATES = ['none', 'live', 'superseded', 'withheld', 'erased'] as const;
type State = (typeof STATES)[number];
const PAGE = 10_000;

export class SourceStates {
  readonly #states = new ByteColumn();
  /** Entry -> the first tombstone that names it. */
  readonly #erased = new Map<number, number>();

  add(header: Header): void {
    this.#states.push(STATES.indexOf(header.type === 'source' ? 'live' : 'none'));
    switch (header.type) {
      case 'source':
        if (header.supersedes !== undefined) this.#set(header.supersedes, 'superseded');
        break;
      case 'withhold':
        for (const ref of header.refs) this.#set(ref, 'withheld');
        break;
      case 'restore':
        for (const ref of header.refs) this.#set(ref, 'live');
        break;
      case 'tombstone':
        for (const ref of header.refs) {
          this.#set(ref, 'erased');
          if (!this.#erased.has(ref)) this.#erased.set(ref, header.seq);
        }
        break;
      default:
        break;
    }
  }

  #set(seq: number, state: State): void {
    if (this.#states.at(seq) !== STATES.indexOf('none')) this.#states.set(seq, STATES.indexOf(state));
  }

  /** @throws Failure at the first row that says otherwise. Rows missing altogether are found beside their entries. */
  async compareStates(client: ClientBase, topic: string): Promise<void> {
    for (let after = -1; ; ) {
      const page = await client.query<{ seq: number; state: string }>(
        'SELECT seq, state FROM ledger_source WHERE topic = $1 AND seq > $2 ORDER BY seq LIMIT $3',
        [topic, after, PAGE],
      );
      for (const { seq, state } of page.rows) {
        const expected = STATES[this.#states.at(seq) ?? 0];
        if (state !== expected) throw new Failure(`seq ${seq}`, `column ledger_source.state says ${state}, the headers ${expected}`);
        after = seq;
      }
      if (page.rows.length < PAGE) return;
    }
  }

  /** @throws Failure at the first row that differs, is missing or too many. */
  async compareErased(client: ClientBase, topic: string): Promise<void> {
    const left = new Map(this.#erased);
    for (let after = -1; ; ) {
      const page = await client.query<{ seq: number; tombstone: number }>(
        'SELECT seq, tombstone FROM ledger_erased WHERE topic = $1 AND seq > $2 ORDER BY seq LIMIT $3',
        [topic, after, PAGE],
      );
      for (const { seq, tombstone } of page.rows) {
        const expected = left.get(seq);
        if (tombstone !== expected) throw new Failure(`seq ${seq}`, `column ledger_erased.tombstone says ${tombstone}, the headers ${expected ?? 'nothing'}`);
        left.delete(seq);
        after = seq;
      }
      if (page.rows.length < PAGE) break;
    }
    const [missing] = left;
    if (missing) throw new Failure(`seq ${missing[0]}`, `tombstone ${missing[1]} names it, but ledger_erased does not`);
  }
}
