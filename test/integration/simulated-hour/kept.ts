/** What is in the database after the simulated hour. */
import { isThere, type Item, readText, versionAt } from './item.ts';
import type { Simulation } from './simulation.ts';

export interface KeptPost {
  readonly platform: string;
  readonly nativeId: string;
  readonly observed: string;
  /** Of each revision, in order: what its text says it is. */
  readonly texts: readonly ({ readonly n: number; readonly version: number } | undefined)[];
}

export async function readPosts({ ask }: Simulation): Promise<readonly KeptPost[]> {
  const rows = await ask<{ platform: string; nativeId: string; observed: string; texts: string[] }>(
    `SELECT p.platform, p.native_id AS "nativeId", p.observed, array_agg(r.text ORDER BY r.revision) AS texts
       FROM post p JOIN post_revision r ON r.post_id = p.id GROUP BY p.id ORDER BY p.platform, p.native_id`,
  );
  return rows.map((row) => ({ ...row, texts: row.texts.map(readText) }));
}

/** Everything that was there, by platform and native id. */
export function itemsOf({ worlds }: Simulation): ReadonlyMap<string, Item> {
  return new Map(worlds.flatMap(({ platform, items }) => items.map((item) => [`${platform} ${item.nativeId}`, item] as const)));
}

/** The last minute: nothing happens after it. */
export const END = 60;

/** What is wrong with a kept post; undefined: nothing. */
export function faultOf(post: KeptPost, item: Item | undefined): string | undefined {
  if (item === undefined) return 'was never there';
  const versions = post.texts.map((text) => (text?.n === item.n ? text.version : 0));
  if (versions.includes(0)) return 'says what nobody wrote';
  if (versions.some((version, at) => version <= (versions[at - 1] ?? 0))) return `has revisions ${versions.join(', ')}`;
  const last = versionAt(item, END);
  if (versions.some((version) => version > last)) return `has revision ${versions.at(-1)} of ${last}`;
  if (!isThere(item, END)) return undefined;
  if (versions.at(-1) !== last) return `stands at revision ${versions.at(-1)} of ${last}`;
  return post.observed === 'live' ? undefined : `is taken for ${post.observed}`;
}

interface Told {
  readonly seq: number;
  readonly header: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Beside an item's labels: where it stands in the chain, and of whom else it reminds. */
const OF_THE_CHAIN = ['seq', 'number', 'thread', 'experience', 'supersedes', 'commitment', 'flags', 'day', 'topic', 'source'];
/** What is known of the look at it. */
const OF_THE_LOOK = ['captured_at', 'capture_sha256'];

/** The newest source of each item that is there at the end with its claims, without what depends on the order. */
export async function readLedger(simulation: Simulation): Promise<ReadonlyMap<string, object>> {
  const rows = await simulation.ask<{ seq: number; type: string; ref: number | null; header: string; content: string }>(
    `SELECT e.seq::int, e.type, e.ref::int, convert_from(e.header, 'UTF8') AS header, convert_from(c.content, 'UTF8') AS content
       FROM ledger_entry e JOIN ledger_content c USING (topic, seq) WHERE e.type IN ('source', 'claim') ORDER BY e.seq`,
  );
  const told = rows.map((row) => ({ ...row, header: JSON.parse(row.header), content: JSON.parse(row.content) }) as Told & { type: string; ref: number | null });
  const sources = new Map(
    told.filter(({ type }) => type === 'source').map((source) => [`${source.header['platform']} ${source.content['native_id']}`, source]),
  );
  const items = itemsOf(simulation);
  const there = [...sources].filter(([name]) => isThere(items.get(name) as Item, END));
  return new Map(
    there.map(([name, source]) => [name, { ...plain(source), claims: told.filter(({ type, ref }) => type === 'claim' && ref === source.seq).map(plain) }]),
  );
}

function plain({ header, content }: Told): object {
  const without = (value: object, keys: readonly string[]) => Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
  return { header: without(header, OF_THE_CHAIN), content: without(content, OF_THE_LOOK) };
}
