/** "Researched alongside": other compounds that live sources of a topic name, computed from their texts. Kept per head. */
import { bundledScope, mentionsOf } from '../annotators/list.ts';
import { listSources } from '../counts/fold.ts';
import type { Hearsay } from './hearsay.ts';

export interface CoMention {
  readonly name: string;
  readonly topic?: string;
  readonly sources: number;
}

const SHOWN = 12;
const kept = new WeakMap<object, Map<string, { size: number; mentions: readonly CoMention[] }>>();

export async function countCoMentions(hearsay: Pick<Hearsay, 'pool' | 'folds' | 'topics'>, slug: string): Promise<readonly CoMention[]> {
  const fold = await hearsay.folds.foldAt(hearsay.pool, slug);
  const cache = kept.get(hearsay.folds) ?? new Map<string, { size: number; mentions: readonly CoMention[] }>();
  kept.set(hearsay.folds, cache);
  const known = cache.get(slug);
  if (known?.size === fold.size) return known.mentions;
  const size = fold.size;
  const own = new Set(
    hearsay.topics
      .get(slug)
      ?.compounds.flatMap((compound) => [compound.name, ...compound.aliases])
      .map((name) => name.toLowerCase()),
  );
  const scope = bundledScope();
  const tally = new Map<string, number>();
  for (const text of await readTexts(hearsay, slug, listSources(fold, { state: ['accepted', 'amended'] }))) {
    const names = new Set(mentionsOf({ id: 'co-mention', platform: 'web', text }, scope).map((mention) => mention.compound));
    for (const name of names) if (!own.has(name.toLowerCase())) tally.set(name, (tally.get(name) ?? 0) + 1);
  }
  const mentions = [...tally]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, SHOWN)
    .map(([name, count]) => ({ name, sources: count, ...topicOf(hearsay, name) }));
  cache.set(slug, { size, mentions });
  return mentions;
}

function topicOf(hearsay: Pick<Hearsay, 'topics'>, name: string): { topic?: string } {
  for (const topic of hearsay.topics.values())
    if (topic.compounds.some((compound) => compound.name.toLowerCase() === name.toLowerCase())) return { topic: topic.slug };
  return {};
}

async function readTexts(hearsay: Pick<Hearsay, 'pool'>, topic: string, seqs: readonly number[]): Promise<string[]> {
  const texts: string[] = [];
  for (let at = 0; at < seqs.length; at += 1_000) {
    const found = await hearsay.pool.query<{ content: Buffer }>('SELECT content FROM ledger_content WHERE topic = $1 AND seq = ANY ($2)', [
      topic,
      seqs.slice(at, at + 1_000),
    ]);
    for (const row of found.rows) texts.push(String((JSON.parse(row.content.toString('utf8')) as { text?: unknown }).text ?? ''));
  }
  return texts;
}
