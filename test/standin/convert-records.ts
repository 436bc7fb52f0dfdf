/**
 * PubMed and ClinicalTrials.gov records as the peptide-research-vault project saved them, to the lines that
 * `hearsay import --format ndjson` reads (docs/try-it.md):
 *
 *   npx tsx test/standin/convert-records.ts < peptide_records.jsonl > records.ndjson
 *
 * In: `{kind: pubmed | clinicaltrials, ext_id, title, text}`, where `text` is a saved page: heading lines, abstract or summary,
 * closing lines. What the vault added (its tags, lists of related peptides, the time it was saved) is left out: only what the
 * record itself says may decide which compound it is about. Proved by test/integration/try-it.test.ts.
 */
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const savedSchema = z.object({ kind: z.enum(['pubmed', 'clinicaltrials']), ext_id: z.string(), title: z.string(), text: z.string() });

/** The line before the record's own words, and the first after them. */
const OPENING = /^(?:Abstract|Summary|Content Preview)$/m;
const CLOSING = /^(?:Full Text|Full Trial): /m;

/** @throws Error naming the record whose shape is another. */
export function convertRecord(line: string): string {
  const { kind, ext_id: id, title, text } = savedSchema.parse(JSON.parse(line));
  const opening = OPENING.exec(text);
  const closing = CLOSING.exec(text);
  if (opening === null || closing === null) throw new Error(`${id}: neither abstract nor summary`);
  const head = text.slice(0, opening.index);
  const words = text.slice(opening.index + opening[0].length, closing.index).trim();
  const shared = { platform: kind, title, text: words === 'No abstract available.' ? '' : words };
  return JSON.stringify(
    kind === 'pubmed'
      ? { id: `pmid:${id}`, ...shared, url: `https://pubmed.ncbi.nlm.nih.gov/${id}/`, record: readArticle(id, head) }
      : { id: `nct:${id}`, ...shared, url: `https://clinicaltrials.gov/study/${id}`, record: readTrial(id, head) },
  );
}

function readArticle(pmid: string, head: string): object {
  const [, journal, year] = /^Journal: (.+) \((\d{4})\)$/m.exec(head) ?? [];
  const doi = readField(head, 'DOI');
  return { pmid, ...(doi ? { doi } : {}), ...(journal ? { journal } : {}), ...(year ? { year: Number(year) } : {}) };
}

function readTrial(nct: string, head: string): object {
  const status = readField(head, 'Status');
  const phase = readField(head, 'Phase');
  return { nct, ...(status ? { status } : {}), ...(phase ? { phases: phase.split(/, ?/) } : {}) };
}

function readField(head: string, name: string): string | undefined {
  return new RegExp(`^${name}: (\\S.*)$`, 'm').exec(head)?.[1];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for await (const line of createInterface({ input: process.stdin })) if (line !== '') process.stdout.write(`${convertRecord(line)}\n`);
}
