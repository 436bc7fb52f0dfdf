/** `hearsay review list|show|decide|undo`: decisions from the terminal, appended and never edited. */
import { randomUUID } from 'node:crypto';
import { commercialEvidence } from '../../annotators/embedded/commercial-evidence.ts';
import { InvalidInputError } from '../../errors.ts';
import { listPending, readItem, type ReviewItem } from '../../ledger/review-list.ts';
import type { ReviewRequest } from '../../ledger/request.ts';
import type { Hearsay } from '../../pipeline/hearsay.ts';
import { decide, undoDecision } from '../../pipeline/decide.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

export async function listReviews(edge: Edge, slug: string, flags: { readonly limit: string; readonly json?: boolean }): Promise<ExitCode> {
  if (!/^\d{1,9}$/.test(flags.limit)) throw new InvalidInputError('bad_seq', `--limit is a number of entries, not ${JSON.stringify(flags.limit.slice(0, 40))}`);
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const items = await listPending(hearsay.pool, { topic: slug, fold: await foldOf(hearsay, slug) }, Number(flags.limit));
    if (flags.json) for (const item of items) await edge.out(`${JSON.stringify(item)}\n`);
    else if (items.length === 0) edge.talk(`nothing of ${slug} waits for review`);
    else for (const item of items) await edge.out(`${describeLine(item)}\n`);
    return EXIT.ok;
  });
}

export async function showReview(edge: Edge, slug: string, seq: string, flags: { readonly json?: boolean }): Promise<ExitCode> {
  const wanted = parseSeq(seq);
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const place = { topic: slug, fold: await foldOf(hearsay, slug) };
    const item = await readItem(hearsay.pool, place, wanted);
    const source = item.state.kind === 'claim' ? await readItem(hearsay.pool, place, item.state.source) : undefined;
    await edge.out(flags.json ? `${JSON.stringify({ ...item, source, commercial_evidence: evidenceOf(source ?? item) })}\n` : describeItem(item, source));
    return EXIT.ok;
  });
}

export interface DecideFlags {
  readonly reviewer: string;
  readonly role: ReviewRequest['role'];
  readonly expects?: string;
  readonly note?: string;
  readonly set?: readonly string[];
  readonly json?: boolean;
}

export async function decideReview(edge: Edge, slug: string, args: { readonly seq: string; readonly decision: string }, flags: DecideFlags): Promise<ExitCode> {
  if (!['accept', 'reject', 'amend'].includes(args.decision)) throw new InvalidInputError('bad_decision', 'the decision is accept, reject or amend');
  const ref = parseSeq(args.seq);
  const amended = parseLabels(flags.set ?? []);
  const expects = flags.expects === undefined || flags.expects === '-1' ? flags.expects : parseSeq(flags.expects);
  return withHearsay(edge, { signs: true }, async ({ hearsay }) => {
    const fold = await foldOf(hearsay, slug);
    const { state } = await readItem(hearsay.pool, { topic: slug, fold }, ref);
    const seq = await decide(hearsay, slug, {
      id: randomUUID(),
      ref,
      role: flags.role,
      decision: args.decision as ReviewRequest['decision'],
      amended,
      reviewer: flags.reviewer,
      // Without --expects the decision is about what this command just read.
      expects: expects === undefined ? state.lastDecision : Number(expects),
      note: flags.note ?? '',
    });
    await edge.out(flags.json ? `${JSON.stringify({ seq })}\n` : `decision appended as entry ${seq}; take it back with: hearsay review undo ${slug} ${seq}\n`);
    return EXIT.ok;
  });
}

export async function undoReview(edge: Edge, slug: string, seq: string, flags: { readonly reviewer: string; readonly json?: boolean }): Promise<ExitCode> {
  const ref = parseSeq(seq);
  return withHearsay(edge, { signs: true }, async ({ hearsay }) => {
    await foldOf(hearsay, slug);
    const undone = await undoDecision(hearsay, slug, { id: randomUUID(), ref, reviewer: flags.reviewer });
    await edge.out(flags.json ? `${JSON.stringify({ seq: undone })}\n` : `review ${seq} undone by entry ${undone}\n`);
    return EXIT.ok;
  });
}

async function foldOf(hearsay: Hearsay, slug: string) {
  if (!hearsay.topics.has(slug)) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
  return hearsay.folds.foldAt(hearsay.pool, slug);
}

function parseSeq(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidInputError('bad_seq', `an entry is named by its number, not ${JSON.stringify(text.slice(0, 40))}`);
  return Number(text);
}

/** `tier=human` pairs; the ledger's schema checks names and values. */
function parseLabels(pairs: readonly string[]): ReviewRequest['amended'] {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new InvalidInputError('bad_amendment', '--set wants LABEL=VALUE');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      return [name, name === 'first_person' || name === 'commercial' ? Number(value) : value];
    }),
  );
}

function describeLine({ seq, state, header, content }: ReviewItem): string {
  const what =
    header.type === 'source'
      ? `s${header.number} ${header.platform} ${header.document_type}, ${header.tier}`
      : header.type === 'claim'
        ? `${header.kind} claim: ${header.effect} ${header.direction}`
        : '';
  const text = String(content?.['quote'] ?? content?.['title'] ?? content?.['text'] ?? '(erased)');
  return `${String(seq).padStart(6)}  ${what}  [${state.reasons.join(', ')}]  ${printable(text, 100)}`;
}

function describeItem(item: ReviewItem, source: ReviewItem | undefined): string {
  const { seq, state, header } = item;
  const labels = Object.entries(state.labels).map(([name, value]) => `${name}=${value}`);
  const lines = [
    `entry     ${seq} (${state.kind})`,
    `state     ${state.state}${state.reasons.length > 0 ? ` because of ${state.reasons.join(', ')}` : ''}, by ${state.by}`,
    `labels    ${labels.join(' ')}`,
    `flags     ${state.flags.join(', ') || 'none'}`,
    `confidence ${'confidence_ppm' in header ? header.confidence_ppm / 1_000_000 : 'none'}`,
    `decision  ${state.review === undefined ? 'none yet' : `entry ${state.review}`}; expects ${state.lastDecision}`,
    ...Object.entries(item.content ?? {}).map(([name, value]) => `${name.padEnd(9)} ${printable(String(value), 4_000)}`),
  ];
  lines.push(...evidenceOf(source ?? item).map(({ kind, quote }) => `commercial ${kind}: ${printable(quote, 200)}`));
  if (source)
    lines.push(
      `in source ${source.seq}:`,
      ...Object.entries(source.content ?? {}).map(([name, value]) => `  ${name.padEnd(9)} ${printable(String(value), 4_000)}`),
    );
  return `${lines.join('\n')}\n`;
}

/** What the flag `commercial` of a source rests on; empty without the flag, and where the wording as a whole was judged. */
function evidenceOf({ state, content }: ReviewItem): ReturnType<typeof commercialEvidence> {
  if (!content || state.kind !== 'source' || !state.flags.includes('commercial')) return [];
  const given = (name: string): Record<string, string> => (typeof content[name] === 'string' ? { [name]: content[name] } : {});
  return commercialEvidence({ text: '', ...given('text'), ...given('title'), ...given('url') });
}

/** Texts are hostile: no control character reaches the terminal, where it could move the cursor or hide lines. */
function printable(text: string, limit: number): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}
