/**
 * People's decisions as training rows: made on demand from what is live in the ledger and in the posts, never stored. A decision is one in force
 * of a primary or adjudicating reviewer. What is erased, withheld or superseded gives no row. Proved by test/integration/train.test.ts.
 */
import { createHash } from 'node:crypto';
import { type ClaimState, type Fold, type SourceState, stateOf } from '../counts/fold.ts';
import type { ReviewedEffect, ReviewedText } from '../annotators/training/reviewed.ts';
import { decodeHeader } from '../ledger/fold-reader.ts';
import { InvalidInputError } from '../errors.ts';
import type { Topic } from '../model/topic.ts';
import type { Hearsay } from './hearsay.ts';
import { inputOf, REVISION_COLUMNS, type RevisionRow } from './judge-revisions.ts';
import { scopeOf } from './scope.ts';

export interface Reviewed {
  readonly texts: readonly ReviewedText[];
  /** Decisions that became rows: `claim amended` -> how many. */
  readonly rows: Readonly<Record<string, number>>;
  /** Decisions that did not, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Over the entries of the decisions: the same decisions, the same digest. */
  readonly digest: string;
}

/** @throws InvalidInputError `unknown_topic` */
export async function readReviewed(hearsay: Hearsay, slugs: readonly string[]): Promise<Reviewed> {
  const tally = { rows: new Map<string, number>(), skipped: new Map<string, number>(), hash: createHash('sha256') };
  const texts: ReviewedText[] = [];
  for (const slug of [...slugs].sort()) {
    const topic = hearsay.topics.get(slug);
    if (!topic) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
    for (const [source, decided] of groupBySource(await readDecided(hearsay, slug, tally))) {
      const text = await readText(hearsay, topic, { source, decided });
      if (!text) count(tally.skipped, 'gone');
      else texts.push(text);
      for (const { state, entry } of text ? decided : []) {
        count(tally.rows, `${state.kind} ${state.state}`);
        tally.hash.update(`${slug} ${state.review} ${entry.toString('hex')}\n`);
      }
    }
  }
  return { texts, rows: toRecord(tally.rows), skipped: toRecord(tally.skipped), digest: tally.hash.digest('hex') };
}

interface Decided {
  readonly state: SourceState | ClaimState;
  /** Hash of the review's entry. */
  readonly entry: Buffer;
}

async function readDecided(hearsay: Hearsay, slug: string, { skipped }: { readonly skipped: Map<string, number> }): Promise<Decided[]> {
  const found = await hearsay.pool.query<{ ref: number }>(
    `SELECT DISTINCT ref FROM ledger_entry WHERE topic = $1 AND type = 'review' AND ref IS NOT NULL ORDER BY ref`,
    [slug],
  );
  const fold = await hearsay.folds.foldAt(hearsay.pool, slug);
  const states = found.rows.flatMap(({ ref }) => {
    const state = stateOf(fold, ref);
    const reason = state && whyNot(state, fold);
    if (reason !== undefined) count(skipped, reason);
    return state && reason === undefined ? [state] : [];
  });
  const entries = await hearsay.pool.query<{ seq: number; entry: Buffer }>('SELECT seq, entry FROM ledger_entry WHERE topic = $1 AND seq = ANY ($2)', [
    slug,
    states.map((state) => state.review),
  ]);
  const entryOf = new Map(entries.rows.map((row) => [row.seq, row.entry]));
  return states.map((state) => ({ state, entry: entryOf.get(state.review as number) as Buffer }));
}

/** A rejected source or main claim says that something is wrong, and not what would be right. */
function whyNot(state: SourceState | ClaimState, fold: Fold): string | undefined {
  if (state.state !== 'accepted' && state.state !== 'amended' && state.state !== 'rejected') return state.state;
  if (state.review === undefined) return 'no_decision';
  if (state.state !== 'rejected') return undefined;
  if (state.kind === 'source' || state.labels.direction === 'none') return 'rejected_without_label';
  return stateOf(fold, state.source)?.state === 'rejected' ? 'rejected_without_label' : undefined;
}

function groupBySource(decided: readonly Decided[]): [number, Decided[]][] {
  const groups = new Map<number, Decided[]>();
  for (const item of decided) {
    const source = item.state.kind === 'source' ? item.state.seq : item.state.source;
    groups.set(source, [...(groups.get(source) ?? []), item]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

async function readText(
  hearsay: Hearsay,
  topic: Topic,
  { source, decided }: { readonly source: number; readonly decided: readonly Decided[] },
): Promise<ReviewedText | undefined> {
  const found = await hearsay.pool.query<RevisionRow>(
    `SELECT ${REVISION_COLUMNS} FROM ledger_source s JOIN post_revision r ON r.id = s.revision_id JOIN post p ON p.id = r.post_id
      WHERE s.topic = $1 AND s.seq = $2 AND s.state = 'live' AND p.state = 'live'`,
    [topic.slug, source],
  );
  const row = found.rows[0];
  if (!row) return undefined;
  const labels: { -readonly [K in keyof Omit<ReviewedText, 'input' | 'scope' | 'effects'>]: ReviewedText[K] } = {};
  const effects: ReviewedEffect[] = [];
  for (const { state } of decided) {
    if (state.kind === 'claim' && state.labels.direction === 'none') labels.evidence_tier ??= state.labels.tier;
    else if (state.kind === 'claim') effects.push(...(await readEffects(hearsay, topic.slug, state)));
    else {
      const { document_type, tier, sentiment, first_person, commercial } = state.labels;
      Object.assign(labels, { document_type, evidence_tier: tier, sentiment, first_person_use: first_person === 1, commercial_interest: commercial === 1 });
    }
  }
  return { input: inputOf(topic, row), scope: scopeOf(topic), ...labels, effects };
}

/** Of an effect that somebody corrected, the first was not stated there. */
async function readEffects(hearsay: Hearsay, slug: string, { seq, state, labels }: ClaimState): Promise<ReviewedEffect[]> {
  const found = await hearsay.pool.query<{ header: Buffer; content: Buffer }>(
    'SELECT e.header, c.content FROM ledger_entry e JOIN ledger_content c USING (topic, seq) WHERE e.topic = $1 AND e.seq = $2',
    [slug, seq],
  );
  const row = found.rows[0];
  const header = row && decodeHeader(row.header);
  if (header?.type !== 'claim' || labels.direction === 'none') return [];
  const { start, end } = JSON.parse(row?.content.toString('utf8') ?? '{}') as { start: number; end: number };
  if (state === 'rejected') return [{ effect: header.effect, start, end, direction: 'none' }];
  const corrected: ReviewedEffect[] = labels.effect === header.effect ? [] : [{ effect: header.effect, start, end, direction: 'none' }];
  return [...corrected, { effect: labels.effect, start, end, direction: labels.direction }];
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function toRecord(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
