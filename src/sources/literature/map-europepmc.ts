/**
 * A Europe PMC result (`resultType=core`, `format=json`) to a post. Fields: https://europepmc.org/RestfulWebService, "core".
 * Strict where a silent loss would mislead: a record whose types, headings or corrections have another shape than known is refused, since
 * read as absent it would be a paper without its retraction. Proved by test/unit/sources/europepmc-map.test.ts.
 */
import { z } from 'zod';
import type { IncomingPost } from '../../model/post.ts';
import type { Refusal } from '../source.ts';
import { plainAbstract, plainTitle } from './abstract-html.ts';
import { fullDate } from './dates.ts';
import { completeNotices, type Notice, noticeKind } from './notices.ts';
import { dropEmpty } from './record.ts';

/** One item may stand without its list. */
const oneOrMany = <T extends z.ZodType>(item: T) => z.preprocess((value) => (Array.isArray(value) ? (value as unknown[]) : [value]), z.array(item));
const text = z.string().nullish();
const pmid = z.string().regex(/^\d{1,9}$/);

/**
 * PubMed, PubMed Central alone, preprints, Agricola, Chinese Biological Abstracts, CiteXplore, theses, guidelines, books. Not read: patents
 * (PAT), which claim and do not report, and bare citations (CIT).
 */
export const READ_SOURCES: readonly string[] = ['MED', 'PMC', 'PPR', 'AGR', 'CBA', 'CTX', 'ETH', 'HIR', 'NBK'];

const resultSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/),
  source: z.string().regex(/^[A-Z]{3}$/),
  pmid: pmid.nullish(),
  doi: text,
  title: text,
  abstractText: text,
  pubYear: z.union([z.string(), z.number()]).nullish(),
  pubTypeList: z.object({ pubType: oneOrMany(z.string()) }).nullish(),
  /** As the shorter result types have them. */
  pubType: text,
  journalTitle: text,
  journalInfo: z.object({ journal: z.object({ title: text }).nullish() }).nullish(),
  bookOrReportDetails: z.object({ publisher: text }).nullish(),
  meshHeadingList: z.object({ meshHeading: oneOrMany(z.object({ descriptorName: z.string() })) }).nullish(),
  commentCorrectionList: z.object({ commentCorrection: oneOrMany(z.object({ type: z.string(), source: text, id: text, reference: text })) }).nullish(),
  versionNumber: z.number().nullish(),
  versionList: z.object({ version: oneOrMany(z.object({ id: z.string(), versionNumber: z.number(), firstPublishDate: text })) }).nullish(),
  firstPublicationDate: text,
});
type Result = z.infer<typeof resultSchema>;

export function mapResult(value: unknown, observedAt: string): { readonly post: IncomingPost } | { readonly refusal: Refusal } {
  const parsed = resultSchema.safeParse(value);
  if (!parsed.success) return { refusal: refuseShape(parsed.error, value) };
  const result = parsed.data;
  if (!READ_SOURCES.includes(result.source))
    return { refusal: { code: 'unsupported_item', detail: `records of ${result.source} are not read`, item: `${result.source.toLowerCase()}:${result.id}` } };
  if (result.source === 'MED' && !pmid.safeParse(result.id).success) return { refusal: { code: 'malformed_item', detail: 'the record has no PMID' } };
  const versions = [...(result.versionList?.version ?? [])].sort((a, b) => a.versionNumber - b.versionNumber);
  const identity = identityOf(result, versions[0]?.id);
  const newest = versions.at(-1);
  if (newest !== undefined && result.versionNumber != null && result.versionNumber < newest.versionNumber)
    return { refusal: { code: 'older_version', detail: `version ${result.versionNumber} of ${newest.versionNumber}`, item: identity.nativeId } };

  const title = plainTitle(result.title ?? '');
  const abstract = plainAbstract(result.abstractText ?? '');
  if (title === '' && abstract === '') return { refusal: { code: 'missing_text', detail: 'neither title nor abstract', item: identity.nativeId } };
  const createdAt = fullDate(versions[0]?.firstPublishDate ?? result.firstPublicationDate ?? undefined);
  const post: IncomingPost = {
    ...identity,
    kind: 'record',
    ...(title === '' ? {} : { title }),
    text: abstract,
    ...(createdAt === undefined ? {} : { createdAt }),
    observedAt,
    record: readRecord(result, identity.nativeId),
  };
  return { post };
}

/**
 * A record with a PMID is PubMed's, and is the post that the source `pubmed` makes of it: one paper, one post. Of a preprint every version
 * has an id of its own; the first one's stays, so that a new version is a new revision of the same post.
 */
function identityOf(
  { source, id, pmid: named }: Result,
  firstVersion: string | undefined,
): Pick<IncomingPost, 'platform' | 'url'> & { readonly nativeId: string } {
  const pubmed = named ?? (source === 'MED' ? id : undefined);
  if (pubmed !== undefined) return { platform: 'pubmed', nativeId: `pmid:${pubmed}`, url: `https://pubmed.ncbi.nlm.nih.gov/${pubmed}/` };
  return { platform: 'europepmc', nativeId: `${source.toLowerCase()}:${firstVersion ?? id}`, url: `https://europepmc.org/article/${source}/${id}` };
}

function readRecord(result: Result, nativeId: string): NonNullable<IncomingPost['record']> {
  const types = (result.pubTypeList?.pubType ?? result.pubType?.split(/\s*;\s*/) ?? []).map((type) => type.trim()).filter((type) => type !== '');
  const links = result.commentCorrectionList?.commentCorrection ?? [];
  const notices = links.flatMap((link): Notice[] => {
    const kind = noticeKind(link.type);
    if (kind === undefined) return [];
    return [{ kind, record: pmidOf(link) ?? (plainTitle(link.reference ?? '').slice(0, 200) || 'unknown') }];
  });
  // The journal article a preprint became is the same study: by the article's PMID the two are counted as one record.
  const article = links.filter(({ type }) => /^preprint of$/i.test(type.trim())).flatMap((link) => pmidOf(link) ?? [])[0];
  const own = /^pmid:/.test(nativeId) ? nativeId : article;
  const year = /\b(1[5-9]\d{2}|20\d{2})\b/.exec(String(result.pubYear ?? ''))?.[1];
  return dropEmpty({
    pmid: own?.slice('pmid:'.length),
    doi: /^10\.\S{1,290}$/.test(result.doi ?? '') ? (result.doi ?? undefined) : undefined,
    journal: plainTitle(result.journalInfo?.journal?.title ?? result.journalTitle ?? result.bookOrReportDetails?.publisher ?? ''),
    year: year === undefined ? undefined : Number(year),
    publication_types: types,
    mesh: (result.meshHeadingList?.meshHeading ?? []).map(({ descriptorName }) => descriptorName.trim()).filter((name) => name !== ''),
    notices: completeNotices(notices, { types, own: own ?? nativeId }),
  });
}

function pmidOf(link: { readonly source?: string | null | undefined; readonly id?: string | null | undefined }): string | undefined {
  return link.source === 'MED' && pmid.safeParse(link.id).success ? `pmid:${link.id}` : undefined;
}

/** Names the field, and never repeats what stands in it. */
function refuseShape(error: z.ZodError, value: unknown): Refusal {
  const field = error.issues[0]?.path.slice(0, 3).join('.') || 'the record';
  const named = z.object({ source: resultSchema.shape.source, id: resultSchema.shape.id }).safeParse(value);
  const item = named.success ? { item: `${named.data.source.toLowerCase()}:${named.data.id}` } : {};
  return { code: 'malformed_item', detail: `${field.slice(0, 100)} is missing or of another shape than known`, ...item };
}
