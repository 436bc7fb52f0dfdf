/**
 * What would become of a topic if a candidate annotator were adopted: flips of labels, effect claims, flags, decisions, and every count, folded
 * over the present ledger and the entries adoption would append. Reads one state of the database and writes nothing.
 * Proved by test/integration/shadow.test.ts: after the adoption the counts are the promised ones.
 */
import type { ClientBase } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { InvalidInputError } from '../errors.ts';
import type { HeaderOf } from '../ledger/header.ts';
import { previewAppend } from '../ledger/preview.ts';
import type { NoticeRequest, SourceRequest } from '../ledger/request.ts';
import type { Annotation } from '../model/annotation.ts';
import type { Topic } from '../model/topic.ts';
import { APPEND_COLUMNS, APPEND_FROM, noticeRequestsOf } from './append-rows.ts';
import { type AnnotatorDiff, type ChangedPost, DiffTally } from './diff-tally.ts';
import { BATCH, type Hearsay } from './hearsay.ts';
import { countNotJudged } from './shadow.ts';
import { type AppendRow, sourceRequestOf } from './source-request.ts';

export interface DiffOptions {
  readonly candidate: string;
  /** Told each post of which the two say something different. */
  readonly onChanged?: (post: ChangedPost) => void;
}

type AnnotatorRequest = Omit<HeaderOf<'annotator'>, 'v' | 'topic' | 'seq' | 'day' | 'adopt'>;

/** @throws InvalidInputError `unknown_topic`, `unknown_candidate` */
export async function diffAnnotator(hearsay: Hearsay, slug: string, { candidate, onChanged }: DiffOptions): Promise<AnnotatorDiff> {
  const topic = hearsay.topics.get(slug);
  if (!topic) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
  const adoption = adoptionOf(candidate);
  return inTransaction(
    hearsay.pool,
    async (client) => {
      const tally = new DiffTally(onChanged);
      const adopted = await readAdopted(client, slug);
      if (adopted.includes(candidate)) throw new InvalidInputError('unknown_candidate', `${slug} has adopted ${candidate} already`);
      const scope = { hearsay, topic, candidate, adopted, tally };
      const preview = await previewAppend(
        client,
        { topic: slug, now: hearsay.now(), onEntry: (header) => tally.addEntry(header) },
        readBatches(client, scope, adoption),
      );
      if (tally.posts === 0) throw new InvalidInputError('unknown_candidate', await describeCandidates(client, slug, candidate));
      return tally.finish({ topic: slug, candidate, adopted, preview, notJudged: await countNotJudged(client, slug, candidate) });
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

interface Scope {
  readonly hearsay: Pick<Hearsay, 'keys'>;
  readonly topic: Topic;
  readonly candidate: string;
  readonly adopted: readonly string[];
  readonly tally: DiffTally;
}

interface PairRow extends AppendRow {
  outcome: 'keep' | 'off_topic';
  appended_seq: number | null;
  blocked: string | null;
  present_outcome: 'keep' | 'off_topic' | null;
  present: Annotation | null;
}

/** Beside each row of the candidate what counts now: of the annotators that are adopted, the one that was appended last. */
const PAIRS = `
  SELECT ${APPEND_COLUMNS}, a.outcome, a.appended_seq, a.blocked, b.outcome AS present_outcome, b.document AS present
    FROM ${APPEND_FROM}
    LEFT JOIN LATERAL (SELECT o.outcome, o.document FROM annotation o
                        WHERE o.topic = a.topic AND o.revision_id = a.revision_id AND o.annotator <> a.annotator AND NOT o.shadow
                        ORDER BY (o.annotator = ANY ($3)) DESC, o.appended_seq DESC NULLS LAST, o.annotator LIMIT 1) b ON true
   WHERE a.topic = $1 AND a.annotator = $2 AND a.revision_id > $4 AND p.state = 'live'
   ORDER BY a.revision_id LIMIT $5`;

/** The appends of an adoption: what is said differently in the order of revisions, the `annotator` entry last. */
async function* readBatches(
  client: ClientBase,
  scope: Scope,
  adoption: AnnotatorRequest,
): AsyncGenerator<(SourceRequest | NoticeRequest | AnnotatorRequest)[]> {
  for (let after = 0; ; ) {
    const found = await client.query<PairRow>(PAIRS, [scope.topic.slug, scope.candidate, scope.adopted, after, BATCH]);
    const last = found.rows.at(-1);
    if (last === undefined) break;
    after = last.revision_id;
    const current = found.rows.filter((row) => !row.outdated);
    for (const row of current) compare(row, scope.tally);
    const fresh = current.filter(isToAppend);
    yield [...fresh.map((row) => sourceRequestOf(row, { topic: scope.topic, keys: scope.hearsay.keys })), ...fresh.flatMap(noticeRequestsOf)];
  }
  yield [adoption];
}

/** As append.ts decides it; outdated revisions are left out already. */
function isToAppend(row: PairRow): boolean {
  return row.outcome === 'keep' && row.appended_seq === null && row.blocked === null && row.observed === 'live' && row.same_seq === null;
}

function compare(row: PairRow, tally: DiffTally): void {
  const post = `${row.platform} ${row.native_id}`;
  if (row.present_outcome === null) tally.addNew();
  else tally.addPair({ post, pair: { before: row.present ?? undefined, after: row.outcome === 'keep' ? row.document : undefined } });
}

/** The ledger adopts by id: its kind is in it, and no count depends on the digest. */
function adoptionOf(id: string): AnnotatorRequest {
  const [, kind, digest] = /^(embedded|llm)-([0-9a-f]{8})$/.exec(id) ?? [];
  if (kind === undefined || digest === undefined) throw new InvalidInputError('unknown_candidate', `${id.slice(0, 40)} is no id of an annotator`);
  return { type: 'annotator', annotator: id, kind: kind as 'embedded' | 'llm', digest: digest.padEnd(64, '0') };
}

async function readAdopted(client: ClientBase, slug: string): Promise<string[]> {
  const found = await client.query<{ id: string }>(
    `SELECT convert_from(key, 'UTF8') AS id FROM ledger_entry WHERE topic = $1 AND type = 'annotator' ORDER BY seq`,
    [slug],
  );
  return found.rows.map((row) => row.id);
}

async function describeCandidates(client: ClientBase, slug: string, candidate: string): Promise<string> {
  const found = await client.query<{ annotator: string }>('SELECT DISTINCT annotator FROM annotation WHERE topic = $1 AND shadow ORDER BY annotator', [slug]);
  const known = found.rows.map((row) => row.annotator).join(', ') || 'none; run hearsay annotate shadow first';
  return `${candidate} has judged no post of ${slug}; shadows: ${known}`;
}
