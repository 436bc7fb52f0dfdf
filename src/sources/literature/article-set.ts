/**
 * An efetch answer, `<PubmedArticleSet>`, cut into its elements before any is parsed: one broken record then costs
 * that record, not the two hundred around it.
 */
import { TransientError } from '../../errors.ts';

const ELEMENTS = ['PubmedArticle', 'PubmedBookArticle', 'DeleteCitation'] as const;

export interface SetElement {
  readonly name: (typeof ELEMENTS)[number];
  /** The element's source, from its `<` to its last `>`. */
  readonly xml: string;
}

/** Raises `TransientError` (`unreadable_answer`) for what is not a whole set: a maintenance page, a cut transfer. */
export function splitArticleSet(xml: string): readonly SetElement[] {
  const open = /<PubmedArticleSet\b[^>]*>/.exec(xml);
  if (open === null) throw new TransientError('unreadable_answer', 'PubMed efetch: the answer is no set of articles');
  if (open[0].endsWith('/>')) return [];
  const end = xml.lastIndexOf('</PubmedArticleSet>');
  if (end === -1) throw new TransientError('unreadable_answer', 'PubMed efetch: the answer ends before its end');

  const elements: SetElement[] = [];
  const start = /<(PubmedArticle|PubmedBookArticle|DeleteCitation)(?=[\s/>])[^>]*>/g;
  start.lastIndex = open.index + open[0].length;
  for (let match = start.exec(xml); match !== null && match.index < end; match = start.exec(xml)) {
    const name = match[1] as SetElement['name'];
    const close = match[0].endsWith('/>') ? start.lastIndex : xml.indexOf(`</${name}>`, start.lastIndex);
    // No end of its own: the set goes on, and the parser will refuse what stands between.
    const stop = close === -1 || close > end ? end : match[0].endsWith('/>') ? close : close + name.length + 3;
    elements.push({ name, xml: xml.slice(match.index, stop) });
    start.lastIndex = stop;
  }
  return elements;
}
