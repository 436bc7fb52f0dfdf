/**
 * Correction notices of a paper, for every source of papers. PubMed names the links between papers `RetractionIn`; Europe PMC, which
 * takes them over, writes `Retraction in`. Elements: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html#commentscorrections.
 */
import type { LiteratureRecord } from '../../model/post.ts';

export type Notice = NonNullable<LiteratureRecord['notices']>[number];

/** Kinds of link that say something is wrong with this paper. Others (comments, updates, `...Of`) do not. */
const KINDS: Readonly<Record<string, Notice['kind']>> = {
  retractionin: 'retraction',
  retractedandrepublishedin: 'retraction',
  partialretractionin: 'concern',
  expressionofconcernin: 'concern',
  erratumin: 'erratum',
  correctedandrepublishedin: 'erratum',
};

/** Publication types that say so without a link. The last two are Europe PMC's: https://blog.europepmc.org/2021/12/transparency-for-preprints.html */
const RETRACTED = /^(?:retracted publication|preprint[ -]withdrawal|preprint[ -]removal)$/i;

export function noticeKind(linkType: string): Notice['kind'] | undefined {
  const name = linkType.replace(/\s+/g, '').toLowerCase();
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
}

/** Each notice once, and the retraction that only a publication type tells: then `own`, the paper's name, is all there is to give. */
export function completeNotices(notices: readonly Notice[], paper: { readonly types: readonly string[]; readonly own: string }): Notice[] {
  const untold = paper.types.some((type) => RETRACTED.test(type)) && !notices.some(({ kind }) => kind === 'retraction');
  const all = untold ? [...notices, { kind: 'retraction' as const, record: paper.own }] : notices;
  return all.filter((notice, index) => all.findIndex((other) => other.kind === notice.kind && other.record === notice.record) === index);
}
