/**
 * PubMed records to posts. Elements and their meaning: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html.
 * Title and abstract are the text; what annotation needs besides (publication types, MeSH, status, corrections) is the record.
 */
import type { IncomingPost } from '../../model/post.ts';
import type { Refusal } from '../source.ts';
import type { SetElement } from './article-set.ts';
import { fullDateOf, yearOf } from './dates.ts';
import { completeNotices, type Notice, noticeKind } from './notices.ts';
import { dropEmpty, type LooseRecord } from './record.ts';
import { attributeOf, childrenOf, findNode, parseElement, textOf, type XmlNode } from './xml.ts';

type MappedElement = { readonly posts: readonly IncomingPost[] } | { readonly refusal: Refusal };

function pubmedUrl(pmid: string): string {
  return `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`;
}

/** A `<DeleteCitation>` names several records that are gone; the other elements are one record each. */
export function mapElement(element: SetElement, observedAt: string): MappedElement {
  const parsed = parseElement(element.xml);
  if (parsed === undefined) {
    const pmid = /<PMID\b[^>]*>\s*(\d{1,9})\s*</.exec(element.xml)?.[1];
    return { refusal: { code: 'malformed_item', detail: 'the record is not well-formed XML', ...(pmid === undefined ? {} : { item: `pmid:${pmid}` }) } };
  }
  if (element.name === 'DeleteCitation') {
    const pmids = childrenOf(parsed.node, 'PMID').map(textOf).filter(isPmid);
    return {
      posts: pmids.map((pmid) => ({
        platform: 'pubmed',
        nativeId: `pmid:${pmid}`,
        kind: 'record',
        text: '',
        url: pubmedUrl(pmid),
        observedAt,
        absence: 'deleted',
      })),
    };
  }
  return element.name === 'PubmedArticle' ? mapArticle(parsed.node, observedAt) : mapBook(parsed.node, observedAt);
}

function mapArticle(node: XmlNode, observedAt: string): MappedElement {
  const citation = findNode(node, 'MedlineCitation');
  const article = findNode(citation, 'Article');
  const journal = findNode(article, 'Journal');
  const published = findNode(journal, 'JournalIssue', 'PubDate');
  const online = childrenOf(article, 'ArticleDate').find((date) => attributeOf(date, 'DateType') !== 'Print');
  const types = readTexts(findNode(article, 'PublicationTypeList'), 'PublicationType');
  return toPost({
    pmid: textOf(findNode(citation, 'PMID')),
    title: readTitle(article),
    abstract: readAbstract(findNode(article, 'Abstract')) || readAbstract(findNode(citation, 'OtherAbstract')),
    createdAt: fullDateOf(online) ?? fullDateOf(published),
    observedAt,
    record: {
      doi: readDoi(article, node),
      nct: readTrialId(article),
      journal: textOf(findNode(journal, 'Title')) || textOf(findNode(citation, 'MedlineJournalInfo', 'MedlineTA')),
      year: yearOf(published) ?? yearOf(online),
      publication_types: types,
      mesh: childrenOf(findNode(citation, 'MeshHeadingList'), 'MeshHeading')
        .map((heading) => textOf(findNode(heading, 'DescriptorName')))
        .filter((name) => name !== ''),
      medline_status: attributeOf(citation, 'Status'),
      notices: readNotices(citation, types),
    },
  });
}

/** A chapter or a whole book: its own title first, else the book's. */
function mapBook(node: XmlNode, observedAt: string): MappedElement {
  const document = findNode(node, 'BookDocument');
  const book = findNode(document, 'Book');
  const bookTitle = textOf(findNode(book, 'BookTitle'));
  const published = findNode(document, 'ContributionDate') ?? findNode(book, 'PubDate');
  return toPost({
    pmid: textOf(findNode(document, 'PMID')),
    title: textOf(findNode(document, 'ArticleTitle')) || bookTitle,
    abstract: readAbstract(findNode(document, 'Abstract')),
    createdAt: fullDateOf(published),
    observedAt,
    record: {
      doi: readDoi(document, node),
      journal: bookTitle,
      year: yearOf(published) ?? yearOf(findNode(book, 'PubDate')),
      publication_types: readTexts(document, 'PublicationType'),
    },
  });
}

interface Fields {
  readonly pmid: string;
  readonly title: string;
  readonly abstract: string;
  readonly createdAt: string | undefined;
  readonly observedAt: string;
  readonly record: LooseRecord;
}

function toPost({ pmid, title, abstract, createdAt, observedAt, record }: Fields): MappedElement {
  if (!isPmid(pmid)) return { refusal: { code: 'malformed_item', detail: 'the record has no PMID' } };
  if (title === '' && abstract === '') return { refusal: { code: 'missing_text', detail: 'neither title nor abstract', item: `pmid:${pmid}` } };
  const post: IncomingPost = {
    platform: 'pubmed',
    nativeId: `pmid:${pmid}`,
    kind: 'record',
    ...(title === '' ? {} : { title }),
    text: abstract,
    url: pubmedUrl(pmid),
    ...(createdAt === undefined ? {} : { createdAt }),
    observedAt,
    record: dropEmpty({ pmid, ...record }),
  };
  return { posts: [post] };
}

function isPmid(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

function readTexts(node: XmlNode | undefined, name: string): string[] {
  return childrenOf(node, name)
    .map(textOf)
    .filter((text) => text !== '');
}

/** Titles translated by NLM stand in brackets; "[Not Available]." says there is none, then the original one is used. */
function readTitle(article: XmlNode | undefined): string {
  const title = textOf(findNode(article, 'ArticleTitle'));
  const missing = title === '' || /^\[?not available\]?\.?$/i.test(title);
  return missing ? textOf(findNode(article, 'VernacularTitle')) : title;
}

/** Sections of a structured abstract are lines `BACKGROUND: ...`, with the journal's own label. */
function readAbstract(abstract: XmlNode | undefined): string {
  const sections = childrenOf(abstract, 'AbstractText').map((section) => {
    const text = textOf(section);
    const label = attributeOf(section, 'Label');
    return text === '' || label === '' || /^unlabell?ed$/i.test(label) ? text : `${label}: ${text}`;
  });
  return sections.filter((text) => text !== '').join('\n');
}

/** The article's own id list stands beside the citation; ids inside the reference list are other papers'. */
function readDoi(article: XmlNode | undefined, root: XmlNode): string | undefined {
  const located = childrenOf(article, 'ELocationID').filter((id) => attributeOf(id, 'EIdType') === 'doi' && attributeOf(id, 'ValidYN') !== 'N');
  const data = findNode(root, 'PubmedData') ?? findNode(root, 'PubmedBookData');
  const listed = childrenOf(findNode(data, 'ArticleIdList'), 'ArticleId').filter((id) => attributeOf(id, 'IdType') === 'doi');
  return [...located, ...listed].map(textOf).find((doi) => /^10\.\S{1,290}$/.test(doi));
}

function readTrialId(article: XmlNode | undefined): string | undefined {
  return childrenOf(findNode(article, 'DataBankList'), 'DataBank')
    .flatMap((bank) => readTexts(findNode(bank, 'AccessionNumberList'), 'AccessionNumber'))
    .map((id) => id.toUpperCase())
    .find((id) => /^NCT\d{8}$/.test(id));
}

/** `record` is the notice's own PMID, else what PubMed cites it as. */
function readNotices(citation: XmlNode | undefined, types: readonly string[]): Notice[] {
  const notices = childrenOf(findNode(citation, 'CommentsCorrectionsList'), 'CommentsCorrections').flatMap((entry): Notice[] => {
    const kind = noticeKind(attributeOf(entry, 'RefType'));
    if (kind === undefined) return [];
    const pmid = textOf(findNode(entry, 'PMID'));
    return [{ kind, record: isPmid(pmid) ? `pmid:${pmid}` : textOf(findNode(entry, 'RefSource')).slice(0, 200) || 'unknown' }];
  });
  return completeNotices(notices, { types, own: `pmid:${textOf(findNode(citation, 'PMID'))}` });
}
