/**
 * The counts a second time, slow and plain, straight from design sections 6 and 7: for every entry it looks through the
 * whole chain anew. Shares nothing with src/counts but the vocabularies; test/property/counts.test.ts compares the two.
 */
import type { Header, HeaderOf } from '../../src/ledger/header.ts';
import { FLAGS, type Flag } from '../../src/model/labels.ts';
import { must } from '../unit/counts/must.ts';

type Labels = Record<string, unknown>;
const of = <T extends Header['type']>(headers: readonly Header[], type: T) => headers.filter((header): header is HeaderOf<T> => header.type === type);
const isWaiting = (flag: Flag) => FLAGS[flag].waits;
const tally = (keys: readonly string[]) => {
  const sums = new Map<string, number>();
  for (const key of keys) sums.set(key, (sums.get(key) ?? 0) + 1);
  return Object.fromEntries(sums);
};

/** Reviews in force on an entry, oldest first. */
function decisionsOn(headers: readonly Header[], target: HeaderOf<'source'> | HeaderOf<'claim'>): HeaderOf<'review'>[] {
  let last = -1;
  let stack: HeaderOf<'review'>[] = [];
  for (const header of headers) {
    if (header.type === 'review' && header.ref === target.seq && header.role !== 'second' && header.role !== 'audit') {
      if (header.expects !== last || !amendmentFits(header, target)) continue;
      stack = [...stack, header];
      last = header.seq;
    } else if (header.type === 'undo' && stack.at(-1)?.seq === header.ref) {
      stack = stack.slice(0, -1);
      last = header.seq;
    }
  }
  return stack;
}

function amendmentFits(review: HeaderOf<'review'>, target: HeaderOf<'source'> | HeaderOf<'claim'>): boolean {
  const { tier, commercial, direction } = review;
  if (review.decision !== 'amend') return [tier, commercial, direction].every((label) => label === undefined);
  if (target.type === 'source') return direction === undefined;
  return commercial === undefined && !(target.kind === 'main' && direction !== undefined);
}

function labelsOf(base: Labels, decisions: readonly HeaderOf<'review'>[]): Labels {
  const amended = decisions.flatMap(({ tier, commercial, direction }) => [
    tier && { tier },
    commercial !== undefined && { commercial },
    direction && { direction },
  ]);
  return Object.assign({}, base, ...amended.filter(Boolean)) as Labels;
}

function reasonHeld(headers: readonly Header[], seq: number): { erased?: string; withheld?: string } {
  const erased = of(headers, 'tombstone').find(({ refs }) => refs.includes(seq))?.reason;
  const last = headers.findLast((header) => (header.type === 'withhold' || header.type === 'restore') && header.refs.includes(seq));
  return { ...(erased && { erased }), ...(last?.type === 'withhold' && { withheld: last.reason }) };
}

export function countNaively(headers: readonly Header[]) {
  const adopted = new Set(of(headers, 'annotator').map(({ annotator }) => annotator));
  const sources = of(headers, 'source');
  const postOf = (source: HeaderOf<'source'>): number =>
    source.supersedes === undefined ? source.seq : postOf(must(sources.find(({ seq }) => seq === source.supersedes)));
  const judged = sources.map((source) => {
    const { erased, withheld } = reasonHeld(headers, source.seq);
    const decisions = decisionsOn(headers, source);
    const waiting = decisions.length === 0 ? source.flags.filter(isWaiting) : [];
    const siblings = sources.filter((other) => postOf(other) === postOf(source)).map(({ seq }) => seq);
    const notices = of(headers, 'notice').filter(({ kind, ref }) => kind !== 'erratum' && siblings.includes(ref));
    const newer = sources.some((other) => other.seq > source.seq && siblings.includes(other.seq) && adopted.has(other.annotator));
    let state = 'live';
    if (waiting.length > 0) state = 'pending';
    if (decisions.at(-1)?.decision === 'reject') state = 'rejected';
    if (notices.length > 0) state = 'noticed';
    if (!adopted.has(source.annotator)) state = 'not_adopted';
    if (newer) state = 'superseded';
    if (withheld) state = 'withheld';
    if (erased) state = 'erased';
    const labels = labelsOf({ ...source }, decisions);
    const amended = decisions.some(({ commercial }) => commercial !== undefined);
    const commercial = labels['commercial'] === 1 || (!amended && source.flags.includes('commercial'));
    const apart = commercial ? 'commercial' : (['duplicate', 'dosing'] as const).find((flag) => source.flags.includes(flag));
    return { source, state, waiting, labels, decisions, apart, kind: kindOf(source, labels, commercial), reason: erased ?? withheld ?? '' };
  });
  const owned = of(headers, 'claim').filter((claim) => sources.some(({ seq }) => seq === claim.source));
  const claims = owned.map((claim) => {
    const on = must(judged.find(({ source }) => source.seq === claim.source));
    const decisions = decisionsOn(headers, claim);
    const { erased, withheld } = reasonHeld(headers, claim.seq);
    const waiting = [...new Set([...claim.flags.filter(isWaiting), ...(on.state === 'pending' ? on.waiting : [])])];
    let state = 'accepted';
    if (decisions.length === 0 && waiting.length > 0) state = 'pending';
    if (decisions.at(-1)?.decision === 'reject' || on.state === 'rejected') state = 'rejected';
    if (!['live', 'pending', 'rejected'].includes(on.state) || withheld || erased) state = 'gone';
    const inherited = claim.kind === 'main' ? on.decisions.findLast(({ tier }) => tier !== undefined)?.tier : undefined;
    return { claim, on, state, waiting, labels: labelsOf({ ...claim, ...(inherited && { tier: inherited }) }, decisions) };
  });

  const states = tally(judged.map(({ state }) => state));
  const live = judged.filter(({ state }) => state === 'live');
  const current = judged.filter(({ state }) => state === 'live' || state === 'pending');
  const accepted = claims.filter(({ state }) => state === 'accepted');
  const mains = accepted.filter(({ claim, labels }) => claim.kind === 'main' && labels['tier'] !== 'none');
  const counted = mains.filter(({ on }) => on.apart === undefined);
  const pending = claims.filter(({ state }) => state === 'pending');
  const graded = (tier: string) => counted.filter(({ on, labels }) => on.kind === 'scientific' && labels['tier'] === tier).map(({ on }) => on);
  const studies = (found: ReturnType<typeof graded>) => new Set(found.map(({ source }) => source.record ?? source.seq)).size;
  return {
    kinds: tally(live.map(({ kind }) => kind)),
    states,
    reasons: tally(judged.filter(({ state }) => state === 'withheld' || state === 'erased').map(({ reason }) => reason)),
    tiers: tally(counted.map(({ labels }) => String(labels['tier']))),
    apart: tally(mains.flatMap(({ on }) => on.apart ?? [])),
    effects: tally(
      accepted
        .filter(({ claim, on }) => claim.kind === 'effect' && on.apart === undefined)
        .map(({ labels }) => [labels['compound'], labels['effect'], labels['direction'], labels['tier']].join()),
    ),
    pendingClaims: pending.length,
    pendingReasons: tally(pending.flatMap(({ waiting }) => waiting)),
    rejectedClaims: claims.filter(({ state }) => state === 'rejected').length,
    threads: new Set(current.map(({ source }) => source.thread)).size,
    experiences: new Set(current.map(({ source }) => smallestLinked(headers, source.experience))).size,
    studies: live.filter(({ kind, labels }) => kind === 'scientific' && !(labels['document_type'] === 'registry_record' && labels['tier'] === 'none')).length,
    human: studies(graded('human')),
    strong: studies(graded('human').filter(({ source }) => ['rct', 'human_trial', 'systematic_review'].includes(source.study_design))),
    preclinical: studies(graded('preclinical')),
    questions: of(headers, 'question').filter(({ seq }) => Object.keys(reasonHeld(headers, seq)).length === 0).length,
  };
}

function kindOf(source: HeaderOf<'source'>, labels: Labels, commercial: boolean): string {
  const type = String(labels['document_type']);
  if (['primary_study', 'review_article', 'registry_record'].includes(type) && ['pubmed', 'europepmc', 'clinicaltrials'].includes(source.platform))
    return 'scientific';
  if (commercial) return 'commercial';
  if (source.platform === 'reddit' || source.platform === 'x') return source.platform;
  return type.endsWith('_report') || ['sms', 'whatsapp', 'paste'].includes(source.platform) ? 'other_anecdote' : 'web';
}

/** Smallest experience group reachable over links. */
function smallestLinked(headers: readonly Header[], experience: number): number {
  const groupOf = (seq: number) => of(headers, 'source').find((source) => source.seq === seq)?.experience;
  const reached = new Set([experience]);
  for (let size = 0; size !== reached.size; ) {
    size = reached.size;
    for (const link of of(headers, 'link')) {
      const [from, to] = [groupOf(link.from), groupOf(link.to)];
      if (from === undefined || to === undefined) continue;
      if (reached.has(from)) reached.add(to);
      if (reached.has(to)) reached.add(from);
    }
  }
  return Math.min(...reached);
}
