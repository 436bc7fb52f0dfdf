/**
 * Titles and abstracts as Europe PMC gives them: text with HTML or JATS tags in it, `<h4>Methods</h4>We gave ...`, and signs that may or
 * may not be escaped (`p < 0.05`). Only what is written like a tag is taken for one. Proved by test/unit/sources/europepmc-map.test.ts.
 */
import { decodeEntities } from './xml.ts';

/** A heading, and the paragraph it opens. */
const HEADING = /<(?:jats:)?(?:h[1-6]|title)>([^<>]{0,200})<\/(?:jats:)?(?:h[1-6]|title)>\s*(?:<(?:jats:)?p>)?/gi;
const BLOCK = /<\/?(?:jats:)?(?:p|div|br|li|ul|ol|sec|tr|h[1-6]|title)\s{0,8}\/?>/gi;
/** A name, and attributes only with values: `a <b and c> d` has no tag in it. Lengths are bounded, so that no text takes more than linear time. */
const TAG = /<\/?(?:jats:|mml:)?[a-z][a-z0-9]{0,20}(?:\s{1,8}[\w:-]{1,40}=(?:"[^"<>]{0,500}"|'[^'<>]{0,500}')){0,20}\s{0,8}\/?>/gi;

/** One line. */
export function plainTitle(html: string): string {
  return decodeEntities(html.replace(BLOCK, ' ').replace(TAG, '')).replace(/\s+/g, ' ').trim();
}

/** Sections of a structured abstract are lines `Methods: ...`, as in PubMed's. */
export function plainAbstract(html: string): string {
  const lines = html.replace(HEADING, (_whole, label: string) => `\n${readLabel(label)}`).replace(BLOCK, '\n');
  return decodeEntities(lines.replace(TAG, ''))
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** "Abstract" above an abstract says nothing. */
function readLabel(raw: string): string {
  const label = raw.trim().replace(/[:.]$/, '');
  return label === '' || /^abstract$/i.test(label) ? '' : `${label}: `;
}
