/**
 * The one place that decides what of an entry is shown to the public, for pages and API alike: by the state of the
 * entry, and by the public policy of the platform it came from (design section 4).
 *   text     the text, its title and everything below
 *   summary  summary, link, short quote; the title for literature and web pages
 *   id       either a link (links.ts) or labels, never both: a link beside labels would tie a person's account to their health
 * Every word of a post passes maskDoses. Proved by test/unit/api/public.test.ts.
 */
import type { SourceKind, State } from '../counts/fold.ts';
import { LITERATURE_PLATFORMS, type Flag, type Platform } from '../model/labels.ts';
import { maskDoses } from '../normalize/mask-doses.ts';
import { showsItems } from '../sources/policy.ts';
import type { PublicPolicy } from '../sources/source.ts';
import type { CitedSource, ClaimRow, EntryRow, SourceRow } from './ledger-reader.ts';
import { safeLink } from './safe-link.ts';

export type PolicyOf = (platform: Platform) => PublicPolicy;

/** Longest quote shown, in UTF-16 units, beyond which it is cut at a space. */
const MAX_QUOTE_CHARS = 280;
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;
/** What is shown at most: words of the post, its link, or nothing but labels. */
const SHOWN: Readonly<Record<State, 'words' | 'link' | 'labels'>> = {
  accepted: 'words',
  amended: 'words',
  pending: 'link',
  noticed: 'link',
  rejected: 'labels',
  superseded: 'labels',
  not_adopted: 'labels',
  withheld: 'labels',
  erased: 'labels',
};
/** A waiting claim is quoted only where nothing is wrong with the quote itself or with the text around it. */
const QUOTABLE: ReadonlySet<string> = new Set<Flag>(['low_confidence', 'changed']);

export interface PublicSource {
  readonly seq: number;
  /** `s12` */
  readonly number: string;
  readonly platform: Platform;
  readonly kind: SourceKind;
  readonly state: State;
  readonly reasons: readonly string[];
  /** Who the state comes from: `machine` = labelled and accepted by the annotator alone. */
  readonly by: 'machine' | 'person' | 'ledger';
  readonly labels: SourceRow['state']['labels'];
  readonly flags: readonly Flag[];
  /** 0 to 1 */
  readonly confidence: number;
  readonly annotator: string;
  readonly record?: string;
  readonly notices: readonly { readonly kind: string; readonly record: string }[];
  /** Studies of this ledger that it points to: outside the chain, proved by nothing. */
  readonly cites?: readonly CitedSource[];
  readonly url?: string;
  readonly title?: string;
  readonly created_at?: string;
  readonly summary?: string;
  readonly text?: string;
}

/** All that a list shows of a source whose platform allows an id only. */
export interface PublicPlatform {
  readonly platform: Platform;
}
export interface PublicLink extends PublicPlatform {
  readonly url: string;
}

export interface PublicClaim {
  readonly seq: number;
  readonly kind: 'main' | 'effect';
  readonly state: State;
  readonly reasons: readonly string[];
  readonly by: 'machine' | 'person' | 'ledger';
  readonly labels: ClaimRow['state']['labels'];
  readonly flags: readonly Flag[];
  readonly confidence: number;
  readonly annotator: string;
  readonly statement?: string;
  readonly quote?: string;
  readonly source: PublicSource;
}

export interface PublicEntry {
  readonly seq: number;
  readonly hash: string;
  /** Every header value is a string, an integer or a list of these. */
  readonly header: Record<string, string | number | (string | number)[]>;
  readonly source?: PublicSource;
  readonly claim?: PublicClaim;
}

export function publicSource(row: SourceRow, policyOf: PolicyOf): PublicSource {
  const { header, state } = row;
  return {
    seq: header.seq,
    number: `s${header.number}`,
    platform: header.platform,
    kind: state.sourceKind,
    state: state.state,
    reasons: state.reasons,
    by: state.by,
    labels: state.labels,
    flags: header.flags,
    confidence: header.confidence_ppm / 1_000_000,
    annotator: header.annotator,
    ...(header.record === undefined ? {} : { record: header.record }),
    notices: state.notices.map(({ kind, record }) => ({ kind, record })),
    ...pickWords(row, policyOf(header.platform)),
  };
}

type Words = Pick<PublicSource, 'cites' | 'url' | 'title' | 'created_at' | 'summary' | 'text'>;

function pickWords({ header, state, content, cites }: SourceRow, policy: PublicPolicy): Words {
  const shown = SHOWN[state.state];
  if (content === undefined || !showsItems(policy) || shown === 'labels') return {};
  const scholarly = LITERATURE_PLATFORMS.includes(header.platform);
  const url = safeLink(content.url);
  // A bibliographic title stays with a retraction: readers must be able to see what was retracted.
  const titled = policy === 'text' || scholarly || header.platform === 'web';
  const title = titled && (shown === 'words' || (scholarly && state.state === 'noticed')) ? content.title : undefined;
  return {
    ...(cites === undefined ? {} : { cites }),
    ...(url === undefined ? {} : { url }),
    ...(content.created_at !== undefined && ISO_TIME.test(content.created_at) ? { created_at: content.created_at } : {}),
    ...(title ? { title: showText(title) } : {}),
    ...(shown === 'words' && content.summary ? { summary: showText(content.summary) } : {}),
    ...(shown === 'words' && policy === 'text' ? { text: showText(content.text) } : {}),
  };
}

/** A source in a list of sources: under policies `id` and `tally` nothing that could be joined to its labels, which is what lists are filtered and paged by. */
export function publicListed(row: SourceRow, policyOf: PolicyOf): PublicSource | PublicPlatform {
  return showsItems(policyOf(row.header.platform)) ? publicSource(row, policyOf) : { platform: row.header.platform };
}

/** Its link without anything else; none where it is set aside. */
export function linkOf({ header, state, content }: SourceRow): PublicLink[] {
  const url = SHOWN[state.state] === 'labels' ? undefined : safeLink(content?.url);
  return url === undefined ? [] : [{ platform: header.platform, url }];
}

export function publicClaim(row: ClaimRow, policyOf: PolicyOf): PublicClaim {
  const { header, state, content } = row;
  const quotable = SHOWN[state.state] === 'words' || (state.state === 'pending' && state.reasons.every((reason) => QUOTABLE.has(reason)));
  const shown = content !== undefined && quotable && showsItems(policyOf(row.source.header.platform)) ? content : undefined;
  return {
    seq: header.seq,
    kind: header.kind,
    state: state.state,
    reasons: state.reasons,
    by: state.by,
    labels: state.labels,
    flags: header.flags,
    confidence: header.confidence_ppm / 1_000_000,
    annotator: header.annotator,
    ...(shown?.statement ? { statement: showText(shown.statement) } : {}),
    ...(shown?.quote ? { quote: shorten(showText(shown.quote)) } : {}),
    source: publicSource(row.source, policyOf),
  };
}

/** Headers are public for ever; content only as its source or claim allows. Notes and questions are not shown. */
export function publicEntry(row: EntryRow, policyOf: PolicyOf): PublicEntry {
  return {
    seq: row.header.seq,
    hash: row.hash,
    header: Object.fromEntries(Object.entries(row.header)) as PublicEntry['header'],
    ...(row.source === undefined ? {} : { source: publicSource(row.source, policyOf) }),
    ...(row.claim === undefined ? {} : { claim: publicClaim(row.claim, policyOf) }),
  };
}

/** Masks doses, and drops control characters and those that turn the direction of the text around them (Unicode UAX #9). */
function showText(text: string): string {
  return maskDoses(text.toWellFormed().replaceAll(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu, ''));
}

function shorten(text: string): string {
  if (text.length <= MAX_QUOTE_CHARS) return text;
  const head = text.slice(0, MAX_QUOTE_CHARS);
  const space = head.lastIndexOf(' ');
  return `${(space > MAX_QUOTE_CHARS / 2 ? head.slice(0, space) : head).toWellFormed().replace(/\ufffd$/, '')} …`;
}
