/**
 * Made-up headers for the bench of the fold, endless and always the same: a source, its main claim, none to three effect claims; a few
 * per cent of reviews, undos, new revisions, withholds, erasures and links. Each goes through JSON, as headers read from a chain do.
 */
import type { Header } from '../../src/ledger/header.ts';
import type { ClaimKind, DocumentType, EvidenceTier, Flag, Platform, StudyDesign } from '../../src/model/labels.ts';

const HASH = 'c'.repeat(64);
const ANNOTATOR = 'embedded-bench001';
const EFFECTS = 60;
const RECENT = 2_000;

type Texts = readonly [platform: Platform, document: DocumentType, tier: EvidenceTier, design: StudyDesign];
const KINDS: readonly Texts[] = [
  ['reddit', 'first_person_report', 'anecdotal', 'none'],
  ['reddit', 'first_person_report', 'anecdotal', 'none'],
  ['reddit', 'question', 'none', 'none'],
  ['reddit', 'opinion', 'speculative', 'none'],
  ['x', 'second_hand_report', 'anecdotal', 'none'],
  ['x', 'promotion', 'speculative', 'none'],
  ['web', 'guide', 'mechanistic', 'none'],
  ['youtube', 'first_person_report', 'anecdotal', 'none'],
  ['pubmed', 'primary_study', 'human', 'rct'],
  ['europepmc', 'primary_study', 'preclinical', 'animal'],
];
const SENTIMENTS = ['positive', 'negative', 'mixed', 'neutral'] as const;
const LANGUAGES = ['en', 'en', 'en', 'ru', 'de'];

interface Chain {
  seq: number;
  sources: number;
  /** A 32-bit linear congruential generator (Numerical Recipes): the same chain in every run. */
  state: number;
  /** Seqs of the last sources and claims, and what was last decided on them. */
  readonly recentSources: { readonly seq: number; readonly claims: number[] }[];
  readonly lastDecisions: Map<number, number>;
}

/** Headers from seq 0 on, without end; memory does not grow with them. */
export function* makeHeaders(): Generator<Header> {
  const chain: Chain = { seq: 0, sources: 0, state: 1, recentSources: [], lastDecisions: new Map() };
  yield seal(chain, { type: 'annotator', annotator: ANNOTATOR, kind: 'embedded', digest: HASH, adopt: 1 });
  for (;;) {
    yield* makePost(chain);
    if (draw(chain, 100) < 12) yield* decide(chain);
    if (draw(chain, 1000) < 20) yield* setAside(chain);
  }
}

function* makePost(chain: Chain): Generator<Header> {
  const [platform, document_type, tier, study_design] = pick(chain, KINDS);
  const older = draw(chain, 100) < 3 ? pick(chain, chain.recentSources)?.seq : undefined;
  const seq = chain.seq;
  const first = chain.recentSources.at(-1 - draw(chain, 20))?.seq ?? seq;
  const own = draw(chain, 100) < 30;
  chain.sources += 1;
  yield seal(chain, {
    type: 'source',
    commitment: HASH,
    number: chain.sources,
    platform,
    document_type,
    tier,
    sentiment: pick(chain, SENTIMENTS),
    study_design,
    language: pick(chain, LANGUAGES),
    first_person: document_type === 'first_person_report' ? 1 : 0,
    commercial: document_type === 'promotion' ? 1 : 0,
    confidence_ppm: 700_000 + draw(chain, 300_000),
    flags: drawFlags(chain, ['duplicate', 'low_confidence']),
    annotator: ANNOTATOR,
    thread: own ? seq : first,
    experience: draw(chain, 100) < 90 ? seq : first,
    ...(older === undefined ? {} : { supersedes: older }),
    ...(study_design === 'none' ? {} : { record: `pmid:${10_000_000 + draw(chain, 9_000_000)}` }),
  });
  const claims: number[] = [];
  chain.recentSources.push({ seq, claims });
  if (chain.recentSources.length > RECENT) forget(chain);
  if (tier === 'none') return;
  for (let ordinal = 0, many = 1 + draw(chain, 4); ordinal < many; ordinal += 1) {
    claims.push(chain.seq);
    const kind: ClaimKind = ordinal === 0 ? 'main' : 'effect';
    const worded =
      kind === 'main'
        ? ({ effect: 'none', direction: 'none' } as const)
        : { effect: `effect_${draw(chain, EFFECTS)}`, direction: pick(chain, ['improves', 'worsens', 'no_effect'] as const) };
    const flags = drawFlags(chain, ['low_confidence']);
    const confidence_ppm = 700_000 + draw(chain, 300_000);
    const compound = draw(chain, 10) === 0 ? 'selank' : 'semax';
    yield seal(chain, { type: 'claim', commitment: HASH, source: seq, kind, compound, ...worded, tier, confidence_ppm, flags, annotator: ANNOTATOR });
  }
}

function* decide(chain: Chain): Generator<Header> {
  const source = pick(chain, chain.recentSources);
  const ref = source.claims[draw(chain, source.claims.length + 1)] ?? source.seq;
  const decision = pick(chain, ['accept', 'accept', 'reject', 'amend'] as const);
  const review = chain.seq;
  const expects = chain.lastDecisions.get(ref) ?? -1;
  const labels = decision === 'amend' ? { tier: 'speculative' as const } : {};
  yield seal(chain, { type: 'review', commitment: HASH, ref, role: 'primary', decision, ...labels, reviewer: 'r-1', expects });
  chain.lastDecisions.set(ref, review);
  if (draw(chain, 10) > 0) return;
  chain.lastDecisions.set(ref, chain.seq);
  yield seal(chain, { type: 'undo', ref: review, reviewer: 'r-1' });
}

function* setAside(chain: Chain): Generator<Header> {
  const [one, other] = [pick(chain, chain.recentSources), pick(chain, chain.recentSources)];
  const refs = [one.seq, ...one.claims];
  const what = draw(chain, 4);
  if (what === 0) yield seal(chain, { type: 'tombstone', refs, reason: 'source_deleted' });
  else if (what === 1) yield seal(chain, { type: 'withhold', refs, reason: 'removed_on_platform' });
  else if (what === 2) yield seal(chain, { type: 'link', from: one.seq, to: other.seq });
  else yield seal(chain, { type: 'notice', ref: one.seq, kind: 'erratum', record: 'pmid:1' });
}

function seal(chain: Chain, fields: object): Header {
  const header = { v: 1, topic: 'semax', seq: chain.seq, day: '2026-01-02', ...fields };
  chain.seq += 1;
  return JSON.parse(JSON.stringify(header)) as Header;
}

function draw(chain: Chain, below: number): number {
  chain.state = (Math.imul(chain.state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((chain.state / 2 ** 32) * below);
}

function pick<T>(chain: Chain, values: readonly T[]): T {
  return values[draw(chain, values.length)] as T;
}

/** One in ten carries a flag. */
function drawFlags(chain: Chain, names: readonly Flag[]): Flag[] {
  return draw(chain, 10) === 0 ? [pick(chain, names)] : [];
}

function forget(chain: Chain): void {
  const oldest = chain.recentSources.shift();
  for (const seq of [oldest?.seq, ...(oldest?.claims ?? [])]) chain.lastDecisions.delete(seq ?? -1);
}
