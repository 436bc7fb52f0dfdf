/** Turns a stored annotation of a post revision into what is asked of the ledger. Pure but for the keys. */
import type { Keys } from '../keys.ts';
import type { ClaimDraft, SourceRequest } from '../ledger/request.ts';
import type { Annotation, Claim } from '../model/annotation.ts';
import type { Platform } from '../model/labels.ts';
import type { LiteratureRecord } from '../model/post.ts';
import type { Topic } from '../model/topic.ts';

export interface AppendRow {
  revision_id: number;
  annotator: string;
  document: Annotation;
  platform: Platform;
  native_id: string;
  post_key: Buffer;
  observed: string;
  revision: number;
  title: string | null;
  text: string;
  url: string | null;
  thread_key: Buffer | null;
  author_key: Buffer | null;
  text_digest: Buffer;
  signature: Buffer | null;
  bands: string[];
  created_at: Date | null;
  captured_at: Date | null;
  capture_digest: Buffer | null;
  record: LiteratureRecord | null;
  outdated: boolean;
  /** Source entry with which another annotator said the same; null if there is none. */
  same_seq: number | null;
}

export function sourceRequestOf(row: AppendRow, context: { readonly topic: Topic; readonly keys: Keys }): SourceRequest {
  const { document } = row;
  const record = recordName(row.record);
  return {
    type: 'source',
    key: context.keys.hmac('dedup', 'source', row.platform, row.native_id, String(row.revision), row.annotator),
    postKey: row.post_key,
    revisionId: row.revision_id,
    labels: {
      platform: row.platform,
      document_type: document.document_type as SourceRequest['labels']['document_type'],
      tier: document.evidence_tier,
      sentiment: document.sentiment,
      study_design: document.study_design,
      language: document.language,
      first_person: document.first_person_use ? 1 : 0,
      commercial: document.commercial_interest ? 1 : 0,
      confidence_ppm: toPpm(document.confidence.overall),
      flags: [...document.flags].sort(),
      annotator: row.annotator,
      ...(record ? { record } : {}),
    },
    ...(row.thread_key ? { threadKey: row.thread_key } : {}),
    ...(row.author_key ? { authorKey: row.author_key } : {}),
    textDigest: row.text_digest,
    ...(row.signature ? { signature: row.signature } : {}),
    bands: row.bands.map(BigInt),
    content: contentOf(row, context.keys),
    claims: document.claims.map((claim) => claimDraftOf(claim, { topic: context.topic, summary: document.summary })),
  };
}

/** An absent value is an absent key. The title of a thread is what its first post's author wrote: it goes with that post alone. */
function contentOf(row: AppendRow, keys: Keys): SourceRequest['content'] {
  return {
    native_id: row.native_id,
    text: row.text,
    summary: row.document.summary,
    ...(row.title === null || !startsThread(row, keys) ? {} : { title: row.title }),
    ...(row.url === null ? {} : { url: row.url }),
    ...(row.created_at === null ? {} : { created_at: toSeconds(row.created_at) }),
    ...(row.captured_at === null ? {} : { captured_at: toSeconds(row.captured_at) }),
    ...(row.capture_digest === null ? {} : { capture_sha256: row.capture_digest.toString('hex') }),
  };
}

function startsThread(row: AppendRow, keys: Keys): boolean {
  return row.thread_key === null || row.thread_key.equals(keys.hmac('dedup', 'thread', row.platform, row.native_id));
}

function claimDraftOf(claim: Claim, context: { readonly topic: Topic; readonly summary: string }): ClaimDraft {
  const { kind, effect, direction, tier, quote, start, end, effect_text } = claim;
  const compound = context.topic.compounds.find((candidate) => candidate.name === claim.compound);
  return {
    kind,
    // Annotators answer with the names of their scope; a name that is none of the topic's is kept as it is.
    compound: compound?.id ?? claim.compound,
    effect,
    direction,
    tier,
    confidencePpm: toPpm(claim.confidence),
    flags: [...claim.flags].sort(),
    content: { statement: kind === 'main' ? context.summary : stateEffect(claim), quote, start, end, effect_text },
  };
}

const VERBS = { improves: 'improved', worsens: 'got worse', no_effect: 'did not change', none: 'is mentioned' } as const;

/** "Focus improved." */
function stateEffect(claim: Claim): string {
  const name = claim.effect === 'other' ? claim.effect_text : claim.effect.replaceAll('_', ' ');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${VERBS[claim.direction]}.`;
}

/** The strongest name a record has: PubMed id, then trial id, then DOI. */
function recordName(record: LiteratureRecord | null): string | undefined {
  if (record?.pmid) return `pmid:${record.pmid}`;
  if (record?.nct) return `nct:${record.nct}`;
  return record?.doi && /^10\.\S{1,290}$/.test(record.doi) ? `doi:${record.doi}` : undefined;
}

function toPpm(probability: number): number {
  return Math.round(probability * 1_000_000);
}

function toSeconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
